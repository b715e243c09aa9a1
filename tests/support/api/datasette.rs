//! Two tables of three rows in pages of two, as datasette serves them with `_shape=objects`.

use crate::{Reply, Request};

use super::TOKEN;

pub(super) fn rows(table: &str, request: &Request) -> Reply {
    if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return Reply::status(403).header("Content-Type", "text/html").body("<title>Forbidden</title>");
    }
    let since = request.param("updated_at__gte").unwrap_or_default();
    let rows: Vec<String> = (1..=3)
        .map(|id| (id, format!("2024-01-0{id}T00:00:00Z")))
        .filter(|row| row.1.as_str() >= since)
        .map(|row| row_of(table, row))
        .collect();
    let start = request.param("_next").and_then(|next| next.parse::<usize>().ok()).unwrap_or(0);
    let rest = rows.get(start..).unwrap_or_default();
    let part = rest.get(..2).unwrap_or(rest);
    let host = request.header("host").unwrap_or_default();
    // The other parameters come back in the address of the next page, as they do from datasette.
    let kept = request.query.iter().filter(|(name, _)| name != "_next").map(|(name, value)| format!("{name}={value}&"));
    let next = match part.len() < rest.len() {
        true => format!(r#""http://{host}{}?{}_next={}""#, request.path, kept.collect::<String>(), start + 2),
        false => "null".to_owned(),
    };
    Reply::json(format!(r#"{{"ok":true,"next_url":{next},"rows":[{}],"truncated":false}}"#, part.join(",")))
}

fn row_of(table: &str, (id, changed): (u32, String)) -> String {
    if table == "companies" {
        format!(
            r#"{{"id":{id},"name":"Über {id}","country":"DE","revenue":{id}0.5,"founded":"190{id}-01-01","updated_at":"{changed}"}}"#
        )
    } else {
        format!(
            r#"{{"id":"c~d-{id}","company_id":{id},"email":null,"score":9007199254740993,"bio":"","extra":null,"updated_at":"{changed}"}}"#
        )
    }
}
