//! The rules of `#[job]`.

use crate::attributes::{Entries, Value};
use crate::errors::Errors;
use proc_macro2::Span;

/// The keys that say what a status means.
const STATUSES: &[&str] = &["running", "done", "empty", "failed"];

/// All rules of a job.
pub(crate) fn job(entries: &Entries, errors: &Errors) {
    let Some(span) = entries.span else { return };
    created(entries, errors);
    known_status(entries, errors);
    one_meaning(entries, errors);
    if entries.broken {
        return;
    }
    polled(entries, span, errors);
    ends(entries, span, errors);
    has_results(entries, span, errors);
}

/// What is kept of the answer is named by its path; `result` is the result at hand.
fn created(entries: &Entries, errors: &Errors) {
    let headers = entries.values("created_headers");
    for named in headers.iter().filter(|named| entries.values("created").iter().any(|other| other.name == named.name)) {
        errors.spanned(named.span, format!("`{}` is given by `created` already", named.name));
    }
    for named in entries.values("created").iter().chain(headers) {
        let path = match &named.value {
            Value::Template(template) => template.constant(),
            Value::Expr(_) => None,
        };
        if path.is_none() {
            errors.spanned(
                named.span,
                format!("`{0}` is the path of a value in the answer: `{0} = \"data.id\"`", named.name),
            );
        }
        if named.name == "result" {
            errors.spanned(named.span, "`job.result` is the result to be downloaded; choose another name");
        }
    }
}

/// The status is asked for somewhere.
fn polled(entries: &Entries, span: Span, errors: &Errors) {
    let poll = entries.keys("poll");
    if let Some((path, url)) = poll.and_then(|poll| poll.get("path").zip(poll.get("url"))) {
        errors.at(
            &url.ident,
            format!("`url` and `{}` exclude each other: the status is asked for in one place", path.key),
        );
    }
    if poll.is_none_or(|poll| poll.get("path").is_none() && poll.get("url").is_none() && !poll.broken) {
        errors
            .spanned(span, "nothing says how the job's status is asked for; give `poll(path = \"reports/{job.id}\")`");
    }
}

/// Something tells that it is done.
fn ends(entries: &Entries, span: Span, errors: &Errors) {
    match (entries.get("status"), entries.get("done")) {
        (Some(status), None) => {
            errors.at(&status.ident, "nothing tells when the job is done; name its status: `done(\"READY\")`")
        }
        (None, None) if entries.get("results").is_none() => errors.spanned(
            span,
            "nothing tells when the job is done; give `status = \"…\"` with `done(\"READY\")`, or `results`",
        ),
        _ => {}
    }
}

/// A status has a place before it has a meaning.
fn known_status(entries: &Entries, errors: &Errors) {
    if entries.get("status").is_some() || entries.broken {
        return;
    }
    for entry in entries.iter().filter(|entry| STATUSES.contains(&entry.key)) {
        errors.at(
            &entry.ident,
            format!("`{}` names a status, but nothing says where it is; give `status = \"…\"`", entry.key),
        );
    }
}

/// A status means one thing.
fn one_meaning(entries: &Entries, errors: &Errors) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for entry in entries.iter().filter(|entry| STATUSES.contains(&entry.key)) {
        for word in entries.texts(entry.key) {
            match seen.iter().find(|(known, _)| *known == word.value()) {
                Some((known, group)) => {
                    errors.at(word, format!("`{known}` is named by `{group}` already: a status means one thing"))
                }
                None => seen.push((word.value(), entry.key)),
            }
        }
    }
}

/// The results are somewhere.
fn has_results(entries: &Entries, span: Span, errors: &Errors) {
    let download = entries.get("download").zip(entries.keys("download"));
    match download {
        None if entries.get("results").is_none() => errors.spanned(
            span,
            "nothing says where the results are; give `results = \"files.*.url\"`, or `download(path = \"reports/{job.id}/rows\")`",
        ),
        Some((entry, keys)) if keys.get("path").is_none() && !keys.broken => errors.at(
            &entry.ident,
            "`download` lacks its path: `download(path = \"reports/{job.id}/rows\")`; a result that is a URL needs none of it",
        ),
        _ => {}
    }
    if let Some(optional) = entries.get("results_optional")
        && entries.get("results").is_none()
    {
        errors.at(&optional.ident, "`results_optional` belongs to `results`");
    }
}
