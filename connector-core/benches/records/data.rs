//! Pages of records of three sizes, the same in every run: events of 150 bytes, users of 1 KB, documents of 20 KB.

use crate::tables::{Document, Event, User};
use connector_core::cursor::CursorKind;
use connector_core::record::{Record, Shape};
use connector_core::stream::StreamDescriptor;
use serde_json::Value;
use std::fmt::Write;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    Event,
    User,
    Document,
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Event => "150 B",
            Self::User => "1 KB",
            Self::Document => "20 KB",
        })
    }
}

pub(crate) struct Page {
    size: Size,
    pub(crate) records: Vec<String>,
    pub(crate) count: usize,
    pub(crate) body: Vec<u8>,
}

/// A number that looks random and is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let at = self.below(from.len() as u64) as usize;
        from[at]
    }

    fn moment(&mut self) -> String {
        let (month, day) = (self.below(12) + 1, self.below(28) + 1);
        let (hour, minute, second) = (self.below(24), self.below(60), self.below(60));
        format!("2025-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

const NAMES: &[&str] =
    &["Anna Müller", "John O'Brien", "Ana Mar\\u00eda Sousa", "Priya Patel", "田中 さくら", "Zoë Smith"];
const TEXTS: &[&str] = &[
    "Prefers e-mail over phone; said \\\"never call me\\\".",
    "Long-standing customer, renewed three times without discount.",
    "Line one\\nLine two\\twith a tab.",
    "Très satisfaite du service, à recontacter en été.",
    "See https:\\/\\/example.com\\/profile?id=42 for the rest.",
];
const WORDS: &[&str] = &["vip", "beta-tester", "newsletter", "churn-risk", "partner", "trial"];

fn event(id: u64, dice: &mut Dice) -> String {
    format!(
        r#"{{"id":{id},"kind":"{}","actor":"user{}","session":"{:08x}","seq":{},"value":{}.{},"ok":{},"at":"{}"}}"#,
        dice.pick(WORDS),
        dice.below(9999),
        dice.below(u64::from(u32::MAX)),
        dice.below(9999),
        dice.below(100),
        dice.below(100),
        dice.pick(&["true", "false", "null"]),
        dice.moment(),
    )
}

fn user(id: u64, dice: &mut Dice) -> String {
    let mut out = format!(
        r#"{{"id":{id},"external_ref":{},"uuid":"{:08x}-89ab-4cde-a012-3456789abcde","name":"{}","email":"user{id}@example.com","active":true,"#,
        9_007_199_254_740_993 + dice.below(1 << 30),
        dice.below(u64::from(u32::MAX)),
        dice.pick(NAMES),
    );
    let _ = write!(
        out,
        r#""created_at":"{}","updated_at":"{}","last_login_at":{},"score":0.{},"balance":-{}.{},"conversion_rate":{}.5e-7,"#,
        dice.moment(),
        dice.moment(),
        dice.pick(&["null", "\"2025-06-30T10:11:12Z\""]),
        dice.below(99_999),
        dice.below(9999),
        dice.below(99),
        dice.below(9),
    );
    let _ = write!(
        out,
        r#""login_count":{},"plan":"{}","locale":"en-US","address":{{"street":"Elm Street {}","city":"Köln","country":"DE","postal_code":"{:05}","geo":{{"lat":50.{},"lng":-6.{}}}}},"#,
        dice.below(5000),
        dice.pick(WORDS),
        dice.below(200),
        dice.below(99_999),
        dice.below(999_999),
        dice.below(999_999),
    );
    let _ = write!(
        out,
        r#""tags":["{}","{}"],"bio":"{}","preferences":{{"newsletter":true,"theme":"dark","notifications":{{"email":true,"sms":false,"push":null}},"quiet_hours":[22,7]}},"history":["#,
        dice.pick(WORDS),
        dice.pick(WORDS),
        dice.pick(TEXTS),
    );
    for k in 0..3 {
        let comma = if k > 0 { "," } else { "" };
        let _ = write!(
            out,
            r#"{comma}{{"at":"{}","event":"{}","delta":{}.5,"meta":null}}"#,
            dice.moment(),
            dice.pick(WORDS),
            dice.below(99)
        );
    }
    let _ = write!(
        out,
        r#"],"custom_fields":{{"cf_1":"{}","cf_2":{},"cf_3":[1,2]}},"manager_id":{}}}"#,
        dice.pick(WORDS),
        dice.below(999),
        dice.below(999)
    );
    out
}

fn document(id: u64, dice: &mut Dice) -> String {
    let mut out = format!(
        r#"{{"id":{id},"title":"{}","revision":3,"published_at":"{}","blocks":["#,
        dice.pick(NAMES),
        dice.moment()
    );
    for k in 0..60 {
        let text = [dice.pick(TEXTS), dice.pick(TEXTS), dice.pick(TEXTS), dice.pick(TEXTS)].join(" ");
        let _ = write!(
            out,
            r#"{}{{"type":"paragraph","text":"{text}","weight":{}.25}}"#,
            if k > 0 { "," } else { "" },
            dice.below(9)
        );
    }
    out.push_str("],\"metrics\":[");
    for k in 0..50 {
        let comma = if k > 0 { "," } else { "" };
        let _ = write!(
            out,
            r#"{comma}{{"name":"metric_{k}","value":{}.125,"n":{},"unit":null}}"#,
            dice.below(9999),
            dice.below(99)
        );
    }
    out.push_str("]}");
    out
}

impl Page {
    pub(crate) fn new(size: Size) -> Self {
        let mut dice = Dice(7);
        let (count, make): (_, fn(u64, &mut Dice) -> String) = match size {
            Size::Event => (700, event),
            Size::User => (100, user),
            Size::Document => (50, document),
        };
        Self::of(size, (1..=count).map(|id| make(id, &mut dice)).collect(), ",")
    }

    fn of(size: Size, records: Vec<String>, comma: &str) -> Self {
        let body = format!("{{\"rows\":[{}],\"next\":\"abc\"}}", records.join(comma)).into_bytes();
        Self { size, count: records.len(), records, body }
    }

    /// The same records with `", "` and `": "` between tokens, as Python writes them.
    pub(crate) fn spaced(&self) -> Self {
        Self::of(self.size, self.records.iter().map(|record| respace(record, ", ", ": ")).collect(), ", ")
    }

    /// The same records, one token a line.
    pub(crate) fn pretty(&self) -> Self {
        Self::of(self.size, self.records.iter().map(|record| respace(record, ",\n        ", ": ")).collect(), ",\n    ")
    }

    /// The same records, the fields of each in the reverse order.
    pub(crate) fn reversed(&self) -> Self {
        let reversed = self.records.iter().map(|record| {
            let fields: Vec<(String, Box<serde_json::value::RawValue>)> = in_order(record);
            let fields: Vec<String> =
                fields.into_iter().rev().map(|(key, value)| format!("\"{key}\":{}", value.get())).collect();
            format!("{{{}}}", fields.join(","))
        });
        Self::of(self.size, reversed.collect(), ",")
    }

    pub(crate) fn json_lines(&self) -> Vec<u8> {
        self.records.join("\n").into_bytes()
    }

    pub(crate) fn stream(&self) -> StreamDescriptor {
        let shape = match self.size {
            Size::Event => Event::SHAPE,
            Size::User => User::SHAPE,
            Size::Document => Document::SHAPE,
        };
        let Shape::Struct(fields) = shape else { unreachable!() };
        let cursor: &'static [&'static str] = match self.size {
            Size::Event => &["at"],
            Size::User => &["updated_at"],
            Size::Document => &["published_at"],
        };
        StreamDescriptor::new("things", "", fields).cursor(cursor, CursorKind::DateTime)
    }

    pub(crate) fn parse_typed(&self) -> usize {
        match self.size {
            Size::Event => Rows::<Event>::count(&self.body),
            Size::User => Rows::<User>::count(&self.body),
            Size::Document => Rows::<Document>::count(&self.body),
        }
    }
}

#[derive(serde::Deserialize)]
struct Rows<T> {
    rows: Vec<T>,
}

impl<T: serde::de::DeserializeOwned> Rows<T> {
    fn count(body: &[u8]) -> usize {
        serde_json::from_slice::<Self>(body).unwrap().rows.len()
    }
}

/// The members of an object in their order.
fn in_order(record: &str) -> Vec<(String, Box<serde_json::value::RawValue>)> {
    struct Members;
    impl<'de> serde::de::Visitor<'de> for Members {
        type Value = Vec<(String, Box<serde_json::value::RawValue>)>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            std::iter::from_fn(|| map.next_entry().transpose()).collect()
        }
    }
    serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(record), Members).unwrap()
}

/// Writes a compact text again with other separators.
fn respace(text: &str, comma: &str, colon: &str) -> String {
    let _: Value = serde_json::from_str(text).unwrap();
    let (mut out, mut inside, mut escaped) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            ',' if !inside => out.push_str(comma),
            ':' if !inside => out.push_str(colon),
            c => out.push(c),
        }
        inside = if c == '"' && !escaped { !inside } else { inside };
        escaped = c == '\\' && !escaped;
    }
    out
}
