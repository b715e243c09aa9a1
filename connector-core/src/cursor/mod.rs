//! Cursors: which values tell what is new, how they are read and compared.

mod kind;

pub use kind::{Cursor, CursorKind};
