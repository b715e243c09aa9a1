//! 429 and its relatives.

use connector_core::FailureType::{Config, Transient};
use connector_tests::Reply;

use crate::row::Row;

fn limited(header: &str, value: &str) -> Reply {
    Reply::status(429).header(header, value)
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("429 with `Retry-After: 7`")
            .first([limited("Retry-After", "7")])
            .requests(2)
            .waits(&[7.0])
            .limited()
            .note("status RATE_LIMITED with `quota_reset`"),
        Row::new("429 with `Retry-After` as a date, 30 s ahead")
            .first([limited("Retry-After", "Mon, 01 Jan 2024 00:00:30 GMT")])
            .requests(2)
            .waits(&[30.0])
            .limited(),
        Row::new("429 with `Retry-After` as a date, 30 s ahead of the server's own wrong clock")
            .first([
                limited("Retry-After", "Mon, 01 Jan 2018 05:00:30 GMT").header("Date", "Mon, 01 Jan 2018 05:00:00 GMT")
            ])
            .requests(2)
            .waits(&[30.0])
            .limited(),
        Row::new("429 with `X-RateLimit-Reset`, a moment since 1970")
            .first([limited("X-RateLimit-Reset", "1704067260")])
            .requests(2)
            .waits(&[60.0])
            .limited(),
        Row::new("429 with `RateLimit-Reset: 12`, seconds")
            .first([limited("RateLimit-Reset", "12")])
            .requests(2)
            .waits(&[12.0])
            .limited(),
        Row::new("429 that names no time").first([Reply::status(429)]).requests(2).waits(&[1.0]).limited(),
        Row::new("429 with `Retry-After: soon`").first([limited("Retry-After", "soon")]).requests(2).waits(&[1.0]),
        Row::new("429 with `Retry-After: 1`, for ever")
            .always(limited("Retry-After", "1"))
            .requests(8)
            .waits(&[1.0, 1.0, 1.0, 1.0, 0.6, 1.0, 2.2, 1.0, 5.4, 1.0, 9.0])
            .fails(
                Transient,
                &["stream `items`", "GET http://", "429", "met the limit 8 times in a row", "try again later"],
            ),
        Row::new("429 with `Retry-After: 86400`")
            .always(limited("Retry-After", "86400"))
            .requests(1)
            .fails(Transient, &["stream `items`", "429", "24 h", "more than"]),
        Row::new("429 with `Retry-After: 3000`")
            .first([limited("Retry-After", "3000")])
            .requests(2)
            .waits(&[600.0; 5])
            .limited()
            .also(|ran| assert!(ran.of("STATE").len() >= 6, "{}", ran.output))
            .note("the last safe STATE is repeated every 10 minutes"),
        Row::new("403 with `X-RateLimit-Remaining: 0` and a reset in 60 s")
            .first([Reply::status(403).header("X-RateLimit-Remaining", "0").header("X-RateLimit-Reset", "1704067260")])
            .requests(2)
            .waits(&[60.0])
            .limited(),
        Row::new("403 with `Retry-After: 5`")
            .first([Reply::status(403).header("Retry-After", "5")])
            .requests(2)
            .waits(&[5.0])
            .limited(),
        Row::new("403 with something left of the quota")
            .always(Reply::status(403).header("X-RateLimit-Remaining", "3"))
            .fails(Config, &["403", "no right to read this"]),
        Row::new("503 with `Retry-After: 20`")
            .first([Reply::status(503).header("Retry-After", "20")])
            .requests(2)
            .waits(&[20.0]),
        Row::new("503 with `Retry-After: 3600`")
            .always(Reply::status(503).header("Retry-After", "3600"))
            .fails(Transient, &["503", "60 min", "10 min"]),
        Row::new("a page that says that nothing is left of the quota for 9 s, and another page")
            .first([Reply::json(r#"{"items":[{"id":0}],"next":1}"#)
                .header("RateLimit-Remaining", "0")
                .header("RateLimit-Reset", "9")])
            .requests(2)
            .ids([0, 0, 1, 2])
            .waits(&[9.0])
            .limited(),
    ]
}
