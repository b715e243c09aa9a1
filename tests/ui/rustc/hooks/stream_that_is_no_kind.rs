use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "users")]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://api.example.com/", streams = Self::all)]
struct Example {}

impl Example {
    async fn all(&self, _: &ApiClient) -> Result<StreamList<Self>> {
        let mut streams = StreamList::new();
        streams.add::<User>("users", ());
        Ok(streams)
    }
}

fn main() {}
