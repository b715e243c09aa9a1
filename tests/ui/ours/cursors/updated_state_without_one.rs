use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(updated_state = Self::read_up_to)]
struct Order {
    #[primary_key]
    id: u64,
}

impl Order {
    fn read_up_to(_page: &Page<'_>) -> Result<Option<String>> {
        Ok(None)
    }
}

fn main() {}
