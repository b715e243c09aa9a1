//! `#[on(…)]`.

use super::{Attribute, Bare, Shape, key};

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
