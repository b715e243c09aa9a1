use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "users", schema = Self::fields)]
struct User {
    #[primary_key]
    id: u64,
}

impl User {
    async fn fields(_: &Example, _: &ApiClient) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[source(base_url = "https://api.example.com/", streams(User))]
struct Example {}

fn main() {}
