//! The differences between two catalogs, stream by stream.

use super::schema;
use super::{Change, Impact};
use crate::protocol::{Catalog, CatalogStream};

/// All that is other in `current` than in `locked`, in the order of the streams.
///
/// Breaking: a stream, a field or a sync mode is gone; a type is narrowed, widened or exchanged, or loses null; a format,
/// the cursor or the primary key is another. An addition: a stream, field, sync mode, value of a choice, or null where
/// there was none. Of no impact: titles, descriptions, the order of streams and fields.
#[must_use]
pub fn changes(locked: &Catalog, current: &Catalog) -> Vec<Change> {
    let mut found = Vec::new();
    for old in &locked.streams {
        match find(current, old) {
            Some(new) => stream(old, new, &mut found),
            None => found.push(Change::new(Impact::Breaking, called(old), "the stream is gone")),
        }
    }
    for new in &current.streams {
        if find(locked, new).is_none() {
            found.push(Change::new(Impact::Addition, called(new), "the stream is new"));
        }
    }
    if found.is_empty() && written(locked) != written(current) {
        found.push(Change::new(Impact::None, "catalog", "the order of streams or fields is another"));
    }
    found
}

/// A catalog as it is written, in which order shows.
pub(super) fn written(catalog: &Catalog) -> String {
    let mut text = serde_json::to_string_pretty(catalog).unwrap_or_default();
    text.push('\n');
    text
}

fn find<'a>(catalog: &'a Catalog, like: &CatalogStream) -> Option<&'a CatalogStream> {
    catalog.streams.iter().find(|stream| stream.name == like.name && stream.namespace == like.namespace)
}

fn called(stream: &CatalogStream) -> String {
    match &stream.namespace {
        Some(namespace) => format!("{namespace}:{}", stream.name),
        None => stream.name.clone(),
    }
}

fn stream(old: &CatalogStream, new: &CatalogStream, found: &mut Vec<Change>) {
    let name = called(new);
    let mut say = |impact, what: String| found.push(Change::new(impact, name.as_str(), what));
    for mode in old.supported_sync_modes.iter().filter(|mode| !new.supported_sync_modes.contains(mode)) {
        say(Impact::Breaking, format!("the sync mode {mode} is gone"));
    }
    for mode in new.supported_sync_modes.iter().filter(|mode| !old.supported_sync_modes.contains(mode)) {
        say(Impact::Addition, format!("the sync mode {mode} is new"));
    }
    let (was, is) = (&old.default_cursor_field, &new.default_cursor_field);
    match (was.is_empty(), is.is_empty()) {
        (true, false) => say(Impact::Addition, format!("the cursor `{}` is new", is.join("."))),
        (false, true) => say(Impact::Breaking, format!("the cursor `{}` is gone", was.join("."))),
        _ if was != is => {
            let (was, is) = (was.join("."), is.join("."));
            say(
                Impact::Breaking,
                format!("the cursor was `{was}` and is `{is}`: states of earlier syncs do not fit any more"),
            );
        }
        _ => {}
    }
    let (was, is) = (keys(&old.source_defined_primary_key), keys(&new.source_defined_primary_key));
    match (was.is_empty(), is.is_empty()) {
        (true, false) => say(Impact::Addition, format!("the primary key {is} is new")),
        (false, true) => say(Impact::Breaking, format!("the primary key {was} is gone")),
        _ if was != is => say(Impact::Breaking, format!("the primary key was {was} and is {is}")),
        _ => {}
    }
    match (old.source_defined_cursor == Some(true), new.source_defined_cursor == Some(true)) {
        (true, false) => say(Impact::Breaking, "the source does not define the cursor any more".to_owned()),
        (false, true) => say(Impact::Addition, "the source defines the cursor".to_owned()),
        _ => {}
    }
    match (old.is_resumable == Some(true), new.is_resumable == Some(true)) {
        (true, false) => say(Impact::None, "a full refresh that is cut off begins anew".to_owned()),
        (false, true) => say(Impact::Addition, "a full refresh that is cut off goes on where it was".to_owned()),
        _ => {}
    }
    schema::compare(&old.json_schema.clone().into_value(), &new.json_schema.clone().into_value(), &name, found);
}

/// `id`, `account.id + day`.
fn keys(paths: &[Vec<String>]) -> String {
    let mut names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.join("."))).collect();
    names.sort();
    names.join(" + ")
}
