//! The promise of each fault, and the rows that show it.

use std::fmt::Write as _;

/// A fault, and the lines of the matrix, or tests elsewhere, that show what becomes of it.
type Shown = (&'static str, &'static [&'static str]);

/// Outcomes, and the faults that have them.
const LIST: &[(&str, &[Shown])] = &[
    (
        "Retried, within limits, then a clear failure of that stream",
        &[
            (
                "429 with `Retry-After` in seconds",
                &["429 with `Retry-After: 7`", "429 with `Retry-After: 1`, for ever"],
            ),
            ("429 with a date", &["429 with `Retry-After` as a date, 30 s ahead"]),
            ("429 with a reset header", &["429 with `X-RateLimit-Reset`, a moment since 1970"]),
            ("bursts of 500, 502, 503, 504", &["500, 502, 503, 504, then well", "503, for ever"]),
            ("connection refused", &["connection refused, for ever"]),
            ("connection reset", &["reset before the answer", "closed before the answer, for ever"]),
            ("reset in the middle of a body", &["reset in the middle of the body"]),
            ("a body that drips", &["a body that drips too slowly to end (here 1 byte in 50 ms)"]),
            ("a body that stalls", &["a body that stalls, once"]),
            ("truncated JSON with status 200", &["truncated JSON, once", "truncated JSON, for ever"]),
            (
                "invalid JSON, NaN and Infinity",
                &["invalid JSON, for ever", "NaN among the records, once", "Infinity behind the records, for ever"],
            ),
            ("HTML with status 200", &["HTML with status 200, once", "HTML with status 200, for ever"]),
            (
                "an empty body where one is due",
                &["an empty body with status 200, once", "an empty body with status 200, for ever"],
            ),
        ],
    ),
    (
        "Handled, nothing to see",
        &[
            (
                "gzip, deflate, br, zstd",
                &[
                    "gzip",
                    "deflate as zlib, which is right",
                    "deflate as raw deflate, which is wrong and usual",
                    "brotli",
                    "zstd",
                ],
            ),
            ("a wrong content type", &["JSON as `text/html`"]),
            ("a byte order mark", &["a byte order mark"]),
            ("a declared charset", &["`charset=iso-8859-1`", "`charset=utf-16le`"]),
            ("redirects", &["302 to another path of the same host", "302 to another host, with a bearer token"]),
            ("a session cookie that a server sets", &["a session cookie, wanted back with the second page"]),
            ("204 and 304", &["204", "304", "204 in place of the second page", "304 in place of the second page"]),
            ("202", &["202, then the page"]),
            (
                "a token that expires in the middle, a refresh token that can be used once",
                &["access tokens that end after two pages, refresh tokens that can be used once"],
            ),
            ("a page of 100 MB, one response of 1 GB", &["a page of 8 MB", "tests/tests/large_body.rs"]),
            (
                "a slow reader of stdout",
                &[
                    "a page of 8 MB, and a reader of the output that stops for longer than the server may (4 s, 1.5 s here)",
                    "the same, and the server resets the connection meanwhile",
                ],
            ),
        ],
    ),
    (
        "Passed on unchanged",
        &[
            ("integers beyond 2^64, floats beyond f64", &["integers beyond 2^64, floats beyond f64"]),
            ("escapes, nulls, unknown fields", &["escapes, nulls, unknown fields, an order of its own"]),
        ],
    ),
    (
        "Mended, counted, logged once a field",
        &[
            ("a key given twice in one object", &["a key given twice in one object, in two records"]),
            ("a lone surrogate", &["a lone surrogate, in two records"]),
        ],
    ),
    (
        "Refused, with the page and the place",
        &[
            ("invalid UTF-8", &["invalid UTF-8 in a record", "invalid UTF-8 on the third page"]),
            ("nesting deeper than 128", &["objects nested deeper than 128"]),
            (
                "a records path that is not there",
                &["a records path that is not there", "null where the list of records is due"],
            ),
        ],
    ),
    (
        "Kept and counted, or as the stream says",
        &[(
            "a record that does not fit its struct",
            &[
                "two records that do not fit; the stream keeps them (default)",
                "the same; the stream nulls the field",
                "the same; the stream skips the records",
                "the same; the stream fails",
            ],
        )],
    ),
    (
        "The stream fails, the others run on, exit 1",
        &[
            ("401, 403, 404 on one stream", &["401 on one stream", "403 on one stream", "404 on one stream"]),
            ("the same page token again", &["the same page token again", "page tokens in a circle of three"]),
            ("a page identical to the last for a different request", &["the same page whatever the page number"]),
            ("a panic in connector code", &["a panic in connector code"]),
        ],
    ),
    (
        "Config error at once, one sentence, before any request",
        &[
            (
                "malformed, missing or unreadable files, no arguments",
                &[
                    "a config without a field that is due",
                    "a config with a field of another type",
                    "tests/tests/command_line.rs",
                ],
            ),
            ("an unknown stream in the catalog", &["an unknown stream in the catalog"]),
            ("an unknown config key", &["a config with an unknown field"]),
        ],
    ),
    (
        "Stops in order",
        &[
            ("SIGTERM, SIGINT", &["silent before the answer", "silent in the body", "tests/tests/crash_process.rs"]),
            ("SIGKILL", &["tests/tests/crash_process.rs", "tests/tests/crash_http.rs"]),
            ("a closed stdout", &["tests/tests/command_line.rs"]),
        ],
    ),
];

/// The list as Markdown.
///
/// # Panics
/// Where a line is named that does not exist.
pub(crate) fn render(lines: &[&str], root: &std::path::Path) -> String {
    let mut page =
        "\n## What is promised, and where it is shown\n\n| Outcome | Fault | Lines below, and tests |\n|---|---|---|\n"
            .to_owned();
    for (outcome, faults) in LIST {
        for (fault, shown) in *faults {
            for name in *shown {
                let exists = if name.starts_with("tests/") { root.join(name).exists() } else { lines.contains(name) };
                assert!(exists, "`{name}` is no line of the matrix, and no test");
            }
            let shown: Vec<_> = shown
                .iter()
                .map(|name| if name.starts_with("tests/") { format!("`{name}`") } else { format!("*{name}*") })
                .collect();
            let _ = writeln!(page, "| {outcome} | {fault} | {} |", shown.join("; "));
        }
    }
    page
}
