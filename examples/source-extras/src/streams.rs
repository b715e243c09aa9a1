//! The streams: the same items by six kinds of pages, a stream in windows, and comments of posts of users.

use connector_http::prelude::*;

/// Items, with the next page's token in the body.
#[derive(HttpStream)]
#[http(name = "items_cursor", path = "items/cursor", records = "items")]
#[paginate(token = "next_page_token", param = "page_token")]
pub(crate) struct ItemCursor {
    #[primary_key]
    id: u64,
    value: String,
}

/// Items, by page number.
#[derive(HttpStream)]
#[http(name = "items_page", path = "items/page", records = "items")]
#[paginate(pages, param = "page", size(count = 10, param = "per_page"), total_pages = "total_pages")]
pub(crate) struct ItemPage {
    #[primary_key]
    id: u64,
    value: String,
}

/// Items, by offset.
#[derive(HttpStream)]
#[http(name = "items_offset", path = "items/offset", records = "items")]
#[paginate(offset, param = "offset", size(count = 10, param = "limit"), total = "total")]
pub(crate) struct ItemOffset {
    #[primary_key]
    id: u64,
    value: String,
}

/// Items, with the next page's URL in the `Link` header and the records at the root.
#[derive(HttpStream)]
#[http(name = "items_link", path = "items/link")]
#[paginate(link)]
pub(crate) struct ItemLink {
    #[primary_key]
    id: u64,
    value: String,
}

/// Items, with the next page's URL in the body.
#[derive(HttpStream)]
#[http(name = "items_nexturl", path = "items/nexturl", records = "items")]
#[paginate(next_url = "next")]
pub(crate) struct ItemNextUrl {
    #[primary_key]
    id: u64,
    value: String,
}

/// Items, asked for by POST, until a flag says that there are no more.
#[derive(HttpStream)]
#[http(name = "items_post", path = "items/post", method = POST, records = "items")]
#[paginate(offset, body = "offset", size(count = 10, body = "limit"), stop(more = false))]
pub(crate) struct ItemPost {
    #[primary_key]
    id: u64,
    value: String,
}

/// Records of a time, asked for thirty days at once; what lies on a window's end belongs to the next.
#[derive(HttpStream)]
#[http(name = "windows", path = "windows", records = "data")]
#[paginate(token = "next_page_token", param = "page_token")]
pub(crate) struct Window {
    #[primary_key]
    id: u64,
    #[cursor(since = "start", until = "end", start = "2024-01-01T00:00:00Z", step = days(30), exclusive_end)]
    created_at: DateTime<Utc>,
    value: f64,
}

/// People with an account.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "users")]
pub(crate) struct User {
    #[primary_key]
    id: u64,
    name: String,
}

/// What they wrote.
#[derive(HttpStream)]
#[http(name = "user_posts", path = "users" / parent.id / "posts", records = "posts", parent = User)]
pub(crate) struct Post {
    #[primary_key]
    id: u64,
    title: String,
}

/// What others said about it.
#[derive(HttpStream)]
#[http(name = "comments", path = "users" / grandparent.id / "posts" / parent.id / "comments", records = "comments", parent = Post)]
pub(crate) struct Comment {
    #[primary_key]
    id: u64,
    post_id: u64,
    text: String,
}
