use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[config]
#[serde(tag = "type")]
enum Credentials {
    OAuth { refresh_token: Secret },
}

#[source(base_url = "https://example.com", streams(User), auth = oauth2(url = "https://example.com/token", refresh_token = config.token, keep_refresh_token = "credentials.refesh_token"))]
struct Example {
    token: Secret,
    credentials: Credentials,
}

fn main() {}
