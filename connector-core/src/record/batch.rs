//! Records under construction: each is walked over once, judged, and rendered as a line.

use super::accounts::{Accounts, explain};
use super::ahead::Piece;
use super::cut::{Cut, cut};
use super::edit::{self, Added, Edits};
use super::fault::{Fault, Found, What};
use super::line::{Framing, Lines};
use super::line_keys::LineKeys;
use super::mend::{Mended, mend};
use super::order::Orders;
use super::picks::Picks;
use super::plan::{KeyPart, Misfit, Plan};
use super::walk::{Scratch, Walk};
use super::walk_odd::{NOWHERE, Span, Why};
use crate::cursor::{CursorFold, Keep};
use crate::error::{Error, ErrorKind, Result};
use std::ops::Range;
use std::sync::Arc;

mod transformed;

/// The records of a page, or of a piece of one: rendered lines, and what the engine needs to know of them.
///
/// ```
/// use connector_core::record::{Batch, Field, Framing, Plan, PlanOptions, Record};
/// use connector_core::stream::StreamDescriptor;
///
/// static FIELDS: &[Field] = &[Field::new("id", "", &<u64 as Record>::SHAPE)];
/// static USERS: StreamDescriptor = StreamDescriptor::new("users", "", || FIELDS);
///
/// # fn main() -> connector_core::Result<()> {
/// let plan = Plan::new(&USERS, PlanOptions::default())?.into();
/// let mut batch = Batch::new(plan, Framing::Bare, 0);
/// batch.push(br#"{ "id": 7, "price": 1.50 }"#)?;
/// assert_eq!(batch.rendered(), b"{\"id\":7,\"price\":1.50}\n");
/// assert_eq!(batch.accounts().misfits, 0);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Batch {
    plan: Arc<Plan>,
    scratch: Scratch,
    orders: Orders,
    lines: Lines,
    accounts: Accounts,
    fold: Option<CursorFold>,
    picks: Vec<Picks>,
    last: Last,
    edits: Option<Edits>,
    /// What is added to the record at hand.
    added: Arc<Added>,
    /// Records that were found, of a stream that transforms them.
    found: u64,
    /// The keys of the records that became lines, where the plan wants them.
    keys: LineKeys,
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.plan.give_back((std::mem::take(&mut self.scratch), std::mem::take(&mut self.orders)));
    }
}

/// Where the last record's bytes are.
#[derive(Debug)]
enum Last {
    Nowhere,
    /// In the lines.
    Line(Range<usize>),
    Own(Vec<u8>),
}

impl Batch {
    /// An empty batch. `emitted_at_ms`: when its records were read, in milliseconds since 1970.
    #[must_use]
    pub fn new(plan: Arc<Plan>, framing: Framing, emitted_at_ms: i64) -> Self {
        let (scratch, orders) = plan.kit();
        Self {
            scratch,
            orders,
            lines: Lines::new(&plan, framing, emitted_at_ms),
            accounts: Accounts::default(),
            fold: None,
            picks: plan.children.iter().map(|slots| Picks::new(slots.len())).collect(),
            last: Last::Nowhere,
            edits: None,
            added: Arc::default(),
            found: 0,
            keys: LineKeys::default(),
            plan,
        }
    }

    /// The same, with a fold for the cursor's values; it may filter records.
    #[must_use]
    pub fn with_fold(mut self, fold: CursorFold) -> Self {
        self.fold = Some(fold);
        self
    }

    /// The same, with a used buffer for the lines; what is in it is thrown away. A fresh buffer of a page costs more than
    /// the walk over it, because the system has to clear its memory.
    #[must_use]
    pub fn with_buffer(mut self, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        self.lines.out = buffer;
        self
    }

    /// Goes on with another buffer, after the lines were taken out.
    pub(crate) fn reuse(&mut self, buffer: Vec<u8>) {
        if self.lines.out.capacity() == 0 {
            self.lines.out = buffer;
        }
    }

    /// The same, for a stream that adds fields to its records or filters them.
    #[must_use]
    pub fn with_edits(mut self, edits: Option<Edits>) -> Self {
        self.edits = edits;
        self
    }

