//! The fault matrix: what an API does on a bad day, and what comes of it, over real sockets.
//!
//! `api` is the connector, `row` a line of the table, `run` reads with it, `verdict` compares; the lines themselves, by
//! outcome, are in `rows/`. `print` writes them to `docs/faults.md` (`UPDATE_FAULTS=1` updates the file).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod api;
mod bodies;
mod checklist;
mod clock;
mod print;
mod row;
mod rows;
mod run;
mod verdict;

use print::Line;
use row::Row;

/// Runs rows side by side, for some of them wait for a real timeout. A row that fails has told why and leaves no line.
fn lines(rows: Vec<Row>) -> Vec<Option<Line>> {
    let mut lines = Vec::new();
    for some in rows.chunks(4) {
        std::thread::scope(|scope| {
            let running: Vec<_> = some.iter().map(|row| scope.spawn(|| verdict::check(row, &run::run(row)))).collect();
            lines.extend(running.into_iter().map(|line| line.join().ok()));
        });
    }
    lines
}

#[test]
fn every_fault_has_its_outcome() {
    let groups = rows::groups();
    let names: Vec<_> = groups.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.fault)).collect();
    let printed: Vec<_> = groups.into_iter().map(|(title, rows)| (title, lines(rows))).collect();
    let failed = printed.iter().flat_map(|(_, lines)| lines).filter(|line| line.is_none()).count();
    assert_eq!(failed, 0, "so many rows failed; each is told above");
    print::compare(printed, &names);
}
