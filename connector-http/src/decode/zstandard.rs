//! zstd (RFC 8878), several frames, windows up to 8 MiB (RFC 9659).

use std::io::Read as _;

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Decode, Fault};

/// The largest window that HTTP allows (RFC 9659).
const WINDOW: u64 = 8 << 20;
/// The largest frame header, magic number included.
const HEADER: usize = 18;
/// The largest compressed block with its header, and the checksum that may follow.
const LARGEST: usize = (128 << 10) + 3 + 4;

/// The decoder takes whole blocks only, so a block is collected before it is decoded.
pub(super) struct Zstandard {
    decoder: FrameDecoder,
    held: Vec<u8>,
    at: At,
    checksum: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Header,
    Block,
    /// The last block of the frame was decoded; its bytes may not all be out.
    End,
}

impl Zstandard {
    pub(super) fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Self { decoder, held: Vec::new(), at: At::Header, checksum: false }
    }

    /// How many bytes must be held for the next step; `None` while not even that is known.
    fn need(&self) -> Result<Option<usize>, Fault> {
        match self.at {
            At::Header => Ok(frame_header_size(&self.held)?),
            At::Block => {
                let [a, b, c, ..] = self.held[..] else { return Ok(None) };
                let header = u32::from_le_bytes([a, b, c, 0]);
                let (last, kind, size) = (header & 1 == 1, (header >> 1) & 3, (header >> 3) as usize);
                let content = if kind == 1 { 1 } else { size };
                let need = 3 + content + if last && self.checksum { 4 } else { 0 };
                if need > LARGEST { Err("a block is too large".to_owned()) } else { Ok(Some(need)) }
            }
            At::End => Ok(None),
        }
    }

    /// Decodes what is held, if it is a whole header or block.
    fn advance(&mut self) -> Result<bool, Fault> {
        let Some(need) = self.need()?.filter(|need| *need <= self.held.len()) else { return Ok(false) };
        let mut whole = &self.held[..need];
        if self.at == At::Header {
            self.checksum = whole.get(4).is_some_and(|descriptor| descriptor & 4 != 0);
            self.decoder.reset(&mut whole).map_err(|error| error.to_string())?;
            self.at = At::Block;
        } else {
            let strategy = BlockDecodingStrategy::UptoBlocks(1);
            self.decoder.decode_blocks(&mut whole, strategy).map_err(|error| error.to_string())?;
            if self.decoder.is_finished() {
                self.at = At::End;
            }
        }
        self.held.drain(..need);
        Ok(true)
    }
}

/// The size of the frame header that begins the bytes (RFC 8878, 3.1.1.1).
fn frame_header_size(held: &[u8]) -> Result<Option<usize>, Fault> {
    let [a, b, c, d, descriptor, ..] = *held else { return Ok(None) };
    if u32::from_le_bytes([a, b, c, d]) != 0xFD2F_B528 {
        return Err("it is not zstd".to_owned());
    }
    let single_segment = descriptor & 0x20 != 0;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let content = match descriptor >> 6 {
        0 => usize::from(single_segment),
        1 => 2,
        2 => 4,
        _ => 8,
    };
    Ok(Some(5 + usize::from(!single_segment) + dictionary + content).filter(|size| *size <= HEADER))
}

impl Decode for Zstandard {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Fault> {
        if self.decoder.can_collect() > 0 {
            let written = self.decoder.read(out).map_err(|error| error.to_string())?;
            if written > 0 {
                return Ok((0, written));
            }
        }
        if self.at == At::End && !(input.is_empty() && self.held.is_empty()) {
            self.at = At::Header;
        }
        // No more is held than one block needs; the rest stays in the chunk.
        let mut taken = 0;
        loop {
            if self.advance()? {
                let written = self.decoder.read(out).map_err(|error| error.to_string())?;
                if written > 0 || self.at == At::End {
                    // A frame may be empty: say that something was taken, or its end would look like hunger.
                    return Ok((taken, written));
                }
                continue;
            }
            let want = self.need()?.unwrap_or(self.held.len() + 1) - self.held.len();
            let chunk = &input[taken..(taken + want).min(input.len())];
            if chunk.is_empty() {
                return Ok((taken, 0));
            }
            self.held.extend_from_slice(chunk);
            taken += chunk.len();
        }
    }

    fn is_complete(&self) -> bool {
        self.at == At::End && self.held.is_empty() && self.decoder.can_collect() == 0
    }
}