    /// Takes one record: a complete JSON object, perhaps with whitespace around it.
    ///
    /// # Errors
    /// [`ErrorKind::Response`] for what is no JSON; [`ErrorKind::Content`] for what is no object, no UTF-8 or nested too
    /// deeply; [`ErrorKind::Record`] for a record that does not fit, if the stream says to fail then, or whose cursor value
    /// is unreadable.
    pub fn push(&mut self, record: &[u8]) -> Result<()> {
        self.push_at(record, 0)
    }

    /// The same for a record that stands somewhere in a body.
    pub(crate) fn push_at(&mut self, record: &[u8], offset: u64) -> Result<()> {
        let start = record.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        let record = record.get(start..).unwrap_or_default();
        let offset = offset + start as u64;
        match self.take(&mut Piece::new(record), 0, offset, false)? {
            None => Err(broken(offset, Fault { at: record.len(), what: What::Truncated }, record)),
            Some(end) => match record.iter().skip(end).position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
                None => Ok(()),
                Some(more) => Err(broken(offset, Fault { at: end + more, what: What::Trailing }, record)),
            },
        }
    }

    /// Takes the record at a place of a piece: its length, or nothing if it is not complete. `offset`: of that place in the body;
    /// `is_utf8`: the bytes are known to be UTF-8.
    #[inline]
    pub(crate) fn take(
        &mut self,
        piece: &mut Piece<'_>,
        at: usize,
        offset: u64,
        is_utf8: bool,
    ) -> Result<Option<usize>> {
        let bytes = piece.bytes().get(at..).unwrap_or_default();
        if self.plan.transform.is_some() {
            let plan = Arc::clone(&self.plan);
            return plan.transform.as_ref().map_or(Ok(None), |by| self.take_transformed(by, bytes, offset));
        }
        if self.plan.unread {
            match cut(bytes, piece.processor()) {
                Cut::Plain(end) => {
                    return self.take_plain(bytes.get(..end).unwrap_or(bytes), offset, is_utf8).map(Some);
                }
                Cut::Short => return Ok(None),
                Cut::Odd => {}
            }
        }
        let mut walk = Walk::new(&self.plan, &self.orders, &mut self.scratch, piece, at);
        match walk.record() {
            Ok(end) => {
                let suspect = walk.suspect || walk.text.lone_surrogate;
                let record = bytes.get(..end).unwrap_or(bytes);
                if !self.scratch.lessons.is_empty() {
                    self.orders.learn(&self.scratch.lessons, &self.plan, record);
                }
                if !self.scratch.spacings.is_empty() {
                    self.orders.respace(&self.scratch.spacings, &self.plan, record);
                }
                if !is_utf8 && let Err(fault) = utf8(record) {
                    return Err(broken(offset, fault, record));
                }
                match if suspect { mend(record) } else { None } {
                    None => self.judge(record, offset)?,
                    Some(mended) => self.take_mended(&mended, offset)?,
                }
                Ok(Some(end))
            }
            Err(_) if walk.text.fault.what == What::Truncated => Ok(None),
            Err(_) => {
                let fault = walk.text.fault;
                Err(if fault.at == 0 { no_object(offset, bytes) } else { broken(offset, fault, bytes) })
            }
        }
    }

    /// Takes a record that leaves as it is, whatever is in it.
    fn take_plain(&mut self, record: &[u8], offset: u64, is_utf8: bool) -> Result<usize> {
        if !is_utf8 && let Err(fault) = utf8(record) {
            return Err(broken(offset, fault, record));
        }
        self.scratch.clear();
        self.judge(record, offset)?;
        Ok(record.len())
    }

    #[cold]
    fn take_mended(&mut self, mended: &Mended, offset: u64) -> Result<()> {
        for (path, what) in &mended.places {
            self.accounts.add_mended(path, *what, 1);
        }
        let mut piece = Piece::new(&mended.text);
        let mut walk = Walk::new(&self.plan, &self.orders, &mut self.scratch, &mut piece, 0);
        if walk.record().is_err() {
            let fault = walk.text.fault.describe(&mended.text);
            return Err(Error::new(ErrorKind::Internal, "a mended record is no JSON any more").with_internal(fault));
        }
        self.judge(&mended.text, offset)
    }

    /// Decides about a record that was walked over, and renders it.
    #[inline]
    fn judge(&mut self, record: &[u8], offset: u64) -> Result<()> {
        self.accounts.extracted += 1;
        if !self.scratch.unfit.is_empty() && !self.keep_misfit(record, offset)? {
            self.accounts.rejected += 1;
            self.remember(record);
            return Ok(());
        }
        let mut keep = Keep::Emit;
        if let (Some(fold), Some(slot)) = (&mut self.fold, self.plan.cursor) {
            let first = value(&self.scratch, record, slot);
            keep = match self.plan.then {
                None => fold.push(first)?,
                Some(slot) => fold.push_both(first, value(&self.scratch, record, slot))?,
            };
        }
        if let Some(edits) = &self.edits {
            let fields = self.plan.reads.iter().map(|slot| value(&self.scratch, record, *slot));
            let kept = edits.record(fields, &mut self.added).map_err(|error| self.at_record(&error, offset))?;
            if !kept {
                self.accounts.filtered += 1;
                self.remember(record);
                return Ok(());
            }
        }
        for (picks, slots) in self.picks.iter_mut().zip(&self.plan.children) {
            for slot in slots {
                picks.push(value(&self.scratch, record, *slot));
            }
        }
        if keep == Keep::Emit && self.plan.render {
            self.accounts.emitted += 1;
            if !self.plan.key.is_empty() {
                self.keep_key(record);
            }
            if self.edits.is_some() || !self.plan.cut.is_empty() {
                self.render_edited(record);
                self.remember(record);
                return Ok(());
            }
            let place = if !self.scratch.unfit.is_empty() && self.plan.misfit == Misfit::Null {
                self.render_nulled(record)
            } else {
                self.lines.push(record, &self.scratch.gaps)
            };
            self.last = Last::Line(place);
            return Ok(());
        }
        if keep == Keep::Emit {
            self.accounts.unrendered += 1
        } else {
            self.accounts.filtered += 1
        }
        self.remember(record);
        Ok(())
    }

    /// Keeps the key of a record that becomes a line.
    fn keep_key(&mut self, record: &[u8]) {
        let Self { plan, scratch, added, keys, edits, .. } = self;
        keys.push(plan.key.iter().map(|part| match part {
            KeyPart::Slot(slot) => value(scratch, record, *slot),
            KeyPart::Added(name) => edits.as_ref().and_then(|_| added.value(name)),
        }));
    }

    /// Adds the line of a record that was not read: it tells that one is gone.
    pub(crate) fn push_gone(&mut self, record: &[u8]) {
        self.lines.push(record, &[]);
    }

    /// Moves the keys of the lines out, one each, where the plan wants them.
    pub(crate) fn take_keys(&mut self) -> LineKeys {
        std::mem::take(&mut self.keys)
    }

    /// Counts what does not fit; whether the record is kept.
    #[cold]
    fn keep_misfit(&mut self, record: &[u8], offset: u64) -> Result<bool> {
        self.accounts.misfits += 1;
        for unfit in &self.scratch.unfit {
            self.accounts.add_unfit(&self.plan, unfit, record);
        }
        match (self.plan.misfit, self.scratch.unfit.first()) {
            (Misfit::Fail, Some(first)) => {
                let (expected, found) = explain(&self.plan, first, record);
                let (path, number) = (self.plan.path(first.node), self.accounts.extracted);
                let place = format!("record {number} of the page (at byte {offset}) does not fit its struct");
                Err(Error::new(ErrorKind::Record, format!("{place}: `{path}`: expected {expected}, found {found}")))
            }
            (misfit, _) => Ok(misfit != Misfit::Skip),
        }
    }

    /// Renders a record with null for the values that do not fit. What is missing cannot be nulled, what is null need not be.
    #[cold]
    fn render_nulled(&mut self, record: &[u8]) -> Range<usize> {
        let (nulled, fields) = nulled(&self.plan, &self.scratch, record);
        if nulled.is_empty() {
            return self.lines.push(record, &self.scratch.gaps);
        }
        self.lines.push_nulled(record, &self.scratch.gaps, &nulled, &fields)
    }

    /// Renders a record as the stream edits it. What follows from the record itself, as a next page may, reads the bytes that came.
    fn render_edited(&mut self, record: &[u8]) {
        let misfit = !self.scratch.unfit.is_empty() && self.plan.misfit == Misfit::Null;
        let (nulled, fields) = if misfit { nulled(&self.plan, &self.scratch, record) } else { Default::default() };
        let spans = self.plan.cut.iter().filter_map(|slot| self.scratch.slots.get(usize::from(*slot)));
        let mut cuts: Vec<Span> = spans.copied().filter(|span| *span != NOWHERE).collect();
        edit::members(record, &mut cuts);
        self.lines.push_edited(record, &self.scratch.gaps, (&nulled, &fields), &cuts, &self.added);
    }

    /// An error of an expression over the record at hand, with the record's place.
    #[cold]
    fn at_record(&self, error: &Error, offset: u64) -> Error {
        let place = format!("record {} of the page (at byte {offset})", self.accounts.extracted);
        Error::new(error.kind(), format!("{place}: {}", error.message()))
    }

    /// Keeps the last record where no line has it.
    fn remember(&mut self, record: &[u8]) {
        match &mut self.last {
            Last::Own(own) => {
                own.clear();
                own.extend_from_slice(record);
            }
            last => *last = Last::Own(record.to_vec()),
        }
    }

    /// How many lines there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lines.count
    }

    /// The lines, whole ones.
    #[must_use]
    pub fn rendered(&self) -> &[u8] {
        &self.lines.out
    }

    /// Moves the lines out, and tells how many they are; the accounts and the last record stay. Large bodies leave in pieces.
    pub fn take_rendered(&mut self) -> (Vec<u8>, u64) {
        if let Last::Line(place) = &self.last {
            self.last = Last::Own(self.lines.out.get(place.clone()).unwrap_or_default().to_vec());
        }
        (std::mem::take(&mut self.lines.out), std::mem::take(&mut self.lines.count))
    }

    /// What became of the records so far, those taken out included.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The bytes of the last record, whether it was rendered or not.
    #[must_use]
    pub fn last_record(&self) -> Option<&[u8]> {
        match &self.last {
            Last::Nowhere => None,
            Last::Line(place) => self.lines.out.get(place.clone()),
            Last::Own(own) => Some(own),
        }
    }

    /// The fold of the cursor's values, where there is one.
    #[must_use]
    pub fn fold(&self) -> Option<&CursorFold> {
        self.fold.as_ref()
    }

    /// The cursor's state is to advance to this text, whatever the records' values come to
    /// ([`CursorFold::advance_to`]); without a cursor nothing happens.
    ///
    /// # Errors
    /// A text that is no value of the cursor.
    pub fn advance_to(&mut self, text: &str) -> Result<()> {
        self.fold.as_mut().map_or(Ok(()), |fold| fold.advance_to(text))
    }

    /// Moves the fold out.
    pub fn take_fold(&mut self) -> Option<CursorFold> {
        self.fold.take()
    }

    /// The values that a child of the plan uses, one row a record in the order of the paths, as JSON text; `null` for what is not
    /// there. They are forgotten here. Filtered records have rows, rejected ones have none.
    pub fn picks(&mut self, child: usize) -> impl Iterator<Item = Vec<Box<[u8]>>> + use<> {
        self.picks.get_mut(child).map(Picks::drain).into_iter().flatten()
    }

    /// The plan that the batch follows.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }
}

