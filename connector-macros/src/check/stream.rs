//! The rules of a stream.

use crate::attributes::Entries;
use crate::errors::Errors;
use crate::input::Item;
use proc_macro2::Span;

/// A stream's name is there, and is one word of the protocol.
pub(crate) fn name(http: &Entries, errors: &Errors) {
    for key in ["name", "namespace"] {
        if let Some(text) = http.text(key).filter(|text| text.value().trim().is_empty()) {
            errors.at(text, format!("`{key}` is empty"));
        }
    }
}

/// A request has one body, and GET has none.
pub(crate) fn body(http: &Entries, errors: &Errors) {
    let (body, form) = (http.get("body"), http.get("form"));
    if let (Some(_), Some(form)) = (body, form) {
        errors.at(&form.ident, "`form` and `body` exclude each other: a request has one body");
    }
    if let (Some(("GET", method)), Some(_)) = (http.choice("method"), body.or(form)) {
        errors.at(
            method,
            "a GET request has no body; leave `method` out (it is POST then), or send the values as `params`",
        );
    }
}

/// A stream has one cursor.
pub(crate) fn cursors(spans: &[Span], errors: &Errors) {
    for span in spans.iter().skip(1) {
        errors.spanned(*span, "a stream has one cursor; this is the second");
    }
}

/// A key has a value in every record.
pub(crate) fn key_fields(item: &Item, errors: &Errors) {
    for field in item.fields() {
        let key = field.attributes.iter().find(|attribute| attribute.path().is_ident("primary_key"));
        if let Some(attribute) = key {
            if field.is_option() {
                errors.at(
                    &field.ty,
                    format!("the primary key `{}` cannot be optional: a record without it has no identity; make it a plain type", field.ident),
                );
            }
            if field.serde.skip || field.serde.flatten {
                errors.at(
                    attribute.path(),
                    format!("`{}` has no place of its own in the JSON record, so it cannot be a key", field.ident),
                );
            }
        }
    }
}

/// A stream is divided in one way.
pub(crate) fn partitions(http: &Entries, partition: &Entries, errors: &Errors) {
    let given = [http.get("parent"), http.get("partitions")];
    if let (Some(span), Some(other)) = (partition.span, given.into_iter().flatten().next()) {
        errors.spanned(
            span,
            format!("#[partition] and `{}` exclude each other: a stream is divided in one way", other.key),
        );
    }
    if let Some(span) = partition.span.filter(|_| partition.named.is_empty() && !partition.broken) {
        errors.spanned(span, "#[partition] names its lists: `#[partition(region = config.regions)]`");
    }
}

/// A stream depends on a parent.
pub(crate) fn dependency(http: &Entries, errors: &Errors) {
    if let (Some(incremental), None) = (http.get("incremental"), http.get("parent"))
        && !http.broken
    {
        errors.at(
            &incremental.ident,
            "`incremental` belongs to `parent`: it says that the parent is read incrementally; a stream of its own is incremental by its #[cursor]",
        );
    }
}
