use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "tickets")]
struct Ticket {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", then(since = "since_id"))]
    updated_at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "calls")]
struct Call {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", then(field = id, until = "until_id"))]
    updated_at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "visits")]
struct Visit {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", then(field = updated_at))]
    updated_at: DateTime<Utc>,
}

#[source(name = "source-tickets", base_url = "https://api.example.com/", streams(Ticket, Call, Visit))]
struct Tickets {}

fn main() {}
