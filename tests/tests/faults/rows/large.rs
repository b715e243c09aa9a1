//! Bodies of more than a page's bytes.

use std::time::Duration;

use connector_tests::{Fault, Reply};

use crate::bodies::{gzip, large, large_count};
use crate::row::Row;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("a page of 8 MB").body(large()).ids(0..large_count()),
        Row::new("a page of 8 MB, reset after 5 MB")
            .first([Reply::json(large()).fault(Fault::ResetAfter(5_000_000)), Reply::json(large())])
            .requests(2)
            .waits(&[1.0])
            .ids(0..large_count())
            .logs(1, "skipped as repeats")
            .note("no record twice"),
        Row::new("a page of 8 MB in chunks, packed, cut off twice")
            .first([
                Reply::json(gzip(&large())).header("Content-Encoding", "gzip").chunked().fault(Fault::Truncate(20_000)),
                Reply::json(large()).fault(Fault::Truncate(3_000_000)),
                Reply::json(gzip(&large())).header("Content-Encoding", "gzip").chunked(),
            ])
            .requests(3)
            .waits(&[1.0, 2.0])
            .ids(0..large_count())
            .note("no record twice"),
        slow("a page of 8 MB, and a reader of the output that stops for longer than the server may (4 s, 1.5 s here)")
            .body(large()),
        slow("the same, and the server resets the connection meanwhile")
            .first([Reply::json(large()).fault(Fault::ResetAfter(4_000_000)), Reply::json(large())])
            .requests(2)
            .waits(&[1.0])
            .note("no record twice"),
    ]
}

/// Small pieces and a short queue, so that the reader of the output is waited for at once.
fn slow(fault: &'static str) -> Row {
    Row::new(fault).slow_reader(Duration::from_secs(4)).ids(0..large_count()).limits(|limits| {
        limits.first_byte_timeout = Duration::from_secs(20);
        limits.idle_timeout = Duration::from_millis(1500);
        limits.page_bytes = 64 << 10;
        limits.output_bytes = 256 << 10;
    })
}
