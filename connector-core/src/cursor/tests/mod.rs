//! Tests of cursors against chrono and against slow, obvious models.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fold;
mod formats;
mod values;
mod windows;
mod zones;
