//! A sub-stream: the posts are asked for user by user, with the id of each user in the path.

use std::process::ExitCode;

use connector_http::prelude::*;

/// The users of an example API and what they wrote.
#[source(
    name = "source-posts",
    documentation_url = "https://docs.rs/connector-http",
    base_url = config.base_url,
    auth = bearer(config.api_token),
    streams(User, UserPost),
)]
struct Posts {
    /// Where the API is, such as https://api.example.com/v1/.
    base_url: String,
    /// Token from Settings → API.
    api_token: Secret,
}

/// People with an account. Fields that are not named here leave with the others.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "users")]
struct User {
    #[primary_key]
    id: u64,
    name: String,
    email: String,
    created_at: DateTime<Utc>,
}

/// What they wrote.
#[derive(HttpStream)]
#[http(name = "user_posts", path = "users/{parent.id}/posts", records = "posts", parent = User)]
struct UserPost {
    #[primary_key]
    id: u64,
    /// Who wrote it.
    user_id: u64,
    title: String,
    body: String,
    updated_at: DateTime<Utc>,
}

fn main() -> ExitCode {
    connector_http::run::<Posts>()
}
