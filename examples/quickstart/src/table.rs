//! What a read did, as a table: records and seconds as the connector's messages tell them, requests as the API saw them.

use serde_json::{Value, error};

use crate::api::Seen;

#[derive(Default)]
struct Row {
    stream: String,
    records: usize,
    pages: usize,
    requests: usize,
    retries: usize,
    started: f64,
    ended: f64,
}

/// The table of one read.
pub fn of(output: &str, log: &[Seen]) -> Result<String, error::Error> {
    let mut rows: Vec<Row> = Vec::new();
    for line in output.lines() {
        let message: Value = serde_json::from_str(line)?;
        let status = &message["trace"]["stream_status"];
        if let Some(stream) = message["record"]["stream"].as_str() {
            row(&mut rows, stream).records += 1;
        } else if let Some(stream) = status["stream_descriptor"]["name"].as_str() {
            let at = message["trace"]["emitted_at"].as_f64().unwrap_or_default();
            let row = row(&mut rows, stream);
            row.ended = at;
            if status["status"] == "STARTED" {
                row.started = at;
            }
        }
    }
    for seen in log {
        let row = row(&mut rows, seen.stream);
        row.requests += 1;
        row.pages += usize::from(seen.status == 200);
        row.retries += usize::from(seen.status == 429);
    }
    rows.sort_by(|a, b| a.stream.cmp(&b.stream));
    let mut text =
        format!("{:8}{:>9}{:>7}{:>10}{:>9}{:>9}", "stream", "records", "pages", "requests", "retries", "seconds");
    for row in rows {
        let seconds = (row.ended - row.started) / 1000.0;
        text.push_str(&format!(
            "\n{:8}{:>9}{:>7}{:>10}{:>9}{seconds:>9.1}",
            row.stream, row.records, row.pages, row.requests, row.retries
        ));
    }
    Ok(text)
}

/// The row of a stream, made when it is first seen.
fn row<'a>(rows: &'a mut Vec<Row>, stream: &str) -> &'a mut Row {
    let index = rows.iter().position(|row| row.stream == stream).unwrap_or_else(|| {
        rows.push(Row { stream: stream.to_owned(), ..Row::default() });
        rows.len() - 1
    });
    &mut rows[index]
}