/// The values that leave as null, and their paths for `meta.changes`.
fn nulled<'p>(plan: &'p Plan, scratch: &Scratch, record: &[u8]) -> (Vec<Span>, Vec<&'p str>) {
    let text = |span: Span| record.get(span.0 as usize..span.1 as usize);
    let mut unfit: Vec<_> = scratch.unfit.iter().filter(|unfit| unfit.why != Why::Missing).collect();
    // A record without its key is another record, or none, where it is put together with others.
    unfit.retain(|unfit| text(unfit.span) != Some(b"null") && !plan.keeps(plan.path(unfit.node)));
    unfit.sort_by_key(|unfit| unfit.span.0);
    let mut nulled: Vec<Span> = Vec::new();
    let mut fields: Vec<&str> = Vec::new();
    for unfit in unfit {
        if nulled.last().is_none_or(|before| before.1 <= unfit.span.0) {
            nulled.push(unfit.span);
            fields.push(plan.path(unfit.node));
        }
    }
    fields.sort_unstable();
    fields.dedup();
    (nulled, fields)
}

/// A wanted value's bytes.
#[inline]
fn value<'r>(scratch: &Scratch, record: &'r [u8], slot: u16) -> Option<&'r [u8]> {
    match scratch.slots.get(usize::from(slot)) {
        Some(&span) if span != NOWHERE => record.get(span.0 as usize..span.1 as usize),
        _ => None,
    }
}

