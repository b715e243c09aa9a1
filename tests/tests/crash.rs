//! Killed at any byte, resumed from the last complete states: nothing is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

use connector_tests::crash::{campaign, cases};

/// Each kind of stream, its first sync cut off at a few bytes; at thousands of them: `.ci/campaign`.
#[tokio::test]
async fn nothing_is_missing_after_a_cut_at_any_byte() {
    for case in cases() {
        let outcome = campaign(&case, 4).await.unwrap();
        assert!(outcome.faults.is_empty(), "{:#?}", outcome.faults);
        assert!(outcome.figures.doubles > 0, "{}: nothing came twice, so nothing was cut off", case.name);
    }
}
