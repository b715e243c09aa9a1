//! The rules of `#[on]`.

use crate::attributes::{Entries, Value};
use crate::errors::Errors;
use syn::Expr;

const CONDITIONS: &[&str] = &["status", "header", "body", "has", "text"];

/// A rule has conditions, and one meaning.
pub(crate) fn rule(entries: &Entries, errors: &Errors) {
    let Some(span) = entries.span else { return };
    let mut meanings = entries.iter().filter(|entry| !CONDITIONS.contains(&entry.key));
    let first = meanings.next();
    for other in meanings {
        let first = first.map_or("", |first| first.key);
        errors.at(&other.ident, format!("`{}` and `{first}` exclude each other: an answer means one thing", other.key));
    }
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
