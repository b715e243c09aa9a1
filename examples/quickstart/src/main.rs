//! `cargo run -p quickstart`: a small API on loopback, and a connector that reads it twice.
//!
//! The program is two in one. Started by you it is the tour ([`tour`]): it starts the API ([`api`]) and then itself again,
//! once for each command, with [`ROLE`] set. Started with that it is the connector ([`shop`]), like any other: the same
//! commands, the same output, the same exit codes.

mod api;
mod shop;
mod table;
mod tour;

use std::process::ExitCode;

/// The environment variable that makes this program the connector.
const ROLE: &str = "QUICKSTART_CONNECTOR";

fn main() -> ExitCode {
    if std::env::var_os(ROLE).is_some() {
        return connector_http::run::<shop::Shop>();
    }
    match tour::walk() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}
