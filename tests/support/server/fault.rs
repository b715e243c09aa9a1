//! What can go wrong between a server and its client.

use std::time::Duration;

/// A fault on the wire. Counts of bytes are of the body and end at the body's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset before a byte of the answer.
    ResetBefore,
    /// The connection is reset after so many bytes of the body.
    ResetAfter(usize),
    /// The connection is closed in order before a byte of the answer.
    CloseBefore,
    /// The connection is closed in order after so many bytes of the body, though the head promised all of it (by length or
    /// by chunks).
    Truncate(usize),
    /// The body comes in pieces of so many bytes, with a wait between them.
    Drip(usize, Duration),
    /// Nothing is answered; the connection stays open until the client leaves.
    Silence,
    /// Nothing comes after so many bytes of the body; the connection stays open until the client leaves.
    Stall(usize),
    /// These bytes in place of an HTTP answer; then the connection is closed.
    Garbage(Vec<u8>),
    /// The head says this length, whatever the body's is; then the connection is closed.
    Length(u64),
    /// The whole answer, and then the connection is closed, which no header told.
    CloseAfter,
}
