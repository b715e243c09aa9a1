//! What there is to read: a function of the config, so that a test can compute the truth and a later sync can find more.

use connector_core::stream::Slice;
use serde_json::Value;

/// The data of a config.
#[derive(Debug, Clone)]
pub struct World {
    config: Value,
}

impl World {
    /// The data that this config describes.
    #[must_use]
    pub fn new(config: &Value) -> Self {
        Self { config: config.clone() }
    }

    pub(super) fn has(&self, key: &str) -> Option<u64> {
        self.config[key].as_u64()
    }

    pub(super) fn number(&self, key: &str, default: u64) -> u64 {
        self.config[key].as_u64().unwrap_or(default)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.config[key].as_str()
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.config[key].as_bool().unwrap_or(false)
    }

    /// Every record of a stream, oldest first in its partition.
    #[must_use]
    pub fn truth(&self, stream: &str) -> Vec<String> {
        let partitions: Vec<u64> = match stream {
            "shards" | "shelves" => self.shards().collect(),
            "notes" | "tasks" => (1..=self.users()).collect(),
            "replies" | "answers" | "echoes" => (0..self.number("rows", 20)).collect(),
            "marks" => (0..self.number("rows", 20).max(self.users() + 1)).collect(),
            "labels" => (1..=self.users()).map(|user| user * 2).chain(self.others()).collect(),
            "traces" => (0..self.number("rows", 20)).map(|event| event * 2).chain(self.others()).collect(),
            "knots" => (1..=self.users()).chain(self.truth("notes").iter().map(|_| 0)).collect(),
            // Each user with each note of each user.
            "duels" => {
                let notes = (1..=self.users()).flat_map(|of| (0..self.number("rows", 20)).map(move |note| (of, note)));
                let notes: Vec<_> = notes.collect();
                let with = |user: u64| notes.iter().map(move |(of, note)| duel(user, *of, *note)).collect::<Vec<_>>();
                (1..=self.users()).flat_map(with).collect()
            }
            "users" => return (1..=self.users()).map(user).collect(),
            _ => vec![0],
        };
        partitions.into_iter().flat_map(|of| self.truth_of(stream, of)).collect()
    }

    /// Every row of a partition, oldest first.
    pub fn truth_of(&self, stream: &str, of: u64) -> impl Iterator<Item = String> + use<> {
        self.rows(stream).map(move |(id, n)| row(of, id, n))
    }

    /// The partitions of a second parent's rows, which are told from those of the first.
    fn others(&self) -> impl Iterator<Item = u64> + use<> {
        (0..self.number("rows", 20)).map(|row| row * 2 + 1)
    }

    /// The largest value of the cursor that there is.
    pub(super) fn newest(&self) -> u64 {
        self.rows("events").last().map(|(_, n)| n).unwrap_or_default()
    }

    pub(super) fn shards(&self) -> impl Iterator<Item = u64> + use<> {
        0..self.number("shards", 3)
    }

    pub(super) fn users(&self) -> u64 {
        self.number("users", 3)
    }

    /// Place and cursor of the rows of each partition. Three share a cursor, so that pages end amid equal ones, and so that
    /// a later sync finds more of the newest value. It finds none that is older: no cursor could.
    fn rows(&self, stream: &str) -> impl Iterator<Item = (u64, u64)> + use<> {
        let rows = match stream {
            "replies" | "answers" | "echoes" | "marks" | "labels" | "traces" | "knots" | "duels" => {
                self.number("replies", 2)
            }
            _ => self.number("rows", 20),
        };
        let first = if stream == "roster" { self.number("gone", 0) } else { 0 };
        (first..rows).map(|id| (id, id / 3))
    }

