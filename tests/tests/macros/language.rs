//! The harder streams: nested fields, three levels, windows, partitions, rules, hooks, credentials by choice.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, unsafe_code, unused_results, trivial_casts)]
#![deny(clippy::pedantic)]
#![allow(clippy::unwrap_used, clippy::unnecessary_wraps, clippy::wildcard_imports)]

mod streams {
    use connector_http::prelude::*;

    #[derive(HttpStream)]
    #[http(path = "users/{config.region}", records = "users", headers("X-V" = 2, "X-R" = config.region), base_url = "https://{config.region}.example.com")]
    #[paginate(offset, param = "offset", size(count = 50, param = "limit"), total = "meta.total", stop(done = true))]
    pub(crate) struct User {
        #[primary_key]
        #[serde(rename = "ID")]
        pub(crate) id: u64,
        #[serde(rename = "Home")]
        pub(crate) home: Box<Address>,
        pub(crate) kind: Kind,
        pub(crate) parents: Vec<User2>,
        pub(crate) net: Option<std::net::IpAddr>,
        #[serde(flatten)]
        pub(crate) more: More,
        pub(crate) r#type: Option<String>,
    }

    #[derive(Record)]
    pub(crate) struct More {
        pub(crate) extra: String,
    }

    #[derive(Record)]
    pub(crate) struct User2 {
        next: Option<Box<User2>>,
        all: Vec<User2>,
    }

    #[derive(Record)]
    #[serde(rename_all = "PascalCase")]
    pub(crate) struct Address {
        pub(crate) city: String,
        pub(crate) zip: Option<String>,
    }

    #[derive(Record)]
    #[serde(rename_all = "lowercase")]
    pub(crate) enum Kind {
        A,
        B,
    }

    #[derive(HttpStream)]
    #[http(path = "users" / parent.id / "x", parent = User, params(city = parent.home.city.to_lowercase(), t = parent.r#type, e = parent.more.extra, r = config.regions.join(","), all = config.regions, both = "{parent.id}-{config.region}", z = parent.home.zip.as_deref().map_or("none", |z| z)))]
    pub(crate) struct Post {
        #[primary_key]
        pub(crate) id: String,
    }

    #[derive(HttpStream)]
    #[http(path = "users" / grandparent.id / "posts" / parent.id, parent = Post, method = POST, body("filter.city" = grandparent.home.city, from = slice.start, to = slice.end.map(|e| e.timestamp()), big = 5_000_000_000, n = config.start.is_some()))]
    #[primary_key(meta.id, day)]
    #[cursor(field = meta.at, start = config.start, since = "since")]
    pub(crate) struct Comment {
        meta: Meta,
        day: NaiveDate,
    }
    #[derive(Record)]
    pub(crate) struct Meta {
        id: u32,
        #[serde(rename = "@at")]
        at: Option<DateTime<Utc>>,
    }

    #[derive(HttpStream)]
    #[http(path = Self::path, params = |_, _| Ok(()), next_page = Self::next, classify = classify, records = Self::parse)]
    pub(crate) struct Odd<T> {
        id: T,
    }
    impl<T> Odd<T> {
        fn path<C>(_: &Cx<'_, C>) -> Result<Path> {
            Ok(Path::from("odd"))
        }
        fn next(_: &Page<'_>) -> Result<Option<PageToken>> {
            Ok(None)
        }
        fn parse(_: &Response<'_>, _: &mut Records<'_>) -> Result<Parsed> {
            Ok(Parsed::Declared)
        }
    }
    fn classify(_: &Answer<'_>) -> Result<Option<Verdict>> {
        Ok(None)
    }

