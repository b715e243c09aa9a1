//! One stage of a decoder: an encoding that is known, or one that the first bytes tell.

use bytes::Bytes;

use super::inflate::Inflate;
use super::zip::Zip;
use super::{Decode, Fault, PIECE, Piece};

/// How gzip data begins (RFC 1952, 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b, 8];
/// How a zip archive begins: with the header of a file, or, where there is none, with its end.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// What a stage does with the bytes.
enum Codec {
    /// They pass.
    Plain,
    /// What they are is not known yet; the first of them, if there are too few to tell.
    Unknown(Vec<u8>),
    /// They are decoded; under this name in errors.
    Known(&'static str, Box<dyn Decode>),
}

/// A stage.
pub(super) struct Stage {
    codec: Codec,
    input: Bytes,
    /// Whether there was any input of this file.
    seen: bool,
    finished: bool,
    /// Whether the next piece is the first of another file.
    begins_file: bool,
}

impl Stage {
    fn new(codec: Codec) -> Self {
        Self { codec, input: Bytes::new(), seen: false, finished: false, begins_file: false }
    }

    pub(super) fn plain() -> Self {
        Self::new(Codec::Plain)
    }

    /// The first bytes tell: no format that we read begins like gzip or zip.
    pub(super) fn unknown() -> Self {
        Self::new(Codec::Unknown(Vec::new()))
    }

    pub(super) fn of(name: &'static str, codec: Box<dyn Decode>) -> Self {
        Self::new(Codec::Known(name, codec))
    }

    /// Takes the next chunk; the last one was pulled empty.
    pub(super) fn push(&mut self, chunk: Bytes) {
        self.seen |= !chunk.is_empty();
        self.input = match &mut self.codec {
            Codec::Unknown(held) if !held.is_empty() => {
                held.extend_from_slice(&chunk);
                Bytes::from(std::mem::take(held))
            }
            _ => chunk,
        };
        self.recognise(false);
    }

    /// Decides what the bytes are, as soon as there are enough. `all`: no more come.
    fn recognise(&mut self, all: bool) {
        let Codec::Unknown(held) = &mut self.codec else { return };
        let first = &self.input[..];
        if first.is_empty() {
            return;
        }
        let begins = |magic: &[u8]| first.starts_with(magic);
        let may_begin = |magic: &[u8]| magic.starts_with(first);
        if begins(GZIP) {
            self.codec = Codec::Known("gzip", Box::new(Inflate::gzip()));
        } else if ZIP.iter().any(|magic| begins(magic)) {
            self.codec = Codec::Known("zip", Box::new(Zip::new()));
        } else if !all && (may_begin(GZIP) || ZIP.iter().any(|magic| may_begin(magic))) {
            *held = std::mem::take(&mut self.input).to_vec();
        } else {
            self.codec = Codec::Plain;
        }
    }

    /// The next piece, or nothing until more is pushed.
    pub(super) fn pull(&mut self) -> Result<Option<Piece>, Fault> {
        let Codec::Known(name, codec) = &mut self.codec else {
            let bytes = std::mem::take(&mut self.input);
            return Ok(self.piece(bytes));
        };
        let mut out = vec![0; PIECE];
        let mut filled = 0;
        let mut another = false;
        while filled < out.len() {
            let (taken, written) = codec
                .step(&self.input, &mut out[filled..])
                .map_err(|fault| format!("the {name} data is broken: {fault}"))?;
            self.input = self.input.slice(taken..);
            filled += written;
            if codec.begins_file() {
                if filled > 0 {
                    another = true;
                    break;
                }
                self.begins_file = true;
            }
            if taken == 0 && written == 0 {
                break;
            }
        }
        out.truncate(filled);
        let piece = self.piece(Bytes::from(out));
        self.begins_file |= another;
        Ok(piece)
    }

    fn piece(&mut self, bytes: Bytes) -> Option<Piece> {
        if bytes.is_empty() {
            return None;
        }
        Some(Piece { bytes, begins_file: std::mem::take(&mut self.begins_file) })
    }

    /// No more input comes: whether it may end here. What was held back can be pulled.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        self.finished = true;
        match &mut self.codec {
            Codec::Unknown(held) => {
                self.input = Bytes::from(std::mem::take(held));
                self.recognise(true);
                Ok(())
            }
            Codec::Known(name, codec) if self.seen && !codec.is_complete() => {
                Err(format!("the {name} data ends in its middle"))
            }
            _ => Ok(()),
        }
    }

    /// Whether bytes pass, from the first to the last, and none is held back.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.codec, Codec::Plain) && self.input.is_empty()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    /// The input is another file from now on, whose first bytes tell what it is.
    pub(super) fn begin_file(&mut self) {
        *self = Self { begins_file: true, ..Self::unknown() };
    }
}
