//! gzip and deflate.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Decode, Fault};

/// gzip (RFC 1952, several members), or what servers call deflate: zlib (RFC 1950) or bare (RFC 1951).
pub(super) struct Inflate {
    codec: Option<Decompress>,
    gzip: bool,
    /// A member ended and nothing of a next one was seen.
    complete: bool,
}

/// The window of zlib's largest setting, in bits.
const WINDOW_BITS: u8 = 15;

impl Inflate {
    pub(super) fn gzip() -> Self {
        Self { codec: Some(Decompress::new_gzip(WINDOW_BITS)), gzip: true, complete: false }
    }

    /// The first two bytes tell whether there is a zlib header; many servers send none.
    pub(super) fn deflate() -> Self {
        Self { codec: None, gzip: false, complete: false }
    }
}

fn has_zlib_header(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)).is_multiple_of(31)
}

impl Decode for Inflate {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Fault> {
        if self.complete {
            if input.is_empty() {
                return Ok((0, 0));
            }
            if !self.gzip {
                return Ok((input.len(), 0));
            }
            // Padding between and after members is no member; what follows it is one, or harm, wherever the bytes are cut.
            let padding = input.iter().take_while(|byte| **byte == 0).count();
            if padding > 0 {
                return Ok((padding, 0));
            }
            self.codec = Some(Decompress::new_gzip(WINDOW_BITS));
            self.complete = false;
        }
        let codec = match (&mut self.codec, input) {
            (Some(codec), _) => codec,
            (None, []) => return Ok((0, 0)),
            // One byte alone does not tell; zlib's usual first byte is taken for its header.
            (none, [first, rest @ ..]) => {
                let zlib = rest.first().map_or(*first == 0x78, |second| has_zlib_header(*first, *second));
                none.insert(Decompress::new(zlib))
            }
        };
        let (taken, written) = (codec.total_in(), codec.total_out());
        let status = codec.decompress(input, out, FlushDecompress::None).map_err(|error| error.to_string())?;
        self.complete = status == Status::StreamEnd;
        let moved = |now: u64, before: u64| usize::try_from(now - before).unwrap_or(usize::MAX);
        Ok((moved(codec.total_in(), taken), moved(codec.total_out(), written)))
    }

    fn is_complete(&self) -> bool {
        self.complete
    }
}
