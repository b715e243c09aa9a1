//! The values that child streams use, one row a record, kept as bytes in one piece.

/// Rows of values for one child.
#[derive(Debug, Default)]
pub(crate) struct Picks {
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
    /// Values in a row.
    width: usize,
}

impl Picks {
    pub(crate) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Adds a value of the row; what is not there is `null`.
    #[inline]
    pub(crate) fn push(&mut self, value: Option<&[u8]>) {
        self.bytes.extend_from_slice(value.unwrap_or(b"null"));
        self.ends.push(self.bytes.len());
    }

    /// The rows, which are forgotten.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Vec<Box<[u8]>>> + use<> {
        let Self { bytes, ends, width } = std::mem::replace(self, Self::new(self.width));
        let rows = ends.len().checked_div(width).unwrap_or(0);
        let mut ends = ends.into_iter();
        let mut from = 0;
        (0..rows).map(move |_| {
            let row = ends.by_ref().take(width);
            row.map(|end| {
                let value = bytes.get(from..end).unwrap_or_default().into();
                from = end;
                value
            })
            .collect()
        })
    }
}
