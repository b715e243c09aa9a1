//! Syncs that are cut off at a byte, resumed from the last complete states, and cut off again.
//!
//! `pipe` breaks, `platform` keeps what got through and knows what must not be, `case` says what is read.

mod case;
mod deletions;
mod pipe;
mod platform;

use connector_core::protocol::{ConfiguredCatalog, ConfiguredStream, IncomingState, StreamName, SyncMode};
use connector_core::sink::{StdoutFormat, StdoutSink};
use connector_core::{Connector, ErrorKind, ReadRequest, Summary};
use serde_json::{Value, json};

pub use case::{Case, cases};
pub use deletions::{campaign_of_deletions, survive_deletions};
pub use pipe::Pipe;
pub use platform::{Figures, Platform};

use crate::numbers::{Numbers, World};

/// What came of a case that was cut off.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Syncs that were run.
    pub syncs: u64,
    /// What went wrong; missing records among it.
    pub faults: Vec<String>,
    /// What was counted.
    pub figures: Figures,
}

/// Reads a case whole. Returns the bytes of its output.
///
/// # Errors
/// What the sync failed with.
pub async fn read_whole(case: &Case) -> connector_core::Result<usize> {
    let pipe = Pipe::breaking_after(usize::MAX);
    sync(case, &case.config, &Platform::default(), &pipe).await?;
    Ok(pipe.bytes().len())
}

/// Cuts the syncs of a case off at these bytes, one after the other, then lets one end and one find nothing new.
pub async fn survive(case: &Case, cuts: &[usize], seed: u64) -> Outcome {
    let mut platform = Platform::default();
    let mut config = case.config.clone();
    let mut outcome = Outcome::default();
    for (attempt, cut) in cuts.iter().copied().chain([usize::MAX, usize::MAX]).enumerate() {
        config["seed"] = json!(seed + attempt as u64 + 1);
        config["fail_percent"] = json!(if attempt < cuts.len() { case.fail_percent } else { 0 });
        let pipe = Pipe::breaking_after(cut);
        let ended = sync(case, &config, &platform, &pipe).await;
        outcome.syncs += 1;
        if let Some(fault) = unexpected(&ended, attempt >= cuts.len()) {
            platform.faults.push(format!("sync {attempt}: {fault}"));
        }
        let world = World::new(&config);
        platform.take(&pipe.bytes(), &world);
        if attempt >= cuts.len() {
            let missing = platform.missing(case.streams, &world);
            platform.faults.extend(missing.into_iter().map(|row| format!("missing: {row}")));
        } else if case.grows {
            grow(&mut config, seed + attempt as u64);
        }
    }
    if case.one_after_the_other && platform.figures.late > 0 {
        platform.faults.push(format!("{} records came again that a state had covered", platform.figures.late));
    }
    outcome.faults = platform.faults;
    outcome.figures = platform.figures;
    outcome
}

/// One sync, from the states that the platform has.
async fn sync(case: &Case, config: &Value, platform: &Platform, pipe: &Pipe) -> connector_core::Result<Summary> {
    sync_from(case, config, platform.state()?, pipe).await
}

/// One sync, from these states.
async fn sync_from(case: &Case, config: &Value, state: IncomingState, pipe: &Pipe) -> connector_core::Result<Summary> {
    let streams = case.streams.iter().map(|stream| {
        let mode = if case.job.is_some() { SyncMode::FullRefresh } else { SyncMode::Incremental };
        let mut stream = ConfiguredStream::new(StreamName::new(*stream), mode);
        stream.sync_id = case.job;
        stream
    });
    let catalog = Some(ConfiguredCatalog::new(streams.collect()));
    let request = ReadRequest { catalog, state, ..ReadRequest::all(config.clone()) };
    let sink = StdoutSink::over(pipe.clone(), StdoutFormat::Protocol);
    let connector = Connector::of::<Numbers>().with_limits(|limits| {
        limits.slices = if case.one_after_the_other { 1 } else { 4 };
        limits.waiting_partitions = 2;
    });
    connector.read(request, sink).await
}

/// A cut may end a sync with the loss of its output, a planted fault with the failure of a stream; nothing else may.
fn unexpected(ended: &connector_core::Result<Summary>, uncut: bool) -> Option<String> {
    let error = match ended {
        Ok(summary) => summary.error()?,
        Err(error) => error.clone(),
    };
    let planted = error.kind() == ErrorKind::Output || error.to_string().contains("the server answered 500");
    let several = error.to_string().contains("streams were not read to their ends");
    (uncut || !(planted || several)).then(|| error.to_string())
}

/// Something was written since.
fn grow(config: &mut Value, seed: u64) {
    let mut add = |key: &str, more: u64| {
        if let Some(number) = config[key].as_u64() {
            config[key] = json!(number + more);
        }
    };
    add("rows", seed % 5);
    add("users", u64::from(seed.is_multiple_of(3)));
    add("shards", u64::from(seed.is_multiple_of(4)));
}

/// A number that looks like chance: the `place`-th of a row.
#[must_use]
pub fn chance(place: u64, below: usize) -> usize {
    let mixed = (place ^ (place >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) as usize % below.max(1)
}

/// Runs a case with so many first cuts, spread over its output; the later cuts are left to chance. Stops at the first fault.
///
/// # Errors
/// The case cannot be read even if nothing is cut.
pub async fn campaign(case: &Case, first_cuts: usize) -> connector_core::Result<Outcome> {
    let length = read_whole(case).await?;
    let mut all = Outcome::default();
    for first in (0..=length).step_by((length / first_cuts.max(1)).max(1)) {
        let place = first as u64;
        let cuts = [first, chance(place, length), chance(place + 1_000_003, length)];
        let outcome = survive(case, &cuts, place * 7).await;
        all.syncs += outcome.syncs;
        all.figures.add(&outcome.figures);
        if !outcome.faults.is_empty() {
            all.faults = outcome.faults;
            all.faults.insert(0, format!("case {} cut at {cuts:?}, seed {}", case.name, place * 7));
            break;
        }
    }
    Ok(all)
}
