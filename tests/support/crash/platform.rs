//! What a platform does with the output of one sync after the other: keeps records, and the latest state of each stream.

use std::collections::{BTreeMap, HashMap, HashSet};

use connector_core::protocol::IncomingState;
use serde_json::Value;

use crate::numbers::World;

/// All that was received so far.
#[derive(Debug, Default)]
pub struct Platform {
    states: BTreeMap<String, Value>,
    /// Records by stream and text (its keys stand in order, as serde_json has them), and how often each came.
    records: HashMap<(String, String), u64>,
    /// For each partition whose rows all stood before a state: the newest of them.
    settled: HashMap<(String, u64), (u64, u64)>,
    /// What must not be, in words.
    pub faults: Vec<String>,
    /// What was counted.
    pub figures: Figures,
}

/// Counts over several syncs.
#[derive(Debug, Default, Clone, Copy)]
pub struct Figures {
    /// Records received.
    pub records: u64,
    /// Records that had been received before.
    pub doubles: u64,
    /// Of them, those that a state had covered, other than rows of the newest value.
    pub late: u64,
    /// Bytes of RECORD lines.
    pub record_bytes: u64,
    /// Bytes of STATE lines.
    pub state_bytes: u64,
    /// STATE lines.
    pub states: u64,
}

impl Figures {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.doubles += other.doubles;
        self.late += other.late;
        self.record_bytes += other.record_bytes;
        self.state_bytes += other.state_bytes;
        self.states += other.states;
    }
}

/// What one sync said of one stream.
#[derive(Debug, Default)]
struct Said {
    records: Vec<Value>,
    /// Records that a state has counted.
    counted: f64,
    /// How many records stood before the last state.
    before_state: usize,
}

impl Platform {
    /// Takes the complete lines of one sync's output.
    pub fn take(&mut self, output: &[u8], world: &World) {
        let whole = output.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let mut said: BTreeMap<String, Said> = BTreeMap::new();
        for line in output[..whole].split_inclusive(|&byte| byte == b'\n') {
            match serde_json::from_slice::<Value>(line) {
                Ok(message) => self.take_message(&message, line.len() as u64, &mut said),
                Err(error) => self.faults.push(format!("{error}: {}", String::from_utf8_lossy(line))),
            }
        }
        for (stream, said) in said {
            self.settle(&stream, &said, world);
        }
    }

    fn take_message(&mut self, message: &Value, size: u64, said: &mut BTreeMap<String, Said>) {
        match message["type"].as_str() {
            Some("RECORD") => {
                let stream = message["record"]["stream"].as_str().unwrap_or_default();
                let record = message["record"]["data"].clone();
                self.figures.records += 1;
                self.figures.record_bytes += size;
                self.receive(stream, &record);
                said.entry(stream.to_owned()).or_default().records.push(record);
            }
            Some("STATE") => {
                let state = &message["state"];
                let stream = state["stream"]["stream_descriptor"]["name"].as_str().unwrap_or_default();
                let said = said.entry(stream.to_owned()).or_default();
                said.counted += state["sourceStats"]["recordCount"].as_f64().unwrap_or_default();
                said.before_state = said.records.len();
                if said.counted != said.records.len() as f64 {
                    let (told, were) = (said.counted, said.records.len());
                    self.faults.push(format!("{stream}: the states told of {told} records, {were} were before them"));
                }
                self.figures.states += 1;
                self.figures.state_bytes += size;
                self.states.insert(stream.to_owned(), message["state"].clone());
            }
            _ => {}
        }
    }

    fn receive(&mut self, stream: &str, record: &Value) {
        let times = self.records.entry((stream.to_owned(), record.to_string())).or_default();
        *times += 1;
        if *times == 1 {
            return;
        }
        self.figures.doubles += 1;
        let newest = self.settled.get(&(stream.to_owned(), record["of"].as_u64().unwrap_or_default()));
        // What has the newest value comes again, unless the cursor's second part tells what of it was read.
        let two_parts = matches!(stream, "entries" | "shelves");
        let (n, id) = place(record);
        if newest.is_some_and(|newest| n < newest.0 || two_parts && (n, id) <= *newest) {
            self.figures.late += 1;
        }
    }

    /// Notes which partitions are covered by the last state. In a sync that reads one slice after the other, these are the
    /// ones of which all rows stood before it.
    fn settle(&mut self, stream: &str, said: &Said, world: &World) {
        // A stream without a cursor has an empty state, which covers nothing.
        let state = self.states.get(stream).and_then(|state| state["stream"]["stream_state"].as_object());
        if state.is_none_or(serde_json::Map::is_empty) {
            self.settled.retain(|(of, _), _| of != stream);
            return;
        }
        let mut newest: HashMap<u64, (u64, u64)> = HashMap::new();
        let after: HashSet<u64> =
            said.records[said.before_state..].iter().filter_map(|record| record["of"].as_u64()).collect();
        for record in said.records[..said.before_state].iter().filter(|record| record["n"].is_u64()) {
            let seen = newest.entry(record["of"].as_u64().unwrap_or_default()).or_default();
            *seen = place(record).max(*seen);
        }
        for (of, newest) in newest {
            if !after.contains(&of) && world.truth_of(stream, of).all(|row| self.has(stream, row)) {
                self.settled.insert((stream.to_owned(), of), newest);
            }
        }
    }

    fn has(&self, stream: &str, record: String) -> bool {
        self.records.contains_key(&(stream.to_owned(), record))
    }

    /// The states that the next sync starts from.
    ///
    /// # Errors
    /// A state that the connector itself would not accept.
    pub fn state(&self) -> connector_core::Result<IncomingState> {
        let states: Vec<_> = self.states.values().collect();
        IncomingState::parse(&serde_json::to_vec(&states).unwrap_or_default())
    }

    /// The states as a file for `--state`.
    #[must_use]
    pub fn state_file(&self) -> Value {
        self.states.values().cloned().collect()
    }

    /// The records of these streams that never came.
    #[must_use]
    pub fn missing(&self, streams: &[&str], world: &World) -> Vec<String> {
        let missing = |stream: &&str| {
            let truth = world.truth(stream).into_iter();
            truth.filter(|row| !self.has(stream, row.clone())).map(|row| format!("{stream}: {row}")).collect::<Vec<_>>()
        };
        streams.iter().flat_map(missing).collect()
    }
}

/// What orders the rows: when a row was written, then its number.
fn place(record: &Value) -> (u64, u64) {
    let part = |name: &str| record[name].as_u64().unwrap_or_default();
    (part("n"), part("id"))
}
