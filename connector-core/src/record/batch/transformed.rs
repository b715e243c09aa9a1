//! Records that are transformed before they are walked over.

use super::{Batch, Last, Piece, Walk, broken, mend, no_object, utf8};
use crate::error::{Error, ErrorKind, Result};
use crate::record::fault::What;
use crate::record::transform::Transformer;

/// The records that one value becomes may be so many bytes together: a list that is exploded takes what is around it along.
const MADE: usize = 256 << 20;

impl Batch {
    /// Whether what is no object may become a record.
    pub(crate) fn takes_scalars(&self) -> bool {
        self.plan.transform.as_ref().is_some_and(Transformer::takes_scalars)
    }

    /// How many records were found in bodies, before any became several.
    #[must_use]
    pub fn found(&self) -> u64 {
        if self.plan.transform.is_some() { self.found } else { self.accounts.extracted }
    }

    /// As [`Batch::take`], for a stream that transforms its records.
    #[cold]
    pub(super) fn take_transformed(
        &mut self,
        transformer: &Transformer,
        bytes: &[u8],
        offset: u64,
    ) -> Result<Option<usize>> {
        let mut piece = Piece::new(bytes);
        let mut walk = Walk::new(&self.plan, &self.orders, &mut self.scratch, &mut piece, 0);
        let end = match walk.any(0, 0) {
            Ok(end) => end,
            Err(_) if walk.text.fault.what == What::Truncated => return Ok(None),
            Err(_) => return Err(broken(offset, walk.text.fault, bytes)),
        };
        let suspect = walk.suspect || walk.text.lone_surrogate;
        let record = bytes.get(..end).unwrap_or(bytes);
        if record.first() != Some(&b'{') && !transformer.takes_scalars() {
            return Err(no_object(offset, record));
        }
        if let Err(fault) = utf8(record) {
            return Err(broken(offset, fault, record));
        }
        self.found += 1;
        let mended = if suspect { mend(record) } else { None };
        for (path, what) in mended.iter().flat_map(|mended| &mended.places) {
            self.accounts.add_mended(path, *what, 1);
        }
        let whole = mended.as_ref().map_or(record, |mended| &mended.text);
        let mut made = 0;
        let applied = transformer.apply(whole, &mut |record| {
            made += record.len();
            if made > MADE {
                let message =
                    format!("the record at byte {offset} of the body becomes more than {MADE} bytes of records");
                return Err(Error::new(ErrorKind::Limit, message));
            }
            self.take_made(record, offset)
        });
        applied.map_err(|error| {
            let place = format!("record {} of the page (at byte {offset})", self.found);
            Error::new(error.kind(), format!("{place}: {}", error.message()))
        })?;
        // What follows from the record itself, as a next page may, reads the bytes that came.
        self.remember(whole);
        Ok(Some(end))
    }

    /// Takes a record that was made of another.
    fn take_made(&mut self, record: &[u8], offset: u64) -> Result<()> {
        let mut piece = Piece::new(record);
        let mut walk = Walk::new(&self.plan, &self.orders, &mut self.scratch, &mut piece, 0);
        if walk.record().is_err() {
            let fault = walk.text.fault.describe(record);
            return Err(
                Error::new(ErrorKind::Internal, "a transformed record is no JSON any more").with_internal(fault)
            );
        }
        self.last = Last::Nowhere;
        self.judge(record, offset)
    }
}
