//! OAuth2: a refresh token buys access tokens at a token endpoint, again when one expires.

use std::process::ExitCode;

use connector_http::prelude::*;

/// The orders of an example API that wants OAuth2.
#[source(
    name = "source-oauth",
    documentation_url = "https://docs.rs/connector-http",
    base_url = config.base_url,
    auth = oauth2(
        url = config.token_refresh_endpoint,
        client_id = config.client_id,
        client_secret = config.client_secret,
        refresh_token = config.refresh_token,
    ),
    streams(Order),
)]
struct Shop {
    /// Where the API is, such as https://api.example.com/v1/.
    base_url: String,
    /// Where access tokens are issued, such as https://auth.example.com/oauth/token.
    token_refresh_endpoint: String,
    /// The id of your application.
    client_id: String,
    /// The secret of your application.
    client_secret: Secret,
    /// What the user's consent gave you.
    refresh_token: Secret,
}

/// What was bought.
#[derive(HttpStream)]
#[http(name = "orders", path = "orders", records = "orders", params(limit = 100))]
#[paginate(token = "next_page_token", param = "page_token")]
struct Order {
    #[primary_key]
    id: u64,
    /// Who bought it.
    user_id: u64,
    amount: Decimal,
    /// ISO 4217.
    currency: String,
    status: String,
    #[cursor(since = "updated_since")]
    updated_at: DateTime<Utc>,
}

fn main() -> ExitCode {
    connector_http::run::<Shop>()
}
