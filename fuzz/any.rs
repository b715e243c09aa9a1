//! The fuzzer: `FUZZ_TARGET=body_json cargo fuzz run any --sanitizer none`, or `.ci/fuzz` for all targets.
#![no_main]

use std::sync::OnceLock;

use connector_http::fuzzing::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

static CHOSEN: OnceLock<Target> = OnceLock::new();

fn chosen() -> Target {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("there is no target `{name}`")).1
}

fuzz_target!(|data: &[u8]| CHOSEN.get_or_init(chosen)(data));
