//! A real server: [Kinto](https://docs.kinto-storage.org) keeps records in collections of buckets.
//!
//! Buckets and collections are read whole each time, because the records of those that did not change may have changed.

use std::process::ExitCode;

use connector_http::http::Url;
use connector_http::prelude::*;

/// What a Kinto server keeps.
#[source(
    name = "source-kinto",
    documentation_url = "https://docs.kinto-storage.org/en/stable/api/1.x/",
    base_url = config.base_url,
    auth = basic(config.username, config.password),
    streams(Bucket, Collection, Group, Stored, History),
)]
struct Kinto {
    /// Where the API is, such as https://kinto.example.com/v1/.
    base_url: String,
    /// Name of an account that may read all buckets.
    username: String,
    /// Password of that account.
    password: Secret,
}

/// Where collections and groups are.
#[derive(HttpStream)]
#[http(name = "buckets", path = "buckets", records = "data", next_page = self::next_page)]
struct Bucket {
    #[primary_key]
    id: String,
    /// Milliseconds since 1970.
    last_modified: u64,
}

/// Where records are.
#[derive(HttpStream)]
#[http(name = "collections", path = "buckets/{parent.id}/collections", records = "data", parent = Bucket, next_page = self::next_page)]
struct Collection {
    id: String,
    /// Milliseconds since 1970.
    last_modified: u64,
}

/// Accounts that have permissions in common.
#[derive(HttpStream)]
#[http(name = "groups", path = "buckets/{parent.id}/groups", records = "data", parent = Bucket, next_page = self::next_page)]
struct Group {
    id: String,
    /// Names of accounts, as `account:name`.
    members: Vec<String>,
    /// Milliseconds since 1970.
    last_modified: u64,
}

/// The records of all collections. What a collection is for decides which other fields they have.
///
/// The server filters by `_since` exclusively, and has each `last_modified` once in a collection: a second sync brings each
/// change once, and for what was deleted a tombstone.
#[derive(HttpStream)]
#[http(
    name = "records",
    path = "buckets/{grandparent.id}/collections/{parent.id}/records",
    records = "data",
    params(_sort = "last_modified"),
    parent = Collection,
    next_page = self::next_page
)]
struct Stored {
    #[primary_key]
    id: String,
    /// Milliseconds since 1970.
    #[cursor(since = "_since", order = ascending)]
    last_modified: u64,
    /// True in a tombstone, which has no fields but these three.
    deleted: Option<bool>,
}

/// Who changed what.
#[derive(HttpStream)]
#[http(
    name = "history",
    path = "buckets/{parent.id}/history",
    records = "data",
    params(_sort = "last_modified"),
    parent = Bucket,
    next_page = self::next_page
)]
struct History {
    #[primary_key]
    id: String,
    /// Milliseconds since 1970.
    #[cursor(since = "_since", order = ascending)]
    last_modified: u64,
    /// `create`, `update` or `delete`.
    action: String,
    resource_name: String,
    /// Path of what was changed.
    uri: String,
    user_id: String,
    date: DateTime<Utc>,
}

/// The next page's URL is in a header of its own, which the last page lacks.
fn next_page(page: &Page) -> Result<Option<PageToken>> {
    let Some(next) = page.header("Next-Page") else { return Ok(None) };
    let url = Url::parse(next).map_err(|error| {
        Error::new(ErrorKind::Response, format!("`Next-Page` is `{next}`, which is no URL: {error}"))
    })?;
    Ok(Some(PageToken::Url(url)))
}

fn main() -> ExitCode {
    connector_http::run::<Kinto>()
}
