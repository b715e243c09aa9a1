use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "tickets")]
struct Ticket {
    #[primary_key]
    id: u64,
    open: bool,
    #[cursor(since = "since", then(field = open, since = "since_open"))]
    updated_at: DateTime<Utc>,
}

#[source(name = "source-tickets", base_url = "https://api.example.com/", streams(Ticket))]
struct Tickets {}

fn main() {}
