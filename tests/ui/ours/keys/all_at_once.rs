use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(nme = "orders", path = "orders/{id}", params(region = config., limit = 2 page = 3), method = GOT)]
#[paginate(token = "next", sise(count = 10))]
struct Order {
    #[primary_key]
    id: Option<u64>,
    #[cursor(sinc = "since")]
    at: DateTime<Utc>,
}

fn main() {}
