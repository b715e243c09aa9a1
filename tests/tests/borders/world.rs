//! What the API has, and how it answers: by the bounds that it is sent, which it takes as the stream declares them.

use crate::declared::{DAY, Declared, SECOND};
use crate::source::Borders;
use connector_core::clock::VirtualClock;
use connector_core::protocol::IncomingState;
use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest};
use connector_http::transport::{Memory, Outgoing, Reply, SharedTransport};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) at: i64,
    partition: usize,
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) declared: Declared,
    pub(crate) records: Vec<Record>,
}

/// What a sync asked for and brought.
pub(crate) struct Sync {
    pub(crate) requests: Vec<String>,
    pub(crate) records: Vec<u64>,
    pub(crate) states: Vec<Value>,
    pub(crate) error: Option<String>,
}

impl World {
    pub(crate) const fn new(declared: Declared) -> Self {
        Self { declared, records: Vec::new() }
    }

    /// Writes records where they are wanted.
    pub(crate) fn write(&mut self, borders: &[i64], places: &[(usize, i64, usize)], wanted: impl Fn(i64) -> bool) {
        let tick = self.declared.tick;
        for (border, ticks, partition) in places {
            let at = borders[border % borders.len()].div_euclid(tick) * tick + ticks * tick;
            if wanted(at) {
                let (id, partition) = (self.records.len() as u64 + 1, partition % self.declared.partitions.max(1));
                self.records.push(Record { id, at, partition });
            }
        }
    }

    /// The largest value of all records.
    pub(crate) fn largest(&self) -> Option<i64> {
        self.records.iter().map(|record| record.at).max()
    }

    /// The largest value of those that came, or of the one that came least far of several partitions.
    pub(crate) fn largest_read(&self, came: &[u64]) -> Option<i64> {
        let of = |partition| {
            let read = self.records.iter().filter(|record| record.partition == partition && came.contains(&record.id));
            read.map(|record| record.at).max()
        };
        (0..self.declared.partitions.max(1)).map(of).min().flatten()
    }

    /// Where a sync begins after one that has come to this value.
    pub(crate) fn begins(&self, reached: Option<i64>) -> Option<i64> {
        let (kept, declared) = (reached?, &self.declared);
        let zone = if matches!(declared.kind, crate::declared::Kind::Moment) { 0 } else { DAY };
        let bounded = declared.partitions > 0 && !declared.is_number();
        // Where partitions are, a value beyond what was asked for is not what the next sync begins with.
        let kept = if bounded {
            kept.min(crate::declared::NOW - zone - SECOND).min(declared.last(crate::declared::NOW))
        } else {
            kept
        };
        Some(kept - declared.lookback)
    }

    /// One sync from a state; the request of this number fails.
    pub(crate) fn read(&self, states: &[Value], later: Duration, fails_at: Option<usize>) -> Sync {
        let state = IncomingState::parse(&serde_json::to_vec(states).unwrap()).unwrap();
        let (world, asked) = (self.clone(), AtomicUsize::new(0));
        let memory = Memory::answering(move |request| {
            if Some(asked.fetch_add(1, Ordering::SeqCst)) == fails_at {
                Reply::status(400)
            } else {
                world.answer(request)
            }
        });
        let clock = VirtualClock::new();
        clock.advance(later);
        let transport = SharedTransport(Arc::new(memory.clone()));
        let connector = Connector::of::<Borders>().with_clock(clock).with_extension(transport);
        let (sink, config) = (MemorySink::new(), serde_json::to_value(&self.declared).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let request = ReadRequest { state, ..ReadRequest::all(config) };
        let summary = runtime.block_on(connector.read(request, sink.clone()));
        let summary = summary.unwrap_or_else(|error| panic!("{error}: {:#?}", self.declared));
        let output = String::from_utf8(sink.bytes()).unwrap();
        let messages: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |kind: &'static str| messages.iter().filter(move |message| message["type"] == kind);
        Sync {
            requests: memory.seen().iter().map(|seen| seen.url.to_string()).collect(),
            records: of("RECORD").map(|message| message["record"]["data"]["id"].as_u64().unwrap()).collect(),
            states: of("STATE").map(|message| message["state"].clone()).collect(),
            error: summary.error().map(|error| error.to_string()),
        }
    }

    fn answer(&self, request: &Outgoing) -> Reply {
        let query = |name: &str| {
            let pairs = request.url.query_pairs();
            pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).next()
        };
        let declared = &self.declared;
        let partition = request.url.path().rsplit('/').next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let (since, until) = (query("since"), query("until"));
        let since = since.map(|text| declared.bound(&text));
        let behind = query("behind").map(|text| text.parse::<u64>().unwrap());
        let until = until.map(|text| declared.bound(&text));
        let mut found: Vec<&Record> = self
            .records
            .iter()
            .filter(|record| {
                let at = record.at.div_euclid(declared.unit) * declared.unit;
                let above = since.is_none_or(|since| match behind {
                    Some(id) => (at, record.id) > (since, id),
                    None if declared.exclusive_start => at > since,
                    None => at >= since,
                });
                let below = until.is_none_or(|until| if declared.exclusive_end { at < until } else { at <= until });
                record.partition == partition && above && below
            })
            .collect();
        if declared.ascending {
            found.sort_by_key(|record| record.at);
        }
        let (page, size) =
            (query("page").and_then(|page| page.parse().ok()), query("size").and_then(|size| size.parse().ok()));
        if let (Some(page), Some(size)) = (page, size) {
            let page: usize = page;
            found = found.into_iter().skip((page - 1) * size).take(size).collect();
        }
        let body: Vec<Value> =
            found.iter().map(|record| json!({"id": record.id, "at": declared.json(record.at)})).collect();
        Reply::json(serde_json::to_vec(&body).unwrap())
    }
}
