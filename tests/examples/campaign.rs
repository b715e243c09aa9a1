//! The long form of the crash test: `cargo run --release -p connector-tests --example campaign -- [first cuts of a case]`.
//!
//! Prints a table for `docs/campaign.md`; `.ci/campaign` does so.

#![allow(clippy::print_stdout)]

use std::process::ExitCode;
use std::time::Instant;

use connector_tests::crash::{Figures, campaign, campaign_of_deletions, cases};

fn main() -> ExitCode {
    let first_cuts = std::env::args().nth(1).and_then(|cuts| cuts.parse().ok()).unwrap_or(2_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    println!("| case | syncs | records | missing | doubles | of them covered by a state | STATE bytes a RECORD byte |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let (start, mut syncs, mut sum) = (Instant::now(), 0, Figures::default());
    for case in cases() {
        let outcome = match runtime.block_on(campaign(&case, first_cuts)) {
            Ok(outcome) => outcome,
            Err(error) => {
                println!("{}: {error}", case.name);
                return ExitCode::FAILURE;
            }
        };
        if !outcome.faults.is_empty() {
            println!("{:#?}", outcome.faults);
            return ExitCode::FAILURE;
        }
        print_row(case.name, outcome.syncs, &outcome.figures, case.one_after_the_other);
        syncs += outcome.syncs;
        sum.add(&outcome.figures);
    }
    match runtime.block_on(campaign_of_deletions(first_cuts)) {
        Ok(outcome) if outcome.faults.is_empty() => {
            print_row("deletions", outcome.syncs, &outcome.figures, false);
            syncs += outcome.syncs;
            sum.add(&outcome.figures);
        }
        Ok(outcome) => {
            println!("{:#?}", outcome.faults);
            return ExitCode::FAILURE;
        }
        Err(error) => {
            println!("deletions: {error}");
            return ExitCode::FAILURE;
        }
    }
    print_row("**all cases**", syncs, &sum, false);
    println!("\n{first_cuts} first cuts a case, {:.0} s.", start.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}

/// Nothing is missing in a row: a case with a missing record ends the campaign.
fn print_row(name: &str, syncs: u64, figures: &Figures, exact: bool) {
    let Figures { records, doubles, late, record_bytes, state_bytes, .. } = figures;
    let late = if exact { late.to_string() } else { "–".to_owned() };
    let share = *state_bytes as f64 / (*record_bytes).max(1) as f64;
    println!("| {name} | {syncs} | {records} | 0 | {doubles} | {late} | {share:.3} |");
}
