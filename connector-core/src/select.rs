//! Which streams a command reads, and how.

use std::collections::HashSet;
use std::sync::Arc;

use crate::engine::{Refused, Selection};
use crate::log::Log;
use crate::nearest;
use crate::protocol::{Catalog, ConfiguredCatalog, ConfiguredStream, IncomingState, SyncMode};
use crate::state::ResumePoint;
use crate::stream::{Resume, Stream, StreamDescriptor};
use crate::{Error, ErrorKind, Result};

/// The streams that `check` reads the first page of: those that the source names, or the first without a parent.
pub(crate) fn for_check(streams: &[Arc<dyn Stream>], named: &[&'static str]) -> Result<Vec<Selection>> {
    let all = || streams.iter().map(|stream| stream.descriptor());
    let chosen: Vec<&'static str> = if named.is_empty() {
        all()
            .find(|stream| stream.parent.is_none())
            .or_else(|| all().next())
            .map(|stream| stream.name)
            .into_iter()
            .collect()
    } else {
        named.to_vec()
    };
    for name in &chosen {
        if !all().any(|stream| stream.name == *name) {
            let text = format!("the source's `check` names the stream `{name}`, which it does not have");
            return Err(Error::new(ErrorKind::Internal, text));
        }
    }
    Ok(chosen.into_iter().map(|stream| Selection { stream, state: None, resume: None, incremental: false }).collect())
}

/// The catalog of a person at a shell: all streams or the named ones, incremental where possible.
pub(crate) fn everything(catalog: &Catalog, wanted: Option<&[String]>) -> Result<ConfiguredCatalog> {
    let mut configured = ConfiguredCatalog::all(catalog);
    let Some(wanted) = wanted else { return Ok(configured) };
    for name in wanted {
        if !catalog.streams.iter().any(|stream| stream.name == *name) {
            return Err(unknown(name, catalog.streams.iter().map(|stream| stream.name.as_str())));
        }
    }
    configured.streams.retain(|stream| wanted.contains(&stream.stream.name));
    Ok(configured)
}

/// What a configured catalog asks for, and what of it cannot be done. `unasked`: why streams that are no constants could not
/// be found.
pub(crate) fn of_catalog(
    streams: &[Arc<dyn Stream>],
    catalog: &ConfiguredCatalog,
    state: &IncomingState,
    unasked: Option<&Error>,
    log: &Log,
) -> (Vec<Selection>, Vec<Refused>) {
    let mut selections = Vec::new();
    let mut refused = Vec::new();
    let mut seen = HashSet::new();
    for configured in &catalog.streams {
        let name = &configured.stream;
        if !seen.insert(name.clone()) {
            log.warn(format_args!("the catalog configures the stream `{}` twice; it is read once", name.name));
            continue;
        }
        let descriptor = streams.iter().map(|stream| stream.descriptor()).find(|stream| stream.name == name.name);
        let selection = match descriptor {
            None => Err(unasked
                .cloned()
                .unwrap_or_else(|| unknown(&name.name, streams.iter().map(|stream| stream.descriptor().name)))),
            Some(descriptor) => select(descriptor, configured, state, log),
        };
        match selection {
            Ok(selection) => selections.push(selection),
            Err(error) => refused.push(Refused { stream: name.clone(), error: error.in_stream(&name.name) }),
        }
    }
    (selections, refused)
}

/// Tells of states of streams that the source does not have: where one was renamed, it would begin anew without a word.
pub(crate) fn warn_of_strange_states(streams: &[Arc<dyn Stream>], state: &IncomingState, log: &Log) {
    let known = || streams.iter().map(|stream| stream.descriptor().name);
    for (name, _) in state.streams().filter(|(name, _)| !known().any(|known| known == name.name)) {
        let hint = nearest(&name.name, known()).map(|near| format!("; if it is `{near}` now, rename it in the state"));
        log.warn(format_args!(
            "the state names the stream `{}`, which the source does not have: it is not used{}",
            name.name,
            hint.unwrap_or_default()
        ));
    }
}

fn select(
    descriptor: &'static StreamDescriptor,
    configured: &ConfiguredStream,
    state: &IncomingState,
    log: &Log,
) -> Result<Selection> {
    let name = descriptor.name;
    let incremental = match &configured.sync_mode {
        SyncMode::FullRefresh => false,
        SyncMode::Incremental if descriptor.is_incremental() => true,
        SyncMode::Incremental => {
            log.info(format_args!(
                "stream `{name}` has no cursor: it is read in full although incremental was asked for"
            ));
            false
        }
        SyncMode::Other(mode) => {
            let text = format!("the catalog asks for the sync mode `{mode}`; full_refresh and incremental exist");
            return Err(Error::new(ErrorKind::Catalog, text));
        }
    };
    if let Some(cursor) = descriptor.cursor.filter(|_| incremental) {
        let asked = &configured.cursor_field;
        if !asked.is_empty() && *asked != cursor.path {
            let (asked, own) = (asked.join("."), cursor.path.join("."));
            log.warn(format_args!(
                "stream `{name}`: the catalog's cursor `{asked}` is ignored, the source defines `{own}`"
            ));
        }
    }
    let incoming = state.stream_state(name, descriptor.namespace);
    let state = incoming.filter(|_| incremental).cloned();
    let resume = configured.sync_id.filter(|_| !incremental && descriptor.resumable).map(|sync_id| {
        let page = incoming.and_then(|incoming| ResumePoint::of_document(incoming, sync_id)).map(|point| point.page);
        Resume { sync_id, page }
    });
    if resume.as_ref().is_some_and(|resume| resume.page.is_some()) {
        log.info(format_args!("stream `{name}`: goes on where an earlier attempt of the same sync was cut off"));
    }
    Ok(Selection { stream: name, state, resume, incremental })
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Error {
    let hint = match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    };
    Error::new(ErrorKind::Catalog, format!("the source has no stream `{name}`; {hint}"))
}
