use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(next_page = Self::mroe)]
struct Order {
    #[primary_key]
    id: u64,
}

impl Order {
    fn more(_page: &Page<'_>) -> Result<Option<PageToken>> {
        Ok(None)
    }
}

fn main() {}
