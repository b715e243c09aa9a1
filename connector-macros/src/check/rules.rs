//! The rules of `#[on]`.

use crate::attributes::{Entries, Value};
use crate::errors::Errors;
use syn::Expr;

/// How long a retry waits: of these, a rule has one.
const WAITS: &[&str] = &["wait", "wait_at", "wait_header"];
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
