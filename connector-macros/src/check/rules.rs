//! The rules of `#[on]`.

use crate::attributes::{Entries, Value};
use crate::errors::Errors;
use crate::keys::nearest;
use syn::Expr;

/// How long a retry waits: of these, a rule has one.
const WAITS: &[&str] = &["wait", "wait_at", "wait_header", "wait_text", "wait_rate", "wait_until"];
/// What stands for the time in `wait_text`.
const TIMES: &[&str] = &["millis", "seconds", "minutes", "hours", "moment"];
const CONDITIONS: &[&str] = &["status", "header", "body", "has", "text"];

/// A rule has conditions, and one meaning.
pub(crate) fn rule(entries: &Entries, errors: &Errors) {
    let Some(span) = entries.span else { return };
    let mut meanings = entries.iter().filter(|entry| !CONDITIONS.contains(&entry.key) && !WAITS.contains(&entry.key));
    let first = meanings.next();
    for other in meanings {
        let first = first.map_or("", |first| first.key);
        errors.at(&other.ident, format!("`{}` and `{first}` exclude each other: an answer means one thing", other.key));
    }
    waits(entries, errors);
    words(entries, errors);
    if entries.broken {
        return;
    }
    if first.is_none() {
        errors.spanned(span, "this rule does not say what the answer means: success, ignore, retry, rate_limited, refresh, restart or fail = \"…\"");
    }
    if !entries.iter().any(|entry| CONDITIONS.contains(&entry.key)) {
        errors.spanned(span, "this rule has no condition: status, header, body, has or text");
    }
    if let Some((_, Value::Expr(Expr::Range(range)))) = entries.value("status")
        && (range.start.is_none() || range.end.is_none())
    {
        errors.at(range, "a range of statuses has both ends: `status = 500..=599`");
    }
}

/// Only what is asked again waits, and it waits once.
fn waits(entries: &Entries, errors: &Errors) {
    let mut waits = entries.iter().filter(|entry| WAITS.contains(&entry.key));
    let Some(first) = waits.next() else { return };
    if !entries.broken && entries.get("retry").or_else(|| entries.get("rate_limited")).is_none() {
        errors.at(&first.ident, format!("`{}` belongs to `retry` or `rate_limited`: nothing else waits", first.key));
    }
    for other in waits {
        errors.at(&other.ident, format!("`{}` and `{}` exclude each other: a rule waits once", other.key, first.key));
    }
}

/// The text names one time, and what it counts.
fn words(entries: &Entries, errors: &Errors) {
    let Some(text) = entries.text("wait_text") else { return };
    let value = text.value();
    let mut names = value.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default());
    let first = names.next();
    let message = match (first, names.next()) {
        (None, _) => {
            "`wait_text` does not say where the time is: `wait_text = \"try again in {seconds} seconds\"`".to_owned()
        }
        (Some(_), Some(_)) => "`wait_text` has one placeholder, the time".to_owned(),
        (Some(name), None) if !TIMES.contains(&name) => match nearest(name, TIMES.iter().copied()) {
            Some(meant) => format!("`{{{name}}}` is no time; did you mean `{{{meant}}}`?"),
            None => format!("`{{{name}}}` is no time; it is one of {}", TIMES.join(", ")),
        },
        _ => return,
    };
    errors.at(text, message);
}
