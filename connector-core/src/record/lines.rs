//! Bodies of JSON lines: a record a line.

use super::batch::Batch;
use super::envelope::Envelope;
use super::page::{BodyParser, PageLimits};
use crate::error::{Error, ErrorKind, Result};

/// The parser of bodies that hold one JSON object a line. Empty lines are skipped; the last line may lack its end.
#[derive(Debug)]
pub struct LinesParser {
    limits: PageLimits,
    /// How many bytes of the body came before this piece.
    offset: u64,
    /// A line that is not complete.
    partial: Vec<u8>,
    begun: bool,
}

impl LinesParser {
    /// A parser of one body.
    #[must_use]
    pub fn new(limits: PageLimits) -> Self {
        Self { limits, offset: 0, partial: Vec::new(), begun: false }
    }

    fn line(&mut self, line: &[u8], offset: u64, batch: &mut Batch) -> Result<()> {
        let (line, offset) = match line.strip_prefix(b"\xef\xbb\xbf") {
            Some(line) if !self.begun => (line, offset + 3),
            _ => (line, offset),
        };
        self.begun = true;
        self.check_size(line.len(), offset)?;
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            return Ok(());
        }
        batch.push_at(line, offset)
    }

    fn check_size(&self, len: usize, offset: u64) -> Result<()> {
        let limit = self.limits.record.min(u32::MAX as usize);
        if len <= limit {
            return Ok(());
        }
        let message = format!("the line at byte {offset} of the body is larger than the limit of {limit} bytes");
        Err(Error::new(ErrorKind::Limit, message))
    }
}

impl BodyParser for LinesParser {
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<()> {
        let mut rest = chunk;
        let mut offset = self.offset;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, behind) = rest.split_at(end);
            if self.partial.is_empty() {
                self.line(line, offset, batch)?;
            } else {
                let mut whole = std::mem::take(&mut self.partial);
                let start = offset - whole.len() as u64;
                whole.extend_from_slice(line);
                self.line(&whole, start, batch)?;
                whole.clear();
                self.partial = whole;
            }
            offset += end as u64 + 1;
            rest = behind.get(1..).unwrap_or_default();
        }
        self.check_size(self.partial.len() + rest.len(), offset - self.partial.len() as u64)?;
        self.partial.extend_from_slice(rest);
        self.offset += chunk.len() as u64;
        Ok(())
    }

    fn finish(&mut self, batch: &mut Batch) -> Result<Envelope> {
        let last = std::mem::take(&mut self.partial);
        self.line(&last, self.offset - last.len() as u64, batch)?;
        Ok(Envelope::new(&b"{}"[..]))
    }
}
