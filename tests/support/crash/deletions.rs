//! Deletions that are told by syncs which are cut off: in the end a table that follows them is as the source.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Case, Outcome, Pipe, chance, sync_from};

/// A table that takes records and deletions, and the last state.
#[derive(Debug, Default)]
struct Table {
    rows: BTreeSet<u64>,
    state: BTreeMap<String, Value>,
    outcome: Outcome,
}

impl Table {
    fn take(&mut self, output: &[u8], gone: u64) {
        let whole = output.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        for line in output[..whole].split_inclusive(|&byte| byte == b'\n') {
            let message: Value = match serde_json::from_slice(line) {
                Ok(message) => message,
                Err(error) => return self.outcome.faults.push(error.to_string()),
            };
            let figures = &mut self.outcome.figures;
            match message["type"].as_str() {
                Some("RECORD") => {
                    figures.records += 1;
                    figures.record_bytes += line.len() as u64;
                    let data = &message["record"]["data"];
                    let id = data["id"].as_u64().unwrap_or(u64::MAX);
                    if data.get("_ab_cdc_deleted_at").is_none() {
                        figures.doubles += u64::from(!self.rows.insert(id));
                    } else if id >= gone {
                        self.outcome.faults.push(format!("row {id} is there and was told as deleted"));
                    } else {
                        figures.doubles += u64::from(!self.rows.remove(&id));
                    }
                }
                Some("STATE") => {
                    figures.states += 1;
                    figures.state_bytes += line.len() as u64;
                    self.state.insert("roster".to_owned(), message["state"].clone());
                }
                _ => {}
            }
        }
    }
}

/// Reads a roster whole; then, some of its rows gone and others new, cuts the next syncs off at these bytes before one ends.
pub async fn survive_deletions(cuts: &[usize]) -> Outcome {
    let case = roster();
    let changed = json!({"rows": 160, "gone": 50, "page": 7});
    let mut table = Table::default();
    let syncs = std::iter::once((&case.config, usize::MAX))
        .chain(cuts.iter().map(|cut| (&changed, *cut)))
        .chain([(&changed, usize::MAX), (&changed, usize::MAX)]);
    for (config, cut) in syncs {
        let pipe = Pipe::breaking_after(cut);
        let states: Vec<&Value> = table.state.values().collect();
        let ended =
            match connector_core::protocol::IncomingState::parse(&serde_json::to_vec(&states).unwrap_or_default()) {
                Ok(state) => sync_from(&case, config, state, &pipe).await,
                Err(error) => Err(error),
            };
        if let (Err(error), usize::MAX) = (&ended, cut) {
            table.outcome.faults.push(error.to_string());
        }
        table.outcome.syncs += 1;
        let gone = config["gone"].as_u64().unwrap_or_default();
        table.take(&pipe.bytes(), gone);
        let there: BTreeSet<u64> = (gone..config["rows"].as_u64().unwrap_or_default()).collect();
        if cut == usize::MAX && table.rows != there {
            let differ: Vec<_> = table.rows.symmetric_difference(&there).collect();
            table.outcome.faults.push(format!("the table differs from the source in rows {differ:?}"));
        }
    }
    table.outcome
}

/// The case of a stream that tells what was deleted, before anything was.
fn roster() -> Case {
    Case {
        name: "deletions",
        streams: &["roster"],
        config: json!({"rows": 120, "gone": 0, "page": 7}),
        grows: false,
        fail_percent: 0,
        one_after_the_other: true,
        job: None,
    }
}

/// As [`campaign`](super::campaign), of deletions.
///
/// # Errors
/// The roster cannot be read even if nothing is cut.
pub async fn campaign_of_deletions(first_cuts: usize) -> connector_core::Result<Outcome> {
    let length = super::read_whole(&roster()).await? * 3 / 2;
    let mut all = Outcome::default();
    for first in (0..=length).step_by((length / first_cuts.max(1)).max(1)) {
        let place = first as u64;
        let cuts = [first, chance(place, length), chance(place + 1_000_003, length)];
        let outcome = survive_deletions(&cuts).await;
        all.syncs += outcome.syncs;
        all.figures.add(&outcome.figures);
        if !outcome.faults.is_empty() {
            all.faults = outcome.faults;
            all.faults.insert(0, format!("deletions cut at {cuts:?}"));
            break;
        }
    }
    Ok(all)
}
