//! Zip archives, read from the front as they arrive (APPNOTE.TXT 4.3): the header of each file, its data, what follows it.
//!
//! The directory at the end is not needed. Stored and deflated files are read, one after another; directories and what macOS adds
//! are passed over. The checksum of each file is compared.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{Decode, Fault};

/// The size of a file's header without name and extra field.
const HEADER: usize = 30;
/// A size that stands in the extra field instead.
const ELSEWHERE: u64 = 0xffff_ffff;
/// The id of the extra field with sizes of 64 bits.
const ZIP64: u16 = 1;

/// The signatures of what stands in an archive.
const FILE: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
/// The directory at the end and its relatives.
const DIRECTORY: [u32; 4] = [0x0201_4b50, 0x0605_4b50, 0x0606_4b50, 0x0806_4b50];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the header of a file, or the directory.
    Header,
    Data,
    /// Behind the data of a file whose header knew no sizes.
    Descriptor,
    /// In the directory.
    End,
}

/// A file in the archive.
struct Member {
    /// None: it is stored.
    inflate: Option<Box<Decompress>>,
    /// Bytes of data that are left, where the header knows.
    left: Option<u64>,
    crc: Crc,
    /// The checksum of the header; without one a descriptor follows.
    expected: Option<u32>,
    /// Its data is passed over.
    skipped: bool,
}

/// An archive.
pub(super) struct Zip {
    place: Place,
    /// A header or descriptor that is not complete.
    held: Vec<u8>,
    member: Member,
    /// Files that were read, and whether the last of them was announced.
    files: u64,
    announced: u64,
}

impl Zip {
    pub(super) fn new() -> Self {
        let member = Member { inflate: None, left: Some(0), crc: Crc::new(), expected: Some(0), skipped: true };
        Self { place: Place::Header, held: Vec::new(), member, files: 0, announced: 1 }
    }

    /// Holds input until there are so many bytes; how much was taken.
    fn hold(&mut self, input: &[u8], size: usize) -> usize {
        let taken = size.saturating_sub(self.held.len()).min(input.len());
        self.held.extend_from_slice(&input[..taken]);
        taken
    }

    fn header(&mut self, input: &[u8]) -> Result<usize, Fault> {
        let mut taken = self.hold(input, 4);
        let Some(signature) = u32_at(&self.held, 0) else { return Ok(taken) };
        if DIRECTORY.contains(&signature) {
            self.place = Place::End;
            self.held = Vec::new();
            return Ok(taken);
        }
        if signature != FILE {
            return Err(format!("what stands behind file {} is no file", self.files));
        }
        taken += self.hold(&input[taken..], HEADER);
        let (Some(name), Some(extra)) = (u16_at(&self.held, 26), u16_at(&self.held, 28)) else { return Ok(taken) };
        let whole = HEADER + usize::from(name) + usize::from(extra);
        taken += self.hold(&input[taken..], whole);
        if self.held.len() == whole {
            let held = std::mem::take(&mut self.held);
            self.member = member(&held, usize::from(name))?;
            self.files += u64::from(!self.member.skipped);
            self.place = Place::Data;
        }
        Ok(taken)
    }

