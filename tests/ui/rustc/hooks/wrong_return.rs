use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(next_page = Self::more)]
struct Order {
    #[primary_key]
    id: u64,
}

impl Order {
    fn more(_page: &Page<'_>) -> Option<String> {
        None
    }
}

fn main() {}
