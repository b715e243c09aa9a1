//! The attributes of a stream, and the words of others for their keys.

use super::job::JOB;
use super::{Attribute, Bare, Key, Shape, TRANSFORM};

pub(super) const fn key(
    name: &'static str,
    shape: Shape,
    doc: &'static str,
    default: &'static str,
    example: &'static str,
) -> Key {
    Key { name, shape, doc, default, example, several: false }
}

/// A key that may be given several times.
pub(super) const fn several(key: Key) -> Key {
    Key { several: true, ..key }
}

pub(super) const CRATE: Key = key(
    "crate",
    Shape::Module,
    "The path of `connector_http`, where it is renamed or re-exported.",
    "`::connector_http`",
    "crate = my::reexport",
);

/// The attributes that stand on a stream's struct or on its fields.
pub(crate) const STREAM_ATTRIBUTES: &[&Attribute] =
    &[&HTTP, &PAGINATE, &JOB, &PRIMARY_KEY, &CURSOR, &PARTITION, &TRANSFORM, &VARIANTS, &ADD, &REMOVE, &ON];

/// The names that other frameworks, or the trait's methods, have for our keys: attribute, their name, ours.
const SYNONYMS: &[(&str, &str, &str)] = &[
    ("http", "request_params", "params"),
    ("http", "query", "params"),
    ("http", "request_headers", "headers"),
    ("http", "request_body", "body"),
    ("http", "json", "body"),
    ("http", "parse_response", "records"),
    ("http", "data_path", "records"),
    ("http", "next_page_token", "next_page"),
    ("http", "should_retry", "classify"),
    ("http", "stream_slices", "partitions"),
    ("http", "url", "path"),
    ("http", "incremental_dependency", "incremental"),
    ("http", "distinct", "drop_duplicates"),
    ("http", "unique", "drop_duplicates"),
    ("http", "url_base", "base_url"),
    ("http", "verb", "method"),
    ("http", "encoding", "charset"),
    ("http", "decoder", "format"),
    ("csv", "separator", "delimiter"),
    ("csv", "skip_lines", "skip"),
    ("source", "url_base", "base_url"),
    ("source", "url", "base_url"),
    ("source", "authenticator", "auth"),
    ("paginate", "per_page", "size"),
    ("paginate", "limit", "size"),
    ("paginate", "page_size", "size"),
    ("paginate", "cursor", "token"),
    ("paginate", "page", "pages"),
    ("paginate", "next", "next_url"),
    ("job", "create", "created"),
    ("job", "polling", "poll"),
    ("job", "timeout", "within"),
    ("job", "urls", "results"),
    ("job", "url", "results"),
    ("job", "expired", "failed"),
    ("job", "completed", "done"),
    ("transform", "unnest", "lift"),
    ("transform", "flatten_fields", "lift"),
    ("transform", "key_case", "keys"),
    ("transform", "schema_normalization", "cast"),
    ("cursor", "from", "since"),
    ("cursor", "window", "step"),
    ("cursor", "start_date", "start"),
];

/// What another framework's name for a key is called here.
pub(crate) fn synonym(attribute: &str, name: &str) -> Option<&'static str> {
    SYNONYMS.iter().find(|(of, theirs, _)| *of == attribute && *theirs == name).map(|(_, _, ours)| *ours)
}

/// `#[variants(…)]`.
pub(crate) const VARIANTS: Attribute = Attribute {
    name: "variants",
    place: "a stream's struct",
    doc: "The struct describes several streams, which differ in a few values. Each variant is a struct of its own, with these fields and \
        attributes; it is listed and named by its name. Where an attribute says `variant.kind`, or a string in one `{variant.kind}`, \
        the variant's literal stands.",
    example: r#"#[variants(Sales(kind = "s", day = 1), Returns(kind = "r", day = 2))]"#,
    open: true,
    bare: Bare::No,
    keys: &[],
};

const ENCODING: &[Key] = &[
    key(
        "keep",
        Shape::Text,
        "Characters that stay as they are; `%` for values that are encoded already.",
        "`*-._`, letters and digits",
        r#"keep = "(),:""#,
    ),
    key("spaces", Shape::Choice(&["plus", "percent"]), "A space is `+` or `%20`.", "`plus`", "spaces = percent"),
];

