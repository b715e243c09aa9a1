//! What is done with records.

use crate::attributes::Entries;
use crate::errors::Errors;
use crate::model::Stream;
use proc_macro2::Ident;
use std::collections::BTreeSet;

/// Added fields stand beside the record's own, each once.
pub(crate) fn added(add: &Entries, errors: &Errors) {
    if let Some(span) = add.span.filter(|_| add.named.is_empty() && !add.broken) {
        errors.spanned(span, "#[add] names its fields: `#[add(user_id = parent.id)]`");
    }
    let mut seen = BTreeSet::new();
    for named in &add.named {
        if named.name.contains('.') {
            errors.spanned(
                named.span,
                format!("`{}` has a dot; an added field stands beside the record's own, under one name", named.name),
            );
        }
        if !seen.insert(named.name.as_str()) {
            errors.spanned(named.span, format!("the field `{}` is added twice", named.name));
        }
    }
}

/// Something is removed.
pub(crate) fn removed(remove: &Entries, errors: &Errors) {
    if let Some(span) = remove.span.filter(|_| remove.bare.is_empty() && !remove.broken) {
        errors.spanned(span, "#[remove] names its fields: `#[remove(secret, owner.email)]`");
    }
}

/// What identifies a record, and what tells that it is new, leaves with it.
pub(crate) fn kept(stream: &Stream<'_>, errors: &Errors) {
    let then = stream.cursor.as_ref().and_then(|cursor| Some(cursor.then()?.0));
    let cursor = stream.cursor.iter().map(|cursor| &cursor.path).chain(&then).map(|path| (path, "cursor"));
    let named: Vec<_> = stream.key.iter().map(|path| (path, "primary key")).chain(cursor).collect();
    for removed in &stream.remove {
        let Some((_, what)) = named.iter().find(|(path, _)| path.starts_with(removed)) else { continue };
        if let Some(last) = removed.last() {
            errors.at(last, format!("the {what} leaves with its record: `{}` cannot be removed", words(removed)));
        }
    }
}

fn words(path: &[Ident]) -> String {
    path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}
