//! `#[cursor(…)]`.

use super::{Attribute, Bare, Key, Shape, key};

/// The form in which a bound is sent, of either part.
const FORMAT: Key = key(
    "format",
    Shape::Text,
    "The form of requests.",
    "the first of `formats`, or as it came",
    r#"format = "%Y-%m-%d""#,
);

/// The second part of a cursor.
const THEN: &[Key] = &[
    key(
        "field",
        Shape::Field,
        "The field that orders the records of one value of the first.",
        "an error",
        "field = id",
    ),
    key(
        "since",
        Shape::Place,
        "The query parameter, header or field of the body that takes where it begins: only beside a value of the first part that a record had.",
        "not sent; `slice.then` is its value",
        r#"since = "since_id""#,
    ),
    key(
        "formats",
        Shape::Texts,
        "The forms that records have, as of the first part.",
        "the kind's own",
        r#"formats("epoch_millis")"#,
    ),
    FORMAT,
];

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
            "then",
            Shape::Keys(THEN),
            "A second field, by which records of one cursor value are ordered: the state has both values, and a slice begins at both (keyset, `since=…&since_id=…`), so that \
             what has the same first one is not read again. `step`, `end` and `lookback` go by the first; a look-back drops the second. A record without the second \
             one has no cursor value.",
            "one field",
            r#"then(field = id, since = "since_id")"#,
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
            "The forms that records have: `rfc3339`, `epoch_seconds`, `epoch_millis`, `epoch_micros`, or patterns. The field is a date or a date-time all the same. \
             Records leave as they came, which the schema tells (a number, a string); `#[transform(dates(…))]` makes the values RFC 3339, and takes the place of this key.",
            "the kind's own",
            r#"formats("epoch_millis", "%Y-%m-%d")"#,
        ),
        FORMAT,
        key(
            "time_zone",
            Shape::Value,
            "The zone of values that have no offset, and of bounds in requests: an offset (`+02:00`), or, with the cargo feature `time-zones`, a name such as \
             `America/New_York`; or a value of the config, which may be none. Days, weeks and months of `clamp` and `step` are those of its clock.",
            "not known: UTC stands for it, and a day more is read where that could matter",
            "time_zone = config.time_zone",
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
            "future",
            Shape::Choice(&["ignore", "accept"]),
            "Whether a value more than a day ahead of the sync's start advances the state. The record is emitted in any case; if it is ignored, it comes again until its time has come.",
            "`ignore`",
            "future = accept",
        ),
        key(
            "exclusive_start",
            Shape::Flag,
            "The API leaves out what lies on the start of a window: one granularity less is sent. It wants a `granularity`, which dates and integers have by nature.",
            "it is included",
            "exclusive_start",
        ),
        key(
            "exclusive_end",
            Shape::Flag,
            "The API leaves out what lies on the end of a window. The last end is one granularity more; without one, as much as the form of requests shows.",
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
