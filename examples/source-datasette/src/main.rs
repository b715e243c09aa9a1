//! A real server: [datasette](https://datasette.io) puts a SQLite database behind a REST API.
//!
//! Pages follow `next_url`; any column filters with `column__gte=`. The order of rows is that of the primary key: sorting by
//! `updated_at` would let rows slip over page borders, because many rows share a moment.

use std::process::ExitCode;

use connector_http::prelude::*;

/// The tables of a customer database.
#[source(
    name = "source-datasette",
    documentation_url = "https://docs.datasette.io/en/stable/json_api.html",
    base_url = config.base_url,
    auth = bearer(config.api_token),
    streams(Company, Contact, OrderLine, Event, BigCompany, OnePage, Empty),
)]
struct Crm {
    /// Address of the database, such as https://data.example.com/crm/.
    base_url: String,
    /// Token of the plugin datasette-auth-tokens.
    api_token: Secret,
    /// Rows changed before this moment are not read, where a table tells when.
    start_date: Option<DateTime<Utc>>,
}

/// Firms we deal with.
#[derive(HttpStream)]
#[http(name = "companies", path = "companies.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct Company {
    #[primary_key]
    id: u64,
    name: String,
    country: Option<String>,
    revenue: Option<f64>,
    founded: NaiveDate,
    #[cursor(since = "updated_at__gte", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

/// People at those firms. The keys are texts with any characters in them.
#[derive(HttpStream)]
#[http(name = "contacts", path = "contacts.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct Contact {
    #[primary_key]
    id: String,
    company_id: Option<u64>,
    email: Option<String>,
    score: i64,
    bio: String,
    /// JSON, as text.
    extra: Option<String>,
    #[cursor(since = "updated_at__gte", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

/// Lines of orders; two columns make the key.
#[derive(HttpStream)]
#[http(name = "order_lines", path = "order_lines.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct OrderLine {
    #[primary_key]
    order_id: String,
    #[primary_key]
    line: u64,
    sku: String,
    qty: u64,
    /// A number, or the text "n/a".
    price: serde_json::Value,
}

/// A log without a key of its own: SQLite's row number is its key.
#[derive(HttpStream)]
#[http(name = "events", path = "events.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct Event {
    #[primary_key]
    rowid: u64,
    /// Milliseconds since 1970.
    ts: i64,
    kind: String,
    payload: Option<String>,
}

/// A view: companies with a revenue above 50,000.
#[derive(HttpStream)]
#[http(name = "big_companies", path = "big_companies.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct BigCompany {
    id: u64,
    name: String,
    revenue: f64,
}

/// A table of exactly one page.
#[derive(HttpStream)]
#[http(name = "one_page", path = "one_page.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct OnePage {
    #[primary_key]
    id: u64,
    v: String,
}

/// A table without rows.
#[derive(HttpStream)]
#[http(name = "empty", path = "empty.json", records = "rows", params(_shape = "objects", _size = 100))]
#[paginate(next_url = "next_url")]
struct Empty {
    #[primary_key]
    id: u64,
    v: String,
}

fn main() -> ExitCode {
    connector_http::run::<Crm>()
}
