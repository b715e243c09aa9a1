//! Whole expansions, as authors get them. `INSTA_UPDATE=always cargo test -p connector-macros` writes them anew; read the diff.

use super::expand;

macro_rules! snapshots {
    ($($name:ident: $source:literal;)+) => { $(
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), expand($source));
        }
    )+ };
}

snapshots! {
    stream_plain: r#"
        /// People with an account.
        #[derive(HttpStream)]
        #[http(name = "users", path = "users", records = "users")]
        struct User {
            #[primary_key]
            id: u64,
            /// As they want to be called.
            name: String,
        }
    "#;
    stream_of_a_parent: r#"
        #[derive(HttpStream)]
        #[http(name = "user_posts", path = "users/{parent.id}/posts", records = "posts", parent = User)]
        struct UserPost {
            #[primary_key]
            id: u64,
            title: String,
        }
    "#;
    stream_of_several_parents: r#"
        #[derive(HttpStream)]
        #[http(path = "{partition.kind}/{parent.number}/comments", parent = [Issue(kind = "issues"), Change(kind = "changes")])]
        struct Comment {
            #[primary_key]
            id: u64,
        }
    "#;
    stream_incremental: r#"
        #[derive(HttpStream)]
        #[http(name = "orders", path = "orders", records = "orders", params(limit = 100))]
        #[paginate(token = "next_page_token", param = "page_token")]
        struct Order {
            #[primary_key]
            id: u64,
            #[cursor(since = "updated_since", start = config.start_date)]
            updated_at: DateTime<Utc>,
            total: Decimal,
        }
    "#;
    stream_three_levels: r#"
        #[derive(HttpStream)]
        #[http(path = "users" / grandparent.id / "posts" / parent.id / "comments", records = "comments", parent = UserPost,
            params(kind = parent.kind, town = grandparent.home.town.to_lowercase(), owner = "{parent.owner.id}:{config.region}"))]
        #[primary_key(author.id, day)]
        struct Comment { author: Author, day: NaiveDate }
    "#;
    stream_of_tables: r#"
        #[derive(HttpStream)]
        #[http(path = "export", csv(delimiter = ";", quote = "'", no_header, skip = config.skip), charset = "windows-1250")]
        struct Row { #[primary_key] id: u64 }
    "#;
    stream_of_reports: r#"
        #[derive(HttpStream)]
        #[http(path = "reports", body(kind = config.kind), format = csv)]
        #[job(created(id = "report.id"), poll(path = "reports/{job.id}", params(account = config.account)), status = "state",
            running("QUEUED"), done("READY"), failed("FAILED"), results = "document",
            download(path = "documents" / job.result, url = "location"), every = seconds(30), within = minutes(20), tries = 2, at_once = 3)]
        struct Report { #[primary_key] id: u64, total: f64 }
    "#;
    stream_posting_its_window: r#"
        #[derive(HttpStream)]
        #[http(path = "reports", records = "data.*.rows", body("filter.kind" = config.kind, from = slice.start.timestamp(), to = slice.end))]
        #[paginate(offset, body = "page.offset", size(count = 50, body = "page.limit"), total = "meta.total")]
        #[cursor(field = meta.at, start = config.start_date)]
        struct Report { #[primary_key] id: u64, meta: Meta }
    "#;
    stream_that_edits_its_records: r#"
        #[derive(HttpStream)]
        #[http(path = "users/{parent.id}/posts", parent = User, filter = record.kind != "draft" && config.drafts)]
        #[add(user_id = parent.id, region = config.region, label = "{record.kind}: {record.meta.title}", read_at = now())]
        #[remove(secret, meta.internal)]
        #[primary_key(user_id, id)]
        struct Post { id: u64, kind: String, secret: String, meta: Meta }
    "#;
    stream_that_transforms_its_records: r#"
        #[derive(HttpStream)]
        #[http(path = "orders", records = "orders")]
        #[paginate(token = (page.count == 100).then_some(record.id), param = "after", stop = response.flag("last"))]
        #[transform(explode = "lines", copy(order_id = "id"), lift("attributes"), keys = snake_case, empty(strings = null), cast, dates("%d/%m/%Y"))]
        struct Line { #[primary_key] id: u64 }
    "#;
    stream_made_of_a_value: r#"
        #[derive(HttpStream)]
        #[http(config = Base, made_of = Table, path = "{config.base}/{stream.id}", schema = Self::columns)]
        struct Row { #[primary_key] id: u64 }
    "#;
    stream_of_variants: r##"
        #[derive(HttpStream)]
        #[http(name = "{variant.kind}_report", path = "reports/{variant.kind}/{config.region}", params(level = variant.level))]
        #[variants(Sales(kind = "sales", level = 1), Returns(kind = "returns", level = 2))]
        pub struct Report { #[primary_key] id: u64 }
    "##;
    stream_with_hooks: r#"
        #[derive(HttpStream)]
        #[http(path = Self::path, params = Self::params, records = Self::parse, next_page = Self::next, classify = own::classify)]
        struct Odd { id: u64 }
    "#;
    stream_generic: r#"
        #[derive(HttpStream)]
        #[http(config = impl HasRegion, path = "lists/{config.region()}", crate = my::reexport)]
        struct Listing<T> { #[primary_key] id: u64, item: T }
    "#;
    record_with_serde_attributes: r#"
        #[derive(Record)]
        #[serde(rename_all = "camelCase")]
        struct Address {
            street_name: String,
            #[serde(rename = "ZIP", alias = "zip", alias = "postcode")]
            zip_code: Option<String>,
            #[serde(default)]
            r#type: Kind,
            #[serde(flatten)]
            meta: Meta,
            #[serde(skip)]
            seen: bool,
            #[serde(deserialize_with = "odd::date")]
            moved_in: NaiveDate,
        }
    "#;
    record_choice: r#"
        #[derive(Record)]
        #[serde(rename_all = "snake_case")]
        enum Kind { Home, #[serde(alias = "job")] WorkPlace, #[serde(skip)] Unseen }
    "#;
    record_with_data: r#"
        #[derive(Record)]
        enum Payment { Card { number: String }, Cash }
    "#;
    record_newtype: r#"
        #[derive(Record)]
        struct Id(u64);
    "#;
    source_plain: r#"
        /// Users, orders and posts of Example.
        #[source(
            name = "source-example",
            base_url = "https://api.example.com/v1/",
            auth = bearer(config.api_token),
            streams(User, Order, UserPost),
        )]
        struct Example {
            /// Token from Settings → API.
            api_token: Secret,
            /// Orders changed before this moment are not read.
            start_date: Option<DateTime<Utc>>,
        }
    "#;
    source_with_choices: r#"
        #[source(
            version = "1.2.0",
            documentation_url = "https://docs.example.com",
            base_url = "https://{config.region}.example.com/v1/",
            auth = match &config.credentials {
                Credentials::Token { token } => bearer(token),
                Credentials::Key { key } => header("X-Key", key, prefix = "Key "),
                Credentials::OAuth { id, secret } => oauth2(url = config.token_url, client_id = id, client_secret = secret, scopes = ["read"]),
            },
            headers("X-Version" = 2),
            allowed_hosts("files.example.com"),
            streams(User, billing::Invoice(&config.billing)),
            check("users"),
            catalog_lock = "catalog.lock.json",
        )]
        struct Example { region: String, credentials: Credentials, token_url: String, billing: billing::Config }
    "#;
    source_that_asks: r#"
        #[source(base_url = "https://api.example.com/", streams(User, Self::tables))]
        struct Base { base: String }
    "#;
    config_choice: r#"
        /// How to log in.
        #[config]
        #[serde(tag = "type")]
        enum Credentials { Token { token: Secret }, Key { key: Secret, name: String } }
    "#;
}
