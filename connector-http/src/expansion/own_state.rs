//! What the derive of a state's type calls.

use connector_core::state::StateType;

/// The version of a state's type: from 1.
///
/// # Panics
/// In a constant, for 0.
#[must_use]
#[expect(clippy::panic, reason = "the way to refuse something in a constant")]
pub const fn version(version: u32) -> u32 {
    if version == 0 {
        panic!("{}", "the versions of a state begin with 1");
    }
    version
}

/// The version of a state's type that is made of an older one.
///
/// # Panics
/// In a constant, unless the other is older.
#[must_use]
#[expect(clippy::panic, reason = "the way to refuse something in a constant")]
pub const fn version_after<Old: StateType>(next: u32) -> u32 {
    if next <= Old::VERSION {
        panic!("{}", "the type in `from` has this version or a newer one: an older version is made into a newer one");
    }
    version(next)
}
