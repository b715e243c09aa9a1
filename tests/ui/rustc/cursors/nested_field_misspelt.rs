use connector_http::prelude::*;

#[derive(Record)]
struct Meta {
    updated_at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[cursor(field = meta.update_at)]
struct Order {
    id: u64,
    meta: Meta,
}

fn main() {}
