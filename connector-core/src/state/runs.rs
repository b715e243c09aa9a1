//! An exact map of many short texts in little memory: sorted, front-coded runs that are merged as they grow.
//!
//! Insertions go to a small buffer; a full buffer becomes a run; runs of similar size are merged, so that there are
//! never more than about log2(n) of them. A key costs what it does not share with its neighbour, and about four bytes.

use std::collections::BTreeMap;

use super::front::{Reader, Writer};
use crate::Result;

/// How many entries the buffer holds.
const BUFFER: usize = 2048;
/// Every so many entries of a run can be found without reading those before.
const RESTART: usize = 16;

/// Keys with short payloads. Later insertions replace earlier ones.
#[derive(Debug, Default)]
pub(super) struct RunMap {
    buffer: BTreeMap<Box<str>, Box<str>>,
    /// About what the buffer costs.
    buffered: usize,
    /// Oldest first.
    runs: Vec<Run>,
}

#[derive(Debug, Default)]
struct Run {
    text: String,
    /// Where each restart begins.
    restarts: Vec<usize>,
    len: usize,
}

impl RunMap {
    /// Inserts or replaces.
    pub(super) fn insert(&mut self, key: &str, payload: &str) {
        if self.buffer.insert(key.into(), payload.into()).is_none() {
            self.buffered += key.len() + payload.len() + 64;
        }
        if self.buffer.len() >= BUFFER {
            self.flush();
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        match self.buffer.get(key) {
            Some(payload) => Some(payload),
            None => self.runs.iter().rev().find_map(|run| run.get(key)),
        }
    }

    /// About how many bytes it holds.
    pub(super) fn bytes(&self) -> usize {
        let runs = self.runs.iter().map(|run| run.text.capacity() + run.restarts.capacity() * size_of::<usize>());
        runs.sum::<usize>() + self.buffered
    }

    /// About how many bytes its keys and payloads are as one list.
    pub(super) fn text_bytes(&self) -> usize {
        let runs: usize = self.runs.iter().map(|run| run.text.len()).sum();
        runs + self.buffered.saturating_sub(61 * self.buffer.len())
    }

    /// Takes over sorted entries as the oldest run.
    pub(super) fn load(mut next: impl FnMut(&mut dyn FnMut(&str, &str)) -> Result<bool>) -> Result<Self> {
        let mut writer = RunWriter::default();
        while next(&mut |key, payload| writer.push(key, payload))? {}
        Ok(writer.into_map())
    }

    /// Every entry once, in order.
    pub(super) fn for_each(&self, mut visit: impl FnMut(&str, &str)) {
        let mut buffer = self.buffer.iter().peekable();
        merge(&self.runs, |key, payload| {
            while let Some((newer, payload)) = buffer.next_if(|(newer, _)| newer.as_ref() < key) {
                visit(newer, payload);
            }
            match buffer.next_if(|(newer, _)| newer.as_ref() == key) {
                Some((_, payload)) => visit(key, payload),
                None => visit(key, payload),
            }
        });
        for (key, payload) in buffer {
            visit(key, payload);
        }
    }

    /// Keeps the entries for which the function says so, with the payload that it writes into the empty string.
    pub(super) fn rewrite(&self, mut change: impl FnMut(&str, &str, &mut String) -> bool) -> Self {
        let (mut writer, mut changed) = (RunWriter::default(), String::new());
        self.for_each(|key, payload| {
            changed.clear();
            if change(key, payload, &mut changed) {
                writer.push(key, &changed);
            }
        });
        writer.into_map()
    }

    fn flush(&mut self) {
        let mut writer = RunWriter::default();
        self.buffered = 0;
        for (key, payload) in std::mem::take(&mut self.buffer) {
            writer.push(&key, &payload);
        }
        self.runs.push(writer.finish());
        while let [.., older, newer] = self.runs.as_slice()
            && older.len < newer.len * 2
        {
            let mut writer = RunWriter::default();
            let both = self.runs.len() - 2..;
            merge(&self.runs[both.clone()], |key, payload| writer.push(key, payload));
            self.runs.drain(both);
            self.runs.push(writer.finish());
        }
    }
}

impl Run {
    fn get(&self, key: &str) -> Option<&str> {
        let block = self.restarts.partition_point(|start| self.first_key(*start) <= key).checked_sub(1)?;
        let mut reader = Reader::new(self.text.get(self.restarts[block]..)?, true);
        for _ in 0..RESTART {
            if !reader.advance().ok()? || reader.key.as_str() > key {
                return None;
            }
            if reader.key == key {
                return Some(reader.payload);
            }
        }
        None
    }

    fn first_key(&self, start: usize) -> &str {
        let text = self.text.get(start..).unwrap_or_default();
        Reader::new(text, true).whole_key().unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct RunWriter {
    writer: Writer,
    restarts: Vec<usize>,
    len: usize,
}

impl RunWriter {
    fn push(&mut self, key: &str, payload: &str) {
        if self.len.is_multiple_of(RESTART) {
            self.restarts.push(self.writer.text.len());
            self.writer.restart();
        }
        self.writer.entry(key, payload);
        self.len += 1;
    }

    fn into_map(self) -> RunMap {
        let run = self.finish();
        let runs = if run.len > 0 { vec![run] } else { Vec::new() };
        RunMap { runs, ..RunMap::default() }
    }

    fn finish(self) -> Run {
        let (mut text, mut restarts) = (self.writer.text, self.restarts);
        text.shrink_to_fit();
        restarts.shrink_to_fit();
        Run { text, restarts, len: self.len }
    }
}

/// Every key of the runs once, in order, with the payload of the newest run that has it.
fn merge<'a>(runs: &'a [Run], mut visit: impl FnMut(&str, &'a str)) {
    // What the runs hold was written here, so reading cannot fail; a run that did would end early.
    let next = |reader: &mut Reader<'a>| reader.advance().unwrap_or(false);
    let mut readers: Vec<_> = runs.iter().map(|run| Reader::new(&run.text, true)).collect();
    readers.retain_mut(next);
    let mut first = String::new();
    while let Some(smallest) = readers.iter().map(|reader| reader.key.as_str()).min() {
        first.clear();
        first.push_str(smallest);
        // Newest last: the last one that has the key wins.
        let mut payload = "";
        readers.retain_mut(|reader| {
            if reader.key != first {
                return true;
            }
            payload = reader.payload;
            next(reader)
        });
        visit(&first, payload);
    }
}