    /// What the API answers for a slice of a stream, in the order in which it does.
    pub(super) fn answer(&self, stream: &str, slice: &Slice) -> Vec<String> {
        let own = |path: &[&str]| slice.partition.get(0, path).and_then(|value| serde_json::from_slice(value).ok());
        let of: u64 = own(&["id"]).or_else(|| own(&["shard"])).unwrap_or_default();
        let of = match (stream, slice.partition.value("kind")) {
            ("labels", Some(br#""user""#)) | ("traces", Some(br#""event""#)) => of * 2,
            ("labels", Some(br#""event""#)) | ("traces", Some(br#""span""#)) => of * 2 + 1,
            ("duels", _) => {
                let number = |value: Option<&[u8]>| value.and_then(|value| serde_json::from_slice(value).ok());
                let above = slice.partition.identity().last().map(|(_, _, value)| value);
                duel(of, number(above).unwrap_or_default(), number(slice.partition.second(&["id"])).unwrap_or_default())
            }
            // Which user, or which user's note: their numbers are alike.
            ("knots", _) if slice.partition.get(1, &["id"]).is_some() => 0,
            _ => of,
        };
        match stream {
            "users" => return (1..=self.users()).map(user).collect(),
            "numbers" | "letters" | "pairs" => return self.small(stream, slice),
            _ => {}
        }
        let bound =
            |value: &Option<connector_core::cursor::CursorValue>| value.as_ref().and_then(|value| value.integer());
        let (start, end) = (bound(&slice.window.start), bound(&slice.window.end));
        // What comes behind both parts of a bound.
        let then = slice.window.start.as_ref().and_then(|start| bound(&start.then().cloned()));
        let begun = |id: u64, n: u64| {
            let above = |start: i128| start < n.into() || start == n.into() && then.is_none_or(|then| then < id.into());
            start.is_none_or(above)
        };
        let asked = |(id, n): &(u64, u64)| begun(*id, *n) && end.is_none_or(|end| i128::from(*n) <= end);
        let mut rows: Vec<_> = self.rows(stream).filter(asked).collect();
        if !self.is("ascending") && stream != "archive" {
            shuffle(&mut rows);
        }
        rows.into_iter().map(|(id, n)| row(of, id, n)).collect()
    }

    /// The answers of the three small streams.
    fn small(&self, stream: &str, slice: &Slice) -> Vec<String> {
        let letters = self.text("letters").unwrap_or("ab");
        match stream {
            "numbers" => {
                let start = slice.window.start.as_ref().and_then(|start| start.integer()).unwrap_or(1);
                let end = i128::from(self.number("numbers", 10));
                (start..=end).map(|n| format!(r#"{{"n":{n}}}"#)).collect()
            }
            "letters" => letters.chars().map(|letter| format!(r#"{{"letter":"{letter}"}}"#)).collect(),
            _ => {
                let parent = slice.partition.get(0, &["letter"]).unwrap_or(b"\"?\"");
                let parent: String = serde_json::from_slice(parent).unwrap_or_default();
                letters.chars().map(|letter| format!(r#"{{"letter":"{parent}{letter}"}}"#)).collect()
            }
        }
    }
}

fn duel(user: u64, of: u64, note: u64) -> u64 {
    (user * 1000 + of) * 1000 + note
}

fn user(id: u64) -> String {
    format!(r#"{{"id":{id}}}"#)
}

fn row(of: u64, id: u64, n: u64) -> String {
    // Long enough that states come between few records.
    let text = format!("row {id} of partition {of}, written at {n}; ").repeat(8);
    format!(r#"{{"id":{id},"n":{n},"of":{of},"text":"{text}"}}"#)
}

/// An order that is none: steps of a prime through the list.
fn shuffle(rows: &mut [(u64, u64)]) {
    const STEP: usize = 7919;
    let old = rows.to_vec();
    let len = rows.len();
    for (place, row) in rows.iter_mut().enumerate() {
        // The prime divides no length that a test uses, so each row is met once.
        if let Some(other) = old.get((place * STEP + len / 2) % len.max(1)) {
            *row = *other;
        }
    }
}