/// Whether bytes are UTF-8, or where they are not.
pub(crate) fn utf8(bytes: &[u8]) -> std::result::Result<(), Fault> {
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return Ok(());
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(()),
        Err(error) => Err(Fault { at: error.valid_up_to(), what: What::Utf8 }),
    }
}

/// Whether a piece of a text is UTF-8, but for characters that its ends cut in two.
pub(crate) fn is_utf8_inside(piece: &[u8]) -> bool {
    let goes_on = |byte: &&u8| **byte & 0xc0 == 0x80;
    let begin = piece.iter().take(3).take_while(goes_on).count();
    let tail = piece.iter().rev().take(3).take_while(goes_on).count();
    // The character that the last bytes belong to, if it is not whole.
    let last = piece.len().checked_sub(tail + 1).and_then(|at| piece.get(at)).copied().unwrap_or_default();
    let due = match last {
        0xc0..=0xdf => 1,
        0xe0..=0xef => 2,
        0xf0..=0xff => 3,
        _ => 0,
    };
    let end = if due > tail { piece.len() - tail - 1 } else { piece.len() };
    simdutf8::basic::from_utf8(piece.get(begin..end).unwrap_or_default()).is_ok()
}

/// The error for bytes of a body that are no JSON.
#[cold]
pub(crate) fn broken(offset: u64, fault: Fault, bytes: &[u8]) -> Error {
    let at = offset + fault.at as u64;
    // What is cut off or garbled may be whole the next time; these are the data themselves.
    let kind = match fault.what {
        What::Utf8 | What::Depth => ErrorKind::Content,
        _ => ErrorKind::Response,
    };
    Error::new(kind, format!("the body is not valid JSON at byte {at}: {}", fault.describe(bytes)))
}

/// The error for a record that is something else than an object.
#[cold]
pub(crate) fn no_object(offset: u64, bytes: &[u8]) -> Error {
    let found = match bytes.first() {
        Some(b'"') => "a string",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => return broken(offset, Fault { at: 0, what: What::Expected("a record, which is an object") }, bytes),
    };
    let what = Found(bytes);
    Error::new(
        ErrorKind::Content,
        format!("a record has to be an object, but at byte {offset} of the body stands {found}: {what}"),
    )
}

#[cfg(test)]
mod tests {
    use super::is_utf8_inside;

    #[test]
    fn a_piece_may_be_cut_within_a_character() {
        let text = "aé€😀z😀€éa";
        for from in 0..text.len() {
            for to in from..=text.len() {
                assert!(is_utf8_inside(&text.as_bytes()[from..to]), "{from} {to}");
            }
        }
        for broken in
            [&b"a\xffb"[..], b"a\x80b", b"\xe9 \xe9\xe9", b"ab\xc0\xaf", b"\x80\x80\x80\x80", b"a\xf0\x9f\x98"]
        {
            assert_eq!(is_utf8_inside(broken), broken.ends_with(b"\xf0\x9f\x98"), "{broken:?}");
        }
    }
}
