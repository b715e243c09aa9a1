//! Masking: no text that the process writes of its own contains a secret.

mod collect;
mod needle;
mod view;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use needle::Needle;
use view::View;
use zeroize::Zeroizing;

/// What stands in place of a secret.
const STARS: &str = "***";

/// Secrets shorter than this (characters) are masked only where they are a whole value: within a text they would hit
/// innocent words.
const SHORTEST_WITHIN_TEXT: usize = 4;

/// The secrets of a sync, and the way to keep them out of texts. Clones share one list.
///
/// A secret is found as it is, JSON-escaped, percent-encoded, form-encoded and in base64 (there also within a longer text,
/// as in `Authorization: Basic`). Record data is never masked: nobody applies this to it.
///
/// ```
/// use connector_core::Mask;
/// let mask = Mask::new();
/// mask.add("p@ss word");
/// assert_eq!(mask.mask("GET /?key=p%40ss+word&page=2"), "GET /?key=***&page=2");
/// assert_eq!(mask.mask("nothing to hide"), "nothing to hide");
/// ```
#[derive(Clone, Default)]
pub struct Mask(Arc<RwLock<Secrets>>);

#[derive(Default)]
struct Secrets {
    /// Each secret as it was added.
    values: Vec<Zeroizing<String>>,
    /// What to look for within texts.
    needles: Vec<Needle>,
}

impl Mask {
    /// No secrets yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret; from now on no clone lets it through. White space alone is no secret.
    pub fn add(&self, secret: &str) {
        self.add_whole(secret);
        let trimmed = secret.trim();
        if trimmed != secret {
            self.add_whole(trimmed);
        }
        // A key in PEM form is often shown line by line.
        for line in trimmed.lines().map(str::trim) {
            if line != trimmed && line.len() >= 16 && !line.starts_with("-----") {
                self.add_whole(line);
            }
        }
    }

    fn add_whole(&self, secret: &str) {
        if secret.trim().is_empty() {
            return;
        }
        let mut secrets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if secrets.values.iter().any(|known| known.as_str() == secret) {
            return;
        }
        secrets.values.push(Zeroizing::new(secret.to_owned()));
        if secret.chars().count() >= SHORTEST_WITHIN_TEXT {
            secrets.needles.extend(Needle::all_of(secret));
        }
    }

    /// The text with `***` in place of each secret of at least four characters; borrowed if there is none in it.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secrets = self.read();
        if secrets.needles.is_empty() || text.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut found = Vec::new();
        for view in View::all_of(text.as_bytes()) {
            for needle in &secrets.needles {
                needle.find_in(&view, &mut found);
            }
        }
        if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(replaced(text, found)) }
    }

    /// The same for a whole header, query or body value: a secret of any length is masked if it is all there is.
    #[must_use]
    pub fn mask_value<'a>(&self, value: &'a str) -> Cow<'a, str> {
        if self.is_secret(value) { Cow::Borrowed(STARS) } else { self.mask(value) }
    }

    /// Whether the text as a whole is a secret, in clear or encoded.
    #[must_use]
    pub fn is_secret(&self, text: &str) -> bool {
        let secrets = self.read();
        !secrets.values.is_empty()
            && View::all_of(text.as_bytes())
                .iter()
                .any(|view| secrets.values.iter().any(|known| view.bytes() == known.as_bytes()))
    }

    fn read(&self) -> RwLockReadGuard<'_, Secrets> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} secrets)", self.read().values.len())
    }
}

/// Replaces ranges, merged where they overlap or touch: what stands between two halves of a secret is none of its own.
fn replaced(text: &str, mut ranges: Vec<(usize, usize)>) -> String {
    ranges.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut ranges = ranges.into_iter().peekable();
    while let Some((start, mut end)) = ranges.next() {
        while let Some((_, next_end)) = ranges.next_if(|&(next, _)| next <= end) {
            end = end.max(next_end);
        }
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push_str(STARS);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
