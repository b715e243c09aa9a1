//! A bucket with a collection of three records in pages of two, as Kinto serves them; the third is deleted after the first read.

use crate::{Reply, Request};

/// The user `reader`, whose password is [`TOKEN`](crate::TOKEN).
const BASIC: &str = "Basic cmVhZGVyOmFwaS10b2tlbi1vZi10aGUtdGVzdHM=";
/// Milliseconds since 1970 of the first record's last change.
const START: u64 = 1_704_067_200_000;

pub(super) fn list(what: &str, request: &Request, changed: bool) -> Reply {
    if request.header("authorization") != Some(BASIC) {
        return Reply::json(r#"{"code":401,"message":"Please authenticate yourself to use this endpoint."}"#)
            .with_status(401);
    }
    let since = request.param("_since").and_then(|since| since.parse::<u64>().ok());
    let rows: Vec<String> = match what {
        "buckets" => vec![format!(r#"{{"id":"shop","last_modified":{START}}}"#)],
        "collections" => vec![format!(r#"{{"id":"orders","last_modified":{START},"schema_version":2}}"#)],
        _ => records(changed)
            .into_iter()
            .filter(|row| since.is_none_or(|since| row.0 > since))
            .map(|row| row.1)
            .collect(),
    };
    let start = request.param("_token").and_then(|token| token.parse::<usize>().ok()).unwrap_or(0);
    let rest = rows.get(start..).unwrap_or_default();
    let part = rest.get(..2).unwrap_or(rest);
    let reply = Reply::json(format!(r#"{{"data":[{}]}}"#, part.join(",")));
    if part.len() == rest.len() {
        return reply;
    }
    let host = request.header("host").unwrap_or_default();
    reply.header("Next-Page", format!("http://{host}{}?_sort=last_modified&_token={}", request.path, start + 2))
}

fn records(changed: bool) -> Vec<(u64, String)> {
    let mut rows: Vec<_> = (1..=3)
        .map(|id| (START + id, format!(r#"{{"id":"order-{id}","last_modified":{},"title":"Über {id}"}}"#, START + id)))
        .collect();
    if changed {
        rows.pop();
        rows.push((START + 9, format!(r#"{{"id":"order-3","last_modified":{},"deleted":true}}"#, START + 9)));
    }
    rows
}
