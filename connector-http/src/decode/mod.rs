//! Content encodings, taken off piece by piece: what goes in is what the network brought, what comes out is bounded.
//!
//! A [`Decoder`] is pushed chunks and pulled pieces of at most 64 KiB, so that neither a large body nor a bomb of zeros
//! needs more memory than a small one.

mod brotli;
mod inflate;
mod zstandard;

use bytes::Bytes;

use brotli::Brotli;
use inflate::Inflate;
use zstandard::Zstandard;

/// The largest piece that comes out at once.
const PIECE: usize = 64 << 10;

/// How gzip data begins (RFC 1952, 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

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
}

/// Takes a body's content encoding off.
pub(crate) struct Decoder {
    codec: Option<(&'static str, Box<dyn Decode>)>,
    input: Bytes,
    seen: bool,
}

impl Decoder {
    /// A decoder for a `Content-Encoding` header.
    pub(crate) fn new(encoding: Option<&str>) -> Result<Self, Fault> {
        let encoding = encoding.map(|text| text.trim().to_ascii_lowercase()).unwrap_or_default();
        let codec: Option<(&'static str, Box<dyn Decode>)> = match encoding.as_str() {
            "" | "identity" => None,
            "gzip" | "x-gzip" => Some(("gzip", Box::new(Inflate::gzip()))),
            "deflate" => Some(("deflate", Box::new(Inflate::deflate()))),
            "br" => Some(("br", Box::new(Brotli::new()))),
            "zstd" => Some(("zstd", Box::new(Zstandard::new()))),
            other => return Err(format!("its content encoding is `{other}`, which we did not ask for")),
        };
        Ok(Self { codec, input: Bytes::new(), seen: false })
    }

    /// A decoder for a file that is compressed with gzip, whatever the headers say.
    #[cfg(test)]
    pub(crate) fn gzip() -> Self {
        Self { codec: Some(("gzip", Box::new(Inflate::gzip()))), input: Bytes::new(), seen: false }
    }

    /// Takes the next chunk; the last one must have been pulled empty.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        // A compressed file that nobody declares (a report to download): no format that we read begins like gzip.
        if self.codec.is_none() && !self.seen && chunk.starts_with(GZIP) {
            self.codec = Some(("gzip", Box::new(Inflate::gzip())));
        }
        self.seen |= !chunk.is_empty();
        self.input = chunk;
    }

    /// The next piece, or nothing until more is pushed.
    pub(crate) fn pull(&mut self) -> Result<Option<Bytes>, Fault> {
        let Some((name, codec)) = &mut self.codec else {
            let whole = std::mem::take(&mut self.input);
            return Ok(Some(whole).filter(|bytes| !bytes.is_empty()));
        };
        let mut out = vec![0; PIECE];
        let mut filled = 0;
        while filled < out.len() {
            let (taken, written) = codec
                .step(&self.input, &mut out[filled..])
                .map_err(|fault| format!("the {name} data is broken: {fault}"))?;
            self.input = self.input.slice(taken..);
            filled += written;
            if taken == 0 && written == 0 {
                break;
            }
        }
        out.truncate(filled);
        Ok(Some(Bytes::from(out)).filter(|bytes| !bytes.is_empty()))
    }

    /// The body ended: whether it may.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        match &self.codec {
            Some((name, codec)) if self.seen && !codec.is_complete() => {
                Err(format!("the {name} data ends in its middle"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
