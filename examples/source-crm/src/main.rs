//! A real server behind OAuth2: companies, contacts, deals and notes of a [json-server](https://github.com/typicode/json-server).
//!
//! Pages follow the `Link` header. `updatedAt_gte` filters; it compares texts, so the cursor goes back as it came.

use std::process::ExitCode;

use connector_http::prelude::*;

/// A customer database behind OAuth2.
#[source(
    name = "source-crm",
    documentation_url = "https://github.com/typicode/json-server/tree/v0",
    base_url = config.base_url,
    auth = match &config.credentials {
        Credentials::Application { client_id, client_secret } => oauth2(
            url = config.token_url,
            client_id = client_id,
            client_secret = client_secret,
            scopes = ["api:read"],
        ),
        Credentials::ApplicationBasic { client_id, client_secret } => oauth2(
            url = config.token_url,
            client_id = client_id,
            client_secret = client_secret,
            scopes = ["api:read"],
            basic_client,
        ),
        Credentials::User { client_id, client_secret, refresh_token } => oauth2(
            url = config.token_url,
            client_id = client_id,
            client_secret = client_secret,
            refresh_token = refresh_token,
            keep_refresh_token = "credentials.refresh_token",
        ),
    },
    streams(Company, Contact, Deal, Note, Exact, Nothing, CompanyNote),
    catalog_lock = "catalog.lock.json",
)]
struct Crm {
    /// Where the API is, such as https://crm.example.com/.
    base_url: String,
    /// Where access tokens are issued, such as https://login.example.com/token.
    token_url: String,
    /// Who asks.
    credentials: Credentials,
    /// Rows changed before this moment are not read.
    start_date: Option<DateTime<Utc>>,
}

/// Who asks.
#[config]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Credentials {
    /// An application, on its own behalf.
    Application {
        /// The application's id.
        client_id: String,
        /// The application's secret.
        client_secret: Secret,
    },
    /// An application that proves itself by basic authentication.
    ApplicationBasic {
        /// The application's id.
        client_id: String,
        /// The application's secret.
        client_secret: Secret,
    },
    /// An application on behalf of a user. The refresh token can be used once; each sync leaves a new one here.
    User {
        /// The application's id.
        client_id: String,
        /// The application's secret.
        client_secret: Secret,
        /// What the user's consent gave you, or what the last sync put here.
        refresh_token: Secret,
    },
}

/// Firms we deal with.
#[derive(HttpStream)]
#[http(name = "companies", path = "companies", params(_page = 1, _limit = 100))]
#[paginate(link)]
struct Company {
    #[primary_key]
    id: u64,
    name: String,
    address: Option<Address>,
    #[serde(rename = "updatedAt")]
    #[cursor(since = "updatedAt_gte", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

#[derive(Record)]
struct Address {
    city: String,
    geo: Geo,
}

#[derive(Record)]
struct Geo {
    lat: f64,
    lng: f64,
}

/// People at those firms.
#[derive(HttpStream)]
#[http(name = "contacts", path = "contacts", params(_page = 1, _limit = 100))]
#[paginate(link)]
#[serde(rename_all = "camelCase")]
struct Contact {
    #[primary_key]
    id: u64,
    company_id: u64,
    email: Option<String>,
    tags: Vec<String>,
    phone: Option<String>,
    #[cursor(since = "updatedAt_gte", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

/// What we sell them.
#[derive(HttpStream)]
#[http(name = "deals", path = "deals", params(_page = 1, _limit = 100))]
#[paginate(link)]
#[serde(rename_all = "camelCase")]
struct Deal {
    #[primary_key]
    id: String,
    contact_id: u64,
    /// A decimal number, as text.
    amount: String,
    closed_at: Option<DateTime<Utc>>,
    stages: Vec<Stage>,
    #[cursor(since = "updatedAt_gte", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

#[derive(Record)]
struct Stage {
    name: String,
    at: DateTime<Utc>,
}

/// What was said.
#[derive(HttpStream)]
#[http(name = "notes", path = "notes", params(_page = 1, _limit = 100))]
#[paginate(link)]
#[serde(rename_all = "camelCase")]
struct Note {
    #[primary_key]
    id: u64,
    company_id: u64,
    text: String,
    #[cursor(since = "updatedAt_gte", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

/// A table of exactly one page: its `Link` header is empty.
#[derive(HttpStream)]
#[http(name = "exact", path = "exact", params(_page = 1, _limit = 100))]
#[paginate(link)]
struct Exact {
    #[primary_key]
    id: u64,
    v: u64,
}

/// A table without rows.
#[derive(HttpStream)]
#[http(name = "none", path = "none", params(_page = 1, _limit = 100))]
#[paginate(link)]
struct Nothing {
    #[primary_key]
    id: u64,
}

/// The notes once more, asked for company by company in pages of five.
#[derive(HttpStream)]
#[http(name = "notes_of_companies", path = "companies/{parent.id}/notes", params(_page = 1, _limit = 5), parent = Company)]
#[paginate(link)]
#[serde(rename_all = "camelCase")]
struct CompanyNote {
    #[primary_key]
    id: u64,
    company_id: u64,
    text: String,
    updated_at: DateTime<Utc>,
}

fn main() -> ExitCode {
    connector_http::run::<Crm>()
}
