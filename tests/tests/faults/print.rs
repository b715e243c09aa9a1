//! The matrix as a page of the documentation.

use std::fmt::Write as _;
use std::time::Duration;

use super::row::Row;
use super::run::Ran;

/// One line of the table.
pub(crate) struct Line(String);

impl Line {
    pub(crate) fn new(row: &Row, ran: &Ran) -> Self {
        let mut outcome = match ran.data().len() {
            0 => String::new(),
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        };
        match &ran.error {
            Some(error) => {
                let said = told(&error.to_string(), ran);
                let failed = format!("{} (exit 1): {said}", error.failure_type().as_str());
                outcome = if outcome.is_empty() { failed } else { format!("{outcome}, then {failed}") };
            }
            None if outcome.is_empty() => outcome.push_str("no records, complete"),
            None => {}
        }
        if !row.note.is_empty() {
            let _ = write!(outcome, "; {}", row.note);
        }
        let requests = if row.server_gone { "–".to_owned() } else { ran.requests.len().to_string() };
        Self(format!("| {} | {requests} | {} | {outcome} |", row.fault, waits(ran)))
    }
}

/// A message as Markdown, the same in every run.
fn told(text: &str, ran: &Ran) -> String {
    let text = text.replace(&ran.api, "http://api").replace(&ran.other, "http://other");
    let text = text.replace(ran.api.trim_start_matches("http://"), "api");
    let text = text.replace(ran.other.trim_start_matches("http://"), "other");
    let text = text.replace('|', "\\|");
    // Whether the server ends it or we do is chance.
    let text = text.replace(" in time: no connection within 300ms", "");
    let text = text.replace(": tls handshake eof", "");
    // The C library's own words, which differ.
    let text = match text.split_once("address information: ") {
        Some((before, after)) => {
            format!("{before}address information{}", after.find(';').map_or("", |end| &after[end..]))
        }
        None => text,
    };
    format!("*{text}*")
}

/// Seconds to the hundredth.
pub(crate) fn seconds(wait: Duration) -> f64 {
    (wait.as_secs_f64() * 100.0).round() / 100.0
}

fn waits(ran: &Ran) -> String {
    let mut out = String::new();
    let mut rest = &ran.waits[..];
    while let Some((wait, behind)) = rest.split_first() {
        let same = 1 + behind.iter().take_while(|other| *other == wait).count();
        rest = &rest[same..];
        let comma = if out.is_empty() { "" } else { ", " };
        let times = if same > 1 { format!("{same} × ") } else { String::new() };
        let _ = write!(out, "{comma}{times}{} s", seconds(*wait));
    }
    if out.is_empty() { "–".to_owned() } else { out }
}

const HEAD: &str = "# Faults, and what comes of them

Each line is a test: a server does what the first column says, over real sockets, and a connector with the default limits
reads from it (`tests/tests/faults/`). *Requests* counts what the server saw, *waits* the pauses of the framework, without jitter. A
stream that fails says so in one TRACE ERROR, ends with INCOMPLETE and makes the exit code 1; the others run on. In every line the secrets were
looked for in all that was written, encoded forms included. What needs a process of its own is tested elsewhere: signals and SIGKILL
in `tests/tests/crash_process.rs`, a closed output and unreadable files in `tests/tests/command_line.rs`.

Made by `UPDATE_FAULTS=1 cargo test -p connector-tests --test faults`.
";

/// Compares with the committed page, or updates it.
///
/// # Panics
/// Where they differ.
pub(crate) fn compare(groups: Vec<(&'static str, Vec<Option<Line>>)>, names: &[&str]) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut page = HEAD.to_owned();
    page.push_str(&super::checklist::render(names, &root));
    for (title, lines) in groups {
        let _ = write!(page, "\n## {title}\n\n| The server | Requests | Waits | Outcome |\n|---|---|---|---|\n");
        for Line(line) in lines.into_iter().flatten() {
            let _ = writeln!(page, "{line}");
        }
    }
    if std::env::var_os("FAULTS_LARGE_MB").is_some() {
        return;
    }
    let file = root.join("docs/faults.md");
    if std::env::var_os("UPDATE_FAULTS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let different = page.lines().zip(committed.lines().chain(std::iter::repeat(""))).find(|(now, then)| now != then);
    assert_eq!(different, None, "docs/faults.md is not up to date: UPDATE_FAULTS=1");
    assert_eq!(page.len(), committed.len(), "docs/faults.md is not up to date: UPDATE_FAULTS=1");
}