/// `#[http(…)]`.
pub(crate) const HTTP: Attribute = Attribute {
    name: "http",
    place: "a stream's struct",
    doc: "What the stream asks for, and where the answer has its records.",
    example: r#"#[http(path = "users", records = "users")]"#,
    open: false,
    bare: Bare::No,
    keys: &[
        key("name", Shape::Text, "The stream's name.", "the struct's name in snake_case", r#"name = "users""#),
        key("namespace", Shape::Text, "The namespace of the stream's records.", "none", r#"namespace = "sales""#),
        key(
            "path",
            Shape::Path,
            "The path under the base URL. Values in it are percent-encoded, so that each stays one segment. A long one is written as a chain.",
            "the stream's name",
            r#"path = "users/{parent.id}/posts""#,
        ),
        key(
            "base_url",
            Shape::Value,
            "Another base URL than the source's, for this stream.",
            "the source's",
            r#"base_url = "https://files.example.com/""#,
        ),
        key(
            "method",
            Shape::Choice(&["GET", "POST", "PUT", "PATCH"]),
            "The request's method.",
            "`GET`; `POST` with a body",
            "method = POST",
        ),
        key(
            "params",
            Shape::Values,
            "Query parameters. An option that is none is left out; a list is repeated.",
            "none",
            r#"params(limit = 100, "page[size]" = config.size)"#,
        ),
        key(
            "headers",
            Shape::Values,
            "Request headers; options and lists as in `params`.",
            "none",
            r#"headers("X-Version" = 2)"#,
        ),
        key(
            "body",
            Shape::Values,
            "Fields of a JSON body; a dotted name makes the objects on its way.",
            "no body",
            r#"body("filter.status" = config.statuses, limit = 100)"#,
        ),
        key(
            "form",
            Shape::Values,
            "Fields of a form, `application/x-www-form-urlencoded`.",
            "no body",
            r#"form(kind = "open")"#,
        ),
        key(
            "records",
            Shape::Path,
            "Where the records are in the body, by dotted path; `*` is each element of a list or each value of an object. In brackets several: those count that a body has. A placeholder of the `partition`, of a `parent` or the `slice` is one step. Or a function over the response.",
            "the body itself",
            r#"records = "data.items""#,
        ),
        key(
            "records_optional",
            Shape::Flag,
            "A body without the records' path, or with null there, is a page without records.",
            "an error",
            "records_optional",
        ),
        key(
            "format",
            Shape::Choice(&["json", "json_lines", "csv", "tsv", "xml"]),
            "The format of the bodies, be they packed with gzip or zip or not.",
            "as the content type says, or JSON",
            "format = csv",
        ),
        key(
            "csv",
            Shape::Keys(CSV),
            "The format is a table in text of another kind than `format = csv`.",
            "commas, double quotes, a header line",
            r#"csv(delimiter = ";")"#,
        ),
        key(
            "charset",
            Shape::Text,
            "The character set of the bodies, whatever their headers say. Others than UTF-8, UTF-16 and Latin-1 want the cargo feature `charsets`.",
            "as the headers say",
            r#"charset = "windows-1252""#,
        ),
        key(
            "graphql",
            Shape::Text,
            "A GraphQL query. Its variables are given as `body(\"variables.first\" = 100)`; `errors` in an answer fail the stream.",
            "none",
            r#"graphql = "{ users { id } }""#,
        ),
        key(
            "filter",
            Shape::Value,
            "A record is kept if this is true. It may read fields of the `record`; what it leaves out is counted as filtered.",
            "all are kept",
            r#"filter = record.kind != "draft""#,
        ),
        key(
            "misfit",
            Shape::Choice(&["keep", "null", "skip", "fail"]),
            "What is done about a record that does not fit its struct.",
            "`keep`: it is passed on and counted",
            "misfit = fail",
        ),
        key(
            "unchecked",
            Shape::Flag,
            "Records are not compared with their struct. Where nothing else needs their values (no cursor, no sub-streams, no fields added or removed), they are only cut out of the body: brackets, strings and UTF-8 are looked at, not the JSON between them, and a key given twice is not noticed.",
            "they are",
            "unchecked",
        ),
        key(
            "drop_duplicates",
            Shape::Flag,
            "A record whose primary key was met before in the sync is dropped and counted; with a cursor only if it has the same cursor value, too. Costs at most 40 bytes a key.",
            "all are emitted",
            "drop_duplicates",
        ),
        key(
            "deletions",
            Shape::Flag,
            "In an incremental sync all records are read, and those of the sync before that are gone are told: their primary key and `_ab_cdc_deleted_at`. The keys are in the state, about 5 bytes each for ids of 8 digits.",
            "nothing is told",
            "deletions",
        ),
        key(
            "remembered_keys",
            Shape::Value,
            "How many keys `drop_duplicates` and `deletions` may remember; more fail the stream.",
            "1,000,000",
            "remembered_keys = 5_000_000",
        ),
        key("auth", Shape::Auth, "Credentials of this stream's own.", "the source's", "auth = none()"),
        key(
            "enabled",
            Shape::Value,
            "Whether the stream is read: one that is switched off has no records, and says so.",
            "it is",
            "enabled = config.with_reports",
        ),
        key(
            "encoding",
            Shape::Keys(ENCODING),
            "How values are written in the query, where an API has rules of its own.",
            "as in a form",
            r#"encoding(keep = "(),:", spaces = percent)"#,
        ),
        key("weight", Shape::Value, "What a request costs of the source's quota.", "1", "weight = 5"),
        key(
            "parent",
            Shape::Type,
            "The stream whose records this one is read for, once for each.",
            "none",
            "parent = User",
        ),
        key(
            "incremental",
            Shape::Flag,
            "The parent is read incrementally for this stream: a sync visits the parents that changed since the last one. A change below a parent that does not change the parent itself is not seen.",
            "every parent is visited",
            "incremental",
        ),
        key(
            "group",
            Shape::Value,
            "The stream is read once for so many records of its parent: `parent.id` is the list of their ids then, sent as one text by `parent.id.join(\",\")`. With a cursor all groups share one state: `#[cursor(global)]`.",
            "once for each record",
            "group = 50",
        ),
        key(
            "given",
            Shape::Values,
            "The values of the parent's field that this stream uses, where the config has any: the parent is not read then.",
            "the parent's records have them",
            "given(id = config.user_ids)",
        ),
        key(
            "config",
            Shape::Type,
            "The config that the stream's values read; `impl Trait` in a library's streams.",
            "the config of the source that lists the stream",
            "config = Example",
        ),
        key(
            "made_of",
            Shape::Type,
            "The struct is a kind of streams: a function in the source's `streams` makes one of each value that it finds. The values of requests and records read it as `stream`.",
            "a stream of its own",
            "made_of = Table",
        ),
        key(
            "schema",
            Shape::Function,
            "A function that asks the API for further fields of the schema, such as the custom fields of an account. Called by `discover` only.",
            "the struct's fields",
            "schema = Self::custom_fields",
        ),
        key(
            "next_page",
            Shape::Function,
            "A function that names the next page.",
            "as `#[paginate]` says",
            "next_page = Self::next_page",
        ),
        key(
            "partitions",
            Shape::Function,
            "A function over the config that makes the partitions.",
            "as `#[partition]` or `parent` says",
            "partitions = Self::partitions",
        ),
        key(
            "classify",
            Shape::Function,
            "A function that tells what an answer means: success, retry, ignore, fail.",
            "the rules and the default table",
            "classify = Self::classify",
        ),
        CRATE,
    ],
};

/// What tables in text differ in.
const CSV: &[Key] = &[
    key("delimiter", Shape::Text, "What separates the values.", "`,`", r#"delimiter = "\t""#),
    key(
        "quote",
        Shape::Text,
        "What stands around a value that has delimiters or line ends in it.",
        "`\"`",
        r#"quote = "'""#,
    ),
    key("no_quotes", Shape::Flag, "Quotes mean nothing.", "", "no_quotes"),
    key(
        "no_header",
        Shape::Flag,
        "No line names the columns: they are the struct's fields, in their order.",
        "the first line names them",
        "no_header",
    ),
    key("skip", Shape::Value, "So many lines stand before the table.", "0", "skip = 2"),
];

// Where a paginator's values go: the same three words everywhere.
const PARAM: Key = key("param", Shape::Text, "Sends it as this query parameter.", "", r#"param = "page_token""#);
const HEADER: Key = key("header", Shape::Text, "Sends it as this header.", "", r#"header = "X-Page""#);
const BODY: Key =
    key("body", Shape::Text, "Sends it as this field of the body, by dotted path.", "", r#"body = "page.after""#);

const SIZE: &[Key] = &[
    key("count", Shape::Value, "Records a page.", "", "count = 100"),
    PARAM,
    HEADER,
    BODY,
    key("unsent", Shape::Flag, "The server's pages have this size without being asked.", "", "unsent"),
];

const START: Key =
    key("start", Shape::Value, "The number that the first page has.", "1 for `pages`, 0 for `offset`", "start = 0");

/// `#[paginate(…)]`.
pub(crate) const PAGINATE: Attribute = Attribute {
    name: "paginate",
    place: "a stream's struct",
    doc: "How its pages follow each other: what names the next page, where that is sent, and when it ends.",
    example: r#"#[paginate(token = "next_page_token", param = "page_token")]"#,
    open: false,
    bare: Bare::No,
    keys: &[
        key(
            "token",
            Shape::TextOr,
            "The next page's token, at this path of the body; or an expression that computes it, in which none is the end. It may read the `page` (`number` from 1, `count` of its records, `total` of the records so far, `token`), the `response` (`text(\"path\")`, `integer(\"path\")`, `flag(\"path\")`, `header(\"name\")`, `param_of(\"path of a URL\", \"name\")`) and the page's last `record`; one without records ends then, and so does a number after an empty page.",
            "",
            r#"token = (page.count == 100).then_some(record.id)"#,
        ),
        key(
            "token_header",
            Shape::Text,
            "The next page's token, in this response header.",
            "",
            r#"token_header = "X-Next""#,
        ),
        key(
            "last_record",
            Shape::Text,
            "The next page's token is this value of the page's last record.",
            "",
            r#"last_record = "id""#,
        ),
        key(
            "next_url",
            Shape::TextOr,
            "The next page's URL, at this path of the body; or an expression, as for `token`.",
            "",
            r#"next_url = "links.next""#,
        ),
        key("link", Shape::Flag, "The next page's URL, in the `Link` header (RFC 8288).", "", "link"),
        key("pages", Shape::Flag, "Page numbers that count up; ends at a short or an empty page.", "", "pages"),
        key(
            "offset",
            Shape::Flag,
            "The number of records read so far; ends at a short or an empty page.",
            "",
            "offset",
        ),
        PARAM,
        HEADER,
        BODY,
        START,
        key(
            "size",
            Shape::Keys(SIZE),
            "The page size, and where it is sent.",
            "not sent",
            r#"size(count = 100, param = "limit")"#,
        ),
        key(
            "stop",
            Shape::Conditions,
            "Ends when the body's value at a path is this; or at a condition, which may read what `token` may.",
            "",
            r#"stop = response.integer("page") >= response.integer("pages")"#,
        ),
        key(
            "total",
            Shape::Text,
            "Ends when as many records were read as the body says at this path.",
            "",
            r#"total = "meta.total""#,
        ),
        key(
            "total_pages",
            Shape::Text,
            "Ends after the page that the body numbers as the last at this path.",
            "",
            r#"total_pages = "meta.pages""#,
        ),
        key(
            "first_only",
            Shape::Texts,
            "Query parameters, or fields of the body, that only the first request of a slice has.",
            "all have them",
            r#"first_only("updated_since", "filter.status")"#,
        ),
        key(
            "reset_after",
            Shape::Value,
            "The API pages through so many records at most: behind them the slice begins anew at the cursor value that was reached. The cursor is `order = ascending`; records of that value come twice.",
            "",
            "reset_after = 10_000",
        ),
        key("not_on_first", Shape::Flag, "Leaves page number or offset out of the first request.", "", "not_on_first"),
        key(
            "sequential",
            Shape::Flag,
            "Asks for one page after the other, also where `total` or `total_pages` tells how many there are.",
            "numbered pages are fetched side by side then, within `requests_per_host`",
            "sequential",
        ),
        key(
            "allow_repeats",
            Shape::Flag,
            "A token, or a page, may come again within a slice.",
            "a repeat is an error",
            "allow_repeats",
        ),
    ],
};

/// `#[primary_key]`.
pub(crate) const PRIMARY_KEY: Attribute = Attribute {
    name: "primary_key",
    place: "a field, or with field paths the struct",
    doc: "The field, or fields, that identify a record. On the struct it names nested fields: `#[primary_key(account.id, day)]`.",
    example: "#[primary_key]",
    open: false,
    bare: Bare::Fields,
    keys: &[],
};

/// Where a value goes: the same three words everywhere.
pub(crate) const PLACES: &[Key] = &[PARAM, HEADER, BODY];

/// `#[cursor(…)]`.
pub(crate) const CURSOR: Attribute = Attribute {
    name: "cursor",
    place: "a field, or with `field` the struct",
    doc: "The field that tells what is new, and how its bounds are asked for. A length of time is `months(1)`, `weeks(1)`, `days(30)`, `hours(1)`, `minutes(5)`, `seconds(1)`, \
          `millis(1)`, an ISO 8601 text such as `\"P1M\"`, or `units(1000)` for integers. `ago(days(30))` is that long before now.",
    example: r#"#[cursor(since = "updated_since", start = config.start_date)]"#,
    open: false,
    bare: Bare::No,
    keys: &[
        key(
            "field",
            Shape::Field,
            "The field, where the attribute stands on the struct.",
            "the attribute's own field",
            "field = meta.updated_at",
        ),
        key(
            "since",
            Shape::Place,
            "The query parameter, header or field of the body that takes the lower bound.",
            "not sent",
            r#"since = "updated_since""#,
        ),
        key(
            "until",
            Shape::Place,
            "The query parameter, header or field of the body that takes the upper bound.",
            "not sent",
            r#"until(body = "filter.before")"#,
        ),
        key(
            "start",
            Shape::Value,
            "Where a first sync begins: a value of the field's type, an option of one, or a text.",
            "at the beginning",
            "start = config.start_date",
        ),
        key(
            "end",
            Shape::Value,
            "Where a sync ends, included: a value as for `start`, or `now()`.",
            "open; with a step now",
            "end = ago(hours(1))",
        ),
        key("step", Shape::Value, "The length of a window.", "one window", "step = days(30)"),
        key("lookback", Shape::Value, "How far before the state a sync begins.", "not at all", "lookback = hours(1)"),
        key(
            "granularity",
            Shape::Value,
            "The smallest difference that the API knows: windows are this far apart.",
            "none; a day for dates, 1 for integers",
            "granularity = seconds(1)",
        ),
        key(
            "formats",
            Shape::Texts,
            "The forms that records have: `rfc3339`, `epoch_seconds`, `epoch_millis`, `epoch_micros`, or patterns.",
            "the kind's own",
            r#"formats("epoch_millis", "%Y-%m-%d")"#,
        ),
        key(
            "format",
            Shape::Text,
            "The form of requests.",
            "the first of `formats`, or as it came",
            r#"format = "%Y-%m-%d""#,
        ),
        key(
            "order",
            Shape::ChoiceOr(&["unordered", "ascending", "descending"], "cursor::Order"),
            "The order of a slice's records; ascending lets the state advance inside a slice.",
            "`unordered`",
            "order = ascending",
        ),
        key(
            "missing",
            Shape::Choice(&["include", "exclude", "error"]),
            "What becomes of a record without a cursor value.",
            "`include`",
            "missing = exclude",
        ),
        key(
            "exclusive_end",
            Shape::Flag,
            "The API leaves out what lies on the end of a window.",
            "it is included",
            "exclusive_end",
        ),
        key(
            "client_filter",
            Shape::Flag,
            "Records outside the window are filtered here, because the API cannot.",
            "the API does",
            "client_filter",
        ),
        key(
            "data_feed",
            Shape::Flag,
            "The API returns the newest first and knows no bounds: reading stops at the state.",
            "no",
            "data_feed",
        ),
        key(
            "clamp",
            Shape::Choice(&["day", "week", "month"]),
            "Windows are whole days, weeks from Monday, or months.",
            "as they fall",
            "clamp = month",
        ),
        key(
            "global",
            Shape::Flag,
            "One state for all partitions; a partition that is new begins where the others stand.",
            "a state each",
            "global",
        ),
    ],
};

/// `#[partition(…)]`.
pub(crate) const PARTITION: Attribute = Attribute {
    name: "partition",
    place: "a stream's struct",
    doc: "Lists that the stream is read along, under names of your own: once for each combination. A list is an array, a `Vec`, a range, or an option of one. \
          `partition.name` is the value. In a stream with a `parent` each of its records is read along the lists, which may be fields of it: `#[partition(tag = parent.tags)]`.",
    example: r#"#[partition(region = config.regions, kind = ["open", "closed"])]"#,
    open: true,
    bare: Bare::No,
    keys: &[],
};

/// `#[add(…)]`.
pub(crate) const ADD: Attribute = Attribute {
    name: "add",
    place: "a stream's struct",
    doc: "Fields that are added to each record, under names of your own. A value may read all that a request's may but the `page`, and fields of the `record`; `now()` is one \
          moment for a whole slice. Its type makes the field's schema. What the record has under the same name gives way. An added field may stand in \
          `#[primary_key(user_id, id)]` on the struct.",
    example: r#"#[add(user_id = parent.id, region = config.region, full_name = "{record.first} {record.last}")]"#,
    open: true,
    bare: Bare::No,
    keys: &[],
};

/// `#[remove(…)]`.
pub(crate) const REMOVE: Attribute = Attribute {
    name: "remove",
    place: "a stream's struct",
    doc: "Fields that do not leave. They are checked, and may be read by children and by added fields, all the same.",
    example: "#[remove(secret, owner.email)]",
    open: false,
    bare: Bare::Fields,
    keys: &[],
};

/// `#[on(…)]`.
pub(crate) const ON: Attribute = Attribute {
    name: "on",
    place: "a stream's struct, or the config's for all streams; may stand several times",
    doc: "A rule about answers: conditions, all of which must hold, and what the answer means then. Rules are asked in their order, before the default table.",
    example: "#[on(status = 404, ignore)]",
    open: false,
    bare: Bare::No,
    keys: &[
        key("status", Shape::Value, "The status is this, or in this range.", "", "status = 500..=599"),
        key("header", Shape::Values, "Response headers have these values.", "", r#"header("X-Reason" = "busy")"#),
        key("body", Shape::Values, "The body's values at these paths are these.", "", r#"body("error.code" = "busy")"#),
        key("has", Shape::Text, "The body has a value at this path.", "", r#"has = "error""#),
        key("text", Shape::Text, "The body contains this text.", "", r#"text = "try again""#),
        key("success", Shape::Flag, "The body holds records.", "", "success"),
        key("ignore", Shape::Flag, "There are no records here, and that is well.", "", "ignore"),
        key("retry", Shape::Flag, "Ask again after a back-off.", "", "retry"),
        key("rate_limited", Shape::Flag, "Ask again when the limit has gone.", "", "rate_limited"),
        key(
            "wait",
            Shape::Value,
            "A retry or a rate limit waits so long.",
            "`Retry-After`, or doubling with jitter",
            "wait = seconds(5)",
        ),
        key(
            "wait_at",
            Shape::Text,
            "It waits as long as the body says at this path: seconds, a date, a moment since 1970.",
            "",
            r#"wait_at = "error.retry_in""#,
        ),
        key("wait_header", Shape::Text, "It waits as long as this header says.", "", r#"wait_header = "X-Retry-In""#),
        key(
            "wait_text",
            Shape::Text,
            "It waits as long as the body's text says; the placeholder is `{millis}`, `{seconds}`, `{minutes}`, `{hours}`, or `{moment}` for a date.",
            "",
            r#"wait_text = "try again in {seconds} seconds""#,
        ),
        key(
            "wait_rate",
            Shape::Text,
            "It waits for one request's share of the rate in this header, in requests a second.",
            "",
            r#"wait_rate = "X-Rate""#,
        ),
        key(
            "wait_until",
            Shape::Choice(&["minute", "hour", "midnight"]),
            "It waits until the next full minute, hour or day (UTC).",
            "",
            "wait_until = midnight",
        ),
        key("refresh", Shape::Flag, "Renew the credentials and ask again, once.", "", "refresh"),
        key("restart", Shape::Flag, "Read the slice from its first page again, once.", "", "restart"),
        key(
            "fail",
            Shape::Text,
            "The stream fails with this message.",
            "",
            r#"fail = "the plan of this account has no API""#,
        ),
    ],
};
