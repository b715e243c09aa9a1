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

#[source(base_url = "https://example.com", streams(User), advanced_auth(consent_url = "https://example.com/a", access_token_url = "https://example.com/t", client_id = "token", client_secret = "tokn", output(refresh_token = "credentials.refresh_token")))]
struct Example {
    token: Secret,
    credentials: Credentials,
}

fn main() {}