    fn data(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Fault> {
        let member = &mut self.member;
        let most = member.left.map_or(input.len(), |left| usize::try_from(left).unwrap_or(usize::MAX).min(input.len()));
        let (taken, written, ended) = match &mut member.inflate {
            None => {
                let size = most.min(out.len());
                out[..size].copy_from_slice(&input[..size]);
                (size, size, member.left == Some(size as u64))
            }
            Some(inflate) => {
                let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
                let status = inflate
                    .decompress(&input[..most], out, FlushDecompress::None)
                    .map_err(|error| error.to_string())?;
                let moved = |now: u64, before: u64| usize::try_from(now - before).unwrap_or(usize::MAX);
                let taken = moved(inflate.total_in(), before_in);
                (taken, moved(inflate.total_out(), before_out), status == Status::StreamEnd)
            }
        };
        member.crc.update(&out[..written]);
        if let Some(left) = &mut member.left {
            *left -= taken as u64;
            if *left == 0 && !ended && taken == 0 && written == 0 {
                return Err(format!("file {} is longer than its header says", self.files));
            }
        }
        if ended {
            if member.left.is_some_and(|left| left > 0) {
                return Err(format!("file {} is shorter than its header says", self.files));
            }
            match member.expected {
                Some(expected) => {
                    self.compare(expected)?;
                    self.place = Place::Header;
                }
                None => self.place = Place::Descriptor,
            }
        }
        Ok((taken, written))
    }

    /// Checksum and sizes behind the data: with a signature or without, the sizes of 32 or of 64 bits. What follows tells.
    fn descriptor(&mut self, input: &[u8]) -> Result<usize, Fault> {
        let mut taken = self.hold(input, 4);
        let Some(first) = u32_at(&self.held, 0) else { return Ok(taken) };
        let begin = if first == DESCRIPTOR { 4 } else { 0 };
        taken += self.hold(&input[taken..], begin + 16);
        if self.held.len() < begin + 16 {
            return Ok(taken);
        }
        let small = u32_at(&self.held, begin + 12).is_some_and(|next| next == FILE || DIRECTORY.contains(&next));
        let end = begin + if small { 12 } else { 20 };
        taken += self.hold(&input[taken..], end);
        if self.held.len() >= end {
            let expected = u32_at(&self.held, begin).unwrap_or_default();
            self.compare(expected)?;
            // The beginning of what follows was needed to tell.
            self.held.drain(..end);
            self.place = Place::Header;
        }
        Ok(taken)
    }

    fn compare(&self, expected: u32) -> Result<(), Fault> {
        if self.member.crc.sum() == expected {
            return Ok(());
        }
        Err(format!("the checksum of file {} is wrong", self.files))
    }
}

impl Decode for Zip {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<(usize, usize), Fault> {
        let mut taken = 0;
        loop {
            let before = self.place;
            let rest = &input[taken..];
            let (some, written) = match self.place {
                Place::Header => (self.header(rest)?, 0),
                Place::Descriptor => (self.descriptor(rest)?, 0),
                Place::End => (rest.len(), 0),
                Place::Data => self.data(rest, out)?,
            };
            taken += some;
            let skipped = before == Place::Data && self.member.skipped;
            if written > 0 && !skipped {
                return Ok((taken, written));
            }
            // Nothing moved: only then is more input needed. A file that begins is told before its data.
            if (some == 0 && written == 0 && self.place == before) || self.files > self.announced {
                return Ok((taken, 0));
            }
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.place, Place::End)
    }

    fn begins_file(&mut self) -> bool {
        let begins = self.files > self.announced;
        self.announced = self.announced.max(self.files);
        begins
    }
}

/// Reads a whole header.
fn member(header: &[u8], name: usize) -> Result<Member, Fault> {
    let flags = u16_at(header, 6).unwrap_or_default();
    let (name, extra) = header.get(HEADER..).unwrap_or_default().split_at(name);
    let told = String::from_utf8_lossy(&name[..name.len().min(100)]).into_owned();
    if flags & 1 != 0 {
        return Err(format!("the file `{told}` is encrypted"));
    }
    let inflate = match u16_at(header, 8) {
        Some(0) => None,
        Some(8) => Some(Box::new(Decompress::new(false))),
        method => {
            return Err(format!("the file `{told}` is packed by method {}, not by 8 (deflate)", method.unwrap_or(0)));
        }
    };
    let mut left = u64::from(u32_at(header, 18).unwrap_or_default());
    let unpacked = u64::from(u32_at(header, 22).unwrap_or_default());
    if left == ELSEWHERE {
        left = packed_size(extra, unpacked == ELSEWHERE)
            .ok_or_else(|| format!("the size of the file `{told}` is missing"))?;
    }
    // With this flag the sizes may come behind the data.
    let behind = flags & 8 != 0;
    if behind && inflate.is_none() && left == 0 && !told.ends_with('/') {
        return Err(format!("the file `{told}` is stored without its size, so that its end cannot be found"));
    }
    Ok(Member {
        left: (!behind || inflate.is_none()).then_some(left),
        inflate,
        crc: Crc::new(),
        expected: (!behind).then(|| u32_at(header, 14).unwrap_or_default()),
        skipped: told.ends_with('/') || told.starts_with("__MACOSX/"),
    })
}

/// The packed size out of the extra field; before it stands the unpacked one, if that is there, too.
fn packed_size(extra: &[u8], both: bool) -> Option<u64> {
    let mut rest = extra;
    loop {
        let (id, size) = (u16_at(rest, 0)?, usize::from(u16_at(rest, 2)?));
        let field = rest.get(4..4 + size)?;
        if id == ZIP64 {
            let at = if both { 8 } else { 0 };
            return Some(u64::from_le_bytes(field.get(at..at + 8)?.try_into().ok()?));
        }
        rest = rest.get(4 + size..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
