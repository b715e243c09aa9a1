//! Front coding: sorted keys as text, each as what it shares with the one before and the rest.
//!
//! An entry is one digit for the number of shared bytes (at most 63), the number of further bytes, the number of the
//! payload's bytes (only where the list has payloads), the further bytes, the payload. Numbers are written in the 64
//! digits of base64url, five bits a digit, the lowest first, the sixth bit set on all but the last.

use crate::{Error, ErrorKind, Result};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends entries. Keys have to come in ascending order.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) text: String,
    previous: String,
}

impl Writer {
    /// The next key in a list without payloads.
    pub(super) fn key(&mut self, key: &str) {
        let shared = self.shared(key);
        digits(&mut self.text, key.len() - shared);
        self.text.push_str(&key[shared..]);
    }

    /// The next key in a list with payloads.
    pub(super) fn entry(&mut self, key: &str, payload: &str) {
        let shared = self.shared(key);
        digits(&mut self.text, key.len() - shared);
        digits(&mut self.text, payload.len());
        self.text.push_str(&key[shared..]);
        self.text.push_str(payload);
    }

    /// Forgets the last key: the next entry can be read without those before.
    pub(super) fn restart(&mut self) {
        self.previous.clear();
    }

    fn shared(&mut self, key: &str) -> usize {
        let common = key.bytes().zip(self.previous.bytes()).take(63).take_while(|(a, b)| a == b).count();
        let shared = (0..=common).rev().find(|end| key.is_char_boundary(*end)).unwrap_or(0);
        self.text.push(char::from(DIGITS[shared]));
        self.previous.truncate(shared);
        self.previous.push_str(&key[shared..]);
        shared
    }
}

fn digits(text: &mut String, mut number: usize) {
    while number >= 32 {
        text.push(char::from(DIGITS[32 + number % 32]));
        number /= 32;
    }
    text.push(char::from(DIGITS[number]));
}

/// Reads entries; trusts nothing.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    text: &'a str,
    payloads: bool,
    /// The key that was read last.
    pub(super) key: String,
    /// Its payload.
    pub(super) payload: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str, payloads: bool) -> Self {
        Self { text, payloads, key: String::new(), payload: "" }
    }

    /// Moves to the next entry; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool> {
        if self.text.is_empty() {
            return Ok(false);
        }
        self.read().map(|()| true).ok_or_else(|| {
            Error::new(ErrorKind::State, "the list of partitions in the state is damaged; reset the stream's state")
        })
    }

    /// The next key, if it shares nothing with the one before.
    pub(super) fn whole_key(mut self) -> Option<&'a str> {
        let _shared = self.take(1)?;
        let rest = self.number()?;
        let _payload = if self.payloads { self.number()? } else { 0 };
        self.take(rest)
    }

    fn read(&mut self) -> Option<()> {
        let shared = usize::from(digit(self.take(1)?.as_bytes()[0])?);
        let rest = self.number()?;
        let payload = if self.payloads { self.number()? } else { 0 };
        if !self.key.is_char_boundary(shared) {
            return None;
        }
        self.key.truncate(shared);
        let rest = self.take(rest)?;
        self.key.push_str(rest);
        self.payload = self.take(payload)?;
        Some(())
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0_usize, 0_u32);
        loop {
            let digit = usize::from(digit(self.take(1)?.as_bytes()[0])?);
            number |= (digit % 32).checked_shl(shift)?;
            shift += 5;
            if digit < 32 {
                return Some(number);
            }
            if shift > 30 {
                return None;
            }
        }
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (head, tail) = self.text.split_at_checked(bytes)?;
        self.text = tail;
        Some(head)
    }
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}
