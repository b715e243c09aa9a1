use connector_http::prelude::*;

struct Table {
    id: String,
}

#[derive(HttpStream)]
#[http(made_of = Table, path = "tables/{stream.id}")]
struct Row {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://api.example.com/", streams = Self::tables)]
struct Example {}

impl Example {
    async fn tables(&self, _: &ApiClient) -> Result<StreamList<Self>> {
        let mut streams = StreamList::new();
        streams.add::<Row>("rows", "table 1".to_owned());
        Ok(streams)
    }
}

fn main() {}
