//! `#[paginate(…)]`, and the places that its values go to.

use super::{Attribute, Bare, Key, Shape, key};

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

/// Where a value goes: the same three words everywhere.
pub(crate) const PLACES: &[Key] = &[PARAM, HEADER, BODY];
