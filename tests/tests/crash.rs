//! Killed at any byte, resumed from the last complete states: nothing is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

use connector_tests::crash::{campaign, campaign_of_deletions, cases};

/// Each kind of stream, its first sync cut off at a few bytes; at thousands of them: `.ci/campaign`.
#[tokio::test]
async fn nothing_is_missing_after_a_cut_at_any_byte() {
    for case in cases() {
        let outcome = campaign(&case, 4).await.unwrap();
        assert!(outcome.faults.is_empty(), "{:#?}", outcome.faults);
        assert!(outcome.figures.doubles > 0, "{}: nothing came twice, so nothing was cut off", case.name);
    }
}

/// In the end, a table that follows records and deletions is as the source, wherever the syncs between were cut off.
#[tokio::test]
async fn deletions_are_told_after_a_cut_at_any_byte() {
    let outcome = campaign_of_deletions(40).await.unwrap();
    assert!(outcome.faults.is_empty(), "{:#?}", outcome.faults);
    // Half of the syncs end and have a state for that alone.
    assert!(outcome.figures.states * 2 > outcome.syncs, "states come between the records, too: {:?}", outcome.figures);
}
