//! Every order of small syncs: two or three partitions of one to three windows, three syncs one after the other.
//!
//! `model` draws schedules at random; this test takes all of them, where they are few. A sync begins a partition, reads a page
//! of a slice, ends a slice, has one fail, and lets a record be written, in each order that there is. After each step a STATE
//! may be emitted and the sync be killed, and the next sync goes on from there, again in each order. The third sync ends well.
//!
//! **The specification**, looked at after each step:
//!
//! 1. A record that the document covers (the next sync does not ask for it) was emitted before – those not yet written as well.
//! 2. What was read for good is not asked for again, less the look-back: a partition starts no earlier than where the sync began it,
//!    than what its unbroken row of ended windows came to, and, once all have ended, than the sync asked up to.
//! 3. A document reads as it was written.
//! 4. A sync in which nothing failed, whatever came before, leaves nothing unread that was there when it began.
//!
//! **Why no model checker.** What runs side by side meets in one place, behind one lock: so there are no interleavings of memory accesses
//! to be found (loom, shuttle), only the order of calls. And what is to be checked is this code, not a model of it: the
//! state cannot be copied, so a path is walked again from its beginning, which a depth-first search with a set of what was visited
//! does in a few lines. Two things keep it small, and leave nothing out: of two ways to the same state, with the same slices in
//! hand and the same records emitted, one is followed; and a kill comes right after the STATE, because what is emitted between
//! the two only adds to the records that are safe, and the next sync knows nothing but the document.
//!
//! **What it catches.** Each of these was written into the code, and seen to fail here. `model` finds all but those with a star.
//!
//! - A group is the largest value seen, not what the sync asked up to. Its look-back is not taken off*, or taken off again.
//! - A partition that failed joins the group, or does not keep a sync from being complete.
//! - A window counts behind a gap, at its end or at a checkpoint; any window ends its partition; a value beyond a window's bound counts*.
//! - The look-back of a value of one's own is not taken off*; the state goes back; what some windows came to is not entered*.
//! - A partition is begun twice*; an unknown one starts at the watermark though the stream does not say so.
//!
//! **What it found.** A record that an API returns with each window (`newest_too`) took the state beyond the end that was asked for, once
//! the last window had ended; what came to be between the two was never read. `model` has no such API.

mod scope;
mod search;
mod sync;

use scope::{LOOKBACK, PLAIN, STEP, Scope};
use search::Search;

use crate::state::Listed;

fn every_order(scope: Scope) {
    let counts = Search::new(scope).run();
    assert!(counts.resumes >= 8 && counts.ends >= 32 && counts.moments >= 72, "there is more to try: {counts:?}");
}

#[test]
fn partitions() {
    for lookback in [0, LOOKBACK] {
        every_order(Scope { lookback, ..PLAIN });
    }
}

#[test]
fn partitions_from_the_watermark() {
    for lookback in [0, LOOKBACK] {
        every_order(Scope { lookback, from_watermark: true, ..PLAIN });
        every_order(Scope { lookback, from_watermark: true, listed: Listed::Changed, ..PLAIN });
    }
}

#[test]
fn partitions_of_integers() {
    every_order(Scope { integer: true, ..PLAIN });
    every_order(Scope { integer: true, ascending: true, newcomer: false, ..PLAIN });
}

#[test]
fn partitions_with_checkpoints() {
    for lookback in [0, LOOKBACK] {
        every_order(Scope { lookback, ascending: true, newcomer: false, ..PLAIN });
    }
}

#[test]
fn windows_one_after_the_other() {
    for lookback in [0, LOOKBACK] {
        every_order(Scope { lookback, step: Some(STEP), newcomer: false, ..PLAIN });
    }
}

#[test]
fn windows_side_by_side() {
    for lookback in [0, LOOKBACK] {
        every_order(Scope { lookback, step: Some(STEP), side_by_side: true, newcomer: false, ..PLAIN });
    }
}

#[test]
fn no_partitions() {
    for lookback in [0, LOOKBACK] {
        let single = Scope { lookback, partitioned: false, newcomer: false, ..PLAIN };
        for scope in [single, Scope { ascending: true, ..single }, Scope { integer: true, lookback: 0, ..single }] {
            every_order(scope);
        }
        for exclusive in [false, true] {
            let windows = Scope { step: Some(STEP), side_by_side: true, exclusive, ..single };
            every_order(windows);
            every_order(Scope { ascending: true, ..windows });
            every_order(Scope { newest_too: true, ..windows });
        }
    }
}
