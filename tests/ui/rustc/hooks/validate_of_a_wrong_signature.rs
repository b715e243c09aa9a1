use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "users")]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User), validate = Example::checked)]
struct Example {
    region: Option<String>,
}

fn main() {}

impl Example {
    fn checked(&self) -> bool {
        true
    }
}
