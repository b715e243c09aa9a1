//! The rules of `#[transform]`.

use crate::attributes::{Entries, Value};
use crate::errors::Errors;
use crate::keys::hint;
use proc_macro2::Span;
use syn::LitStr;

/// The forms of dates that have names.
const FORMS: &[&str] = &["rfc3339", "epoch_seconds", "epoch_millis", "epoch_micros"];

/// All rules of a transform.
pub(crate) fn transform(entries: &Entries, errors: &Errors) {
    let Some(span) = entries.span else { return };
    if entries.iter().next().is_none() && !entries.broken {
        errors.spanned(span, "#[transform] says what is made of records: `#[transform(cast)]`");
    }
    if let (Some(copy), None, false) = (entries.get("copy"), entries.get("explode"), entries.broken) {
        errors.at(&copy.ident, "`copy` belongs to `explode`: it says which fields around the list are kept");
    }
    if let (Some(entry), Some(empty)) = (entries.get("empty"), entries.keys("empty"))
        && empty.iter().next().is_none()
        && !empty.broken
    {
        errors.at(&entry.ident, "`empty` says what becomes of what: `empty(strings = null)`");
    }
    for key in ["entries", "wrap", "flatten"] {
        if let Some(text) = entries.text(key).filter(|text| text.value().is_empty()) {
            errors.at(text, format!("`{key}` is empty"));
        }
    }
    for text in entries.text("explode").into_iter().chain(entries.texts("lift")) {
        path(&text.value(), text.span(), errors);
    }
    for key in ["copy", "rename", "replace_in_keys"] {
        for named in entries.values(key) {
            match &named.value {
                Value::Template(template) => match template.constant() {
                    Some(text) if key != "replace_in_keys" => path(&text, template.span, errors),
                    Some(_) => {}
                    None => errors
                        .spanned(template.span, format!("`{key}` takes texts as they stand, without placeholders")),
                },
                Value::Expr(other) => errors.at(other, format!("`{key}` takes strings: `{} = \"…\"`", named.name)),
            }
        }
    }
    entries.texts("dates").iter().for_each(|form| date(form, errors));
}

/// Each step of a path has a name.
fn path(text: &str, span: Span, errors: &Errors) {
    if text.split('.').any(str::is_empty) {
        errors.spanned(span, format!("the path `{text}` has an empty step; write it like `order.lines`"));
    }
}

/// A form has a name, or is a pattern.
fn date(form: &LitStr, errors: &Errors) {
    let text = form.value();
    if text.contains('%') || FORMS.contains(&text.as_str()) {
        return;
    }
    let hint = hint(&text, FORMS.iter().copied(), || {
        format!("it is a pattern, like `%d/%m/%Y`, or one of {}", FORMS.join(", "))
    });
    errors.at(form, format!("`{text}` is no form of dates; {hint}"));
}
