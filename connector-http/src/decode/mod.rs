//! Content encodings and packed files, taken off piece by piece: what goes in is what the network brought, what comes out is bounded.
//!
//! A [`Decoder`] is pushed chunks and pulled pieces of at most 64 KiB, so that neither a large body nor a bomb of zeros
//! needs more memory than a small one. It is a chain of stages: the content encoding that the headers tell, then what the
//! first bytes show to be gzip or zip, whatever the headers say (a report to download), and once more inside of that.

mod brotli;
mod inflate;
mod stage;
mod zip;
mod zstandard;

use bytes::Bytes;

use brotli::Brotli;
use inflate::Inflate;
use stage::Stage;
use zstandard::Zstandard;

/// The largest piece that comes out at once.
const PIECE: usize = 64 << 10;

/// What we tell servers that we understand.
pub(crate) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// Why a body cannot be decoded: a part of a sentence, such as `the gzip data is broken`.
pub(crate) type Fault = String;

/// One encoding, taken off.
trait Decode: Send {
    /// Decodes from `input` into `out`; returns how much was taken and written.
    ///
    /// Both zero means that more input is needed.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Fault>;

    /// Whether the encoded data may end here.
    fn is_complete(&self) -> bool;

    /// Whether the step before went on to another file: what is written from now on is its. True once a file.
    fn begins_file(&mut self) -> bool {
        false
    }
}

/// A piece of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) bytes: Bytes,
    /// It is the first of another file: of an archive that holds several.
    pub(crate) begins_file: bool,
}

/// Takes a body's content encoding off, and unpacks it.
pub(crate) struct Decoder {
    stages: [Stage; 3],
    /// Nothing is encoded or packed: what goes in comes out.
    plain: bool,
}

impl Decoder {
    /// A decoder for a `Content-Encoding` header.
    pub(crate) fn new(encoding: Option<&str>) -> Result<Self, Fault> {
        let encoding = encoding.map(|text| text.trim().to_ascii_lowercase()).unwrap_or_default();
        let declared = match encoding.as_str() {
            "" | "identity" => Stage::plain(),
            "gzip" | "x-gzip" => Stage::of("gzip", Box::new(Inflate::gzip())),
            "deflate" => Stage::of("deflate", Box::new(Inflate::deflate())),
            "br" => Stage::of("br", Box::new(Brotli::new())),
            "zstd" => Stage::of("zstd", Box::new(Zstandard::new())),
            other => return Err(format!("its content encoding is `{other}`, which we did not ask for")),
        };
        Ok(Self { stages: [declared, Stage::unknown(), Stage::unknown()], plain: false })
    }

    /// Takes the next chunk; the last one must have been pulled empty.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        let [first, _, last] = &mut self.stages;
        if self.plain { last.push(chunk) } else { first.push(chunk) }
    }

    /// The next piece, or nothing until more is pushed.
    pub(crate) fn pull(&mut self) -> Result<Option<Piece>, Fault> {
        if self.plain {
            return self.stages[2].pull();
        }
        let piece = pull(&mut self.stages)?;
        // What a stage lets pass it lets pass to the end, so that the first piece tells.
        self.plain = piece.is_some() && self.stages.iter().all(Stage::is_plain);
        Ok(piece)
    }

    /// The body ended: whether it may. What was held back, because it was too little to tell what it is, can be pulled now.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        self.stages[0].finish()
    }
}

/// The next piece that comes out of the last stage.
fn pull(stages: &mut [Stage]) -> Result<Option<Piece>, Fault> {
    let Some((last, before)) = stages.split_last_mut() else { return Ok(None) };
    loop {
        if let Some(piece) = last.pull()? {
            return Ok(Some(piece));
        }
        if before.is_empty() {
            return Ok(None);
        }
        match pull(before)? {
            Some(piece) => {
                if piece.begins_file {
                    last.finish()?;
                    // What it held back of the file before comes first.
                    let rest = last.pull()?;
                    last.begin_file();
                    last.push(piece.bytes);
                    if rest.is_some() {
                        return Ok(rest);
                    }
                } else {
                    last.push(piece.bytes);
                }
            }
            None if before.last().is_some_and(Stage::is_finished) && !last.is_finished() => last.finish()?,
            None => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
