//! Proofs: values that only one place of the crate can make, so that a state cannot advance without what they stand for.

/// Proof that a slice was read to its end. Only the end of a slice's writer makes one; closing a slice in the state consumes it.
#[derive(Debug)]
pub struct EndOfSlice(());

impl EndOfSlice {
    /// To be called where a slice has ended well, and nowhere else.
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

/// Proof that the stream declared that its records come in ascending order of the cursor.
#[derive(Debug, Clone, Copy)]
pub struct Ascending(());

impl Ascending {
    /// To be called where the declared order was looked at, and nowhere else.
    pub(crate) const fn new() -> Self {
        Self(())
    }
}
