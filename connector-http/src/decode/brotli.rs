//! br (RFC 7932).

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::{Decode, Fault};

/// A brotli stream; without the large-window extension, so at most 16 MiB of window.
pub(super) struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    complete: bool,
}

impl Brotli {
    pub(super) fn new() -> Self {
        let alloc = StandardAlloc::default;
        Self { state: Box::new(BrotliState::new_strict(alloc(), alloc(), alloc())), complete: false }
    }
}

impl Decode for Brotli {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Fault> {
        if self.complete {
            return if input.is_empty() { Ok((0, 0)) } else { Err("there is data after its end".to_owned()) };
        }
        let (mut left_in, mut taken, mut left_out, mut written, mut total) = (input.len(), 0, out.len(), 0, 0);
        let result = BrotliDecompressStream(
            &mut left_in,
            &mut taken,
            input,
            &mut left_out,
            &mut written,
            out,
            &mut total,
            &mut self.state,
        );
        match result {
            BrotliResult::ResultFailure => return Err("it is not brotli".to_owned()),
            BrotliResult::ResultSuccess => self.complete = true,
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
        }
        Ok((taken, written))
    }

    fn is_complete(&self) -> bool {
        self.complete
    }
}
