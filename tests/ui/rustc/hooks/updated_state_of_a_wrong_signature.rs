use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(updated_state = Self::read_up_to)]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(since = "after")]
    version: u64,
}

impl Order {
    fn read_up_to(_page: &Page<'_>) -> Option<u64> {
        None
    }
}

fn main() {}
