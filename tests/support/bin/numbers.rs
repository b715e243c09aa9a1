//! The source in memory as a program, for the tests of the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    connector_core::run::<connector_tests::numbers::Numbers>()
}
