use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "rows", field_list(param = "fields", names = Self::names))]
struct Row {
    #[primary_key]
    id: u64,
}

impl Row {
    async fn names(_: &Example, _: &ApiClient) -> Result<Vec<u64>> {
        Ok(Vec::new())
    }
}

#[source(base_url = "https://example.com", streams(Row))]
struct Example {
    token: Secret,
}

fn main() {}