    #[derive(HttpStream)]
    #[http(method = POST, path = "reports" / partition.region, records = "data.*.rows", format = json, misfit = skip, weight = 2)]
    #[http(body(kind = partition.kind, page = partition.number, from = slice.start.timestamp(), to = slice.end.timestamp(), token = page.token))]
    #[paginate(token = "next", body = "cursor", allow_repeats)]
    #[partition(region = config.regions, kind = ["open", "closed"], number = 1..=3)]
    #[on(status = 404, ignore)]
    #[on(status = 500..=599, text = "busy", retry)]
    #[on(body("error.code" = "gone"), header("X-Reason" = config.region), fail = "this account has no API")]
    pub(crate) struct Report {
        #[primary_key]
        id: u64,
        #[cursor(
            start = config.start.unwrap_or(ago(days(30)).date_naive()), end = now(), step = days(30), lookback = hours(1),
            granularity = "PT1S", formats("epoch_millis", "%Y-%m-%d"), format = "%Y-%m-%d", order = ascending, missing = exclude,
            since = "from", until(header = "X-Until"), clamp = month, future = accept, exclusive_start, exclusive_end, client_filter
        )]
        at: DateTime<Utc>,
    }

    pub(crate) trait HasRegion {
        fn region(&self) -> &str;
    }
    #[derive(HttpStream)]
    #[http(config = impl HasRegion, path = "lists/{config.region()}")]
    pub(crate) struct Listing {
        #[primary_key]
        id: i64,
    }
    #[derive(HttpStream)]
    #[http(config = super::Part, path = "lists/{config.a}", params(x = config.a))]
    pub(crate) struct Part2 {
        #[primary_key]
        id: i64,
    }
}

use connector_http::prelude::*;
use streams::*;

/// A part.
#[config]
pub(crate) struct Part {
    /// A.
    a: String,
}

/// How to log in.
#[config]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Login {
    Token { token: Secret },
    Key { key: Secret, name: String },
    OAuth { id: String, secret: Secret },
    Session { user: String, password: Secret },
    Signed { key: Secret },
    Assertion { key: Secret },
    Password { user: String, password: Secret },
    None,
}

/// Rich.
///
/// More of it.
#[source(
    base_url = "https://{config.region}.example.com/",
    auth = match &config.login {
        Login::Token { token } => bearer(token),
        Login::Key { key, name } => header(name, key, prefix = "Key "),
        Login::OAuth { id, secret } => oauth2(url = config.token_url, client_id = id, client_secret = secret, scopes = ["read"], scope_separator = ","),
        Login::Session { user, password } => session("{config.token_url}/login", fields(user = user, password = password), token = "data.token", life_seconds = 3600, sent(header = "X-Token")),
        Login::Signed { key } => jwt(Hs256, key, claims(iss = config.region, aud = "api"), token_headers(kid = "k"), life_seconds = 600),
        Login::Assertion { key } => oauth2(url = config.token_url, assertion = jwt(Rs256, key, claims(iss = config.region)), json),
        Login::Password { user, password } => oauth2(
            url = config.token_url, client_id = "me", password(user, password), basic_client, fields(audience = "api"), headers("X-A" = "b"),
            sent(header = "X-Token"), answer_names("token", "expires", "refresh"), request_names("id", "secret", "token"), keep_access_token("login.secret", "login.id"),
        ),
        Login::None => none(),
    },
    headers("X-Region" = config.region, "X-Two" = 2),
    allowed_hosts("files.example.com"),
    streams(User, Post, Comment, Odd<u64>, Report, Listing, Part2(&config.part)),
    quota(requests = 100, seconds = 60),
    requests_per_host = 8,
    check("user"),
)]
#[on(status = 402, fail = "ask the owner of the account")]
pub(crate) struct Rich {
    region: String,
    regions: Vec<String>,
    #[serde(default)]
    start: Option<NaiveDate>,
    login: Login,
    part: Part,
    token_url: String,
}

impl HasRegion for Rich {
    fn region(&self) -> &str {
        &self.region
    }
}

#[test]
fn nested_fields_have_their_wire_paths() {
    let post = <Post as connector_http::__private::StreamType>::descriptor().parent.unwrap();
    let paths: Vec<String> = post.fields[0].iter().map(|path| path.join(".")).collect();
    assert_eq!(paths, ["ID", "Home.City", "type", "extra", "Home.Zip"]);
    let comment = <Comment as connector_http::__private::StreamType>::descriptor();
    assert_eq!(comment.primary_key, [&["meta", "id"][..], &["day"][..]]);
    assert_eq!(comment.cursor.unwrap().path, ["meta", "@at"]);
    let parents = comment.parent.unwrap().fields;
    assert_eq!(parents[0], [["id"]]);
    assert_eq!(parents[1], [&["ID"][..], &["Home", "City"][..]]);
}
