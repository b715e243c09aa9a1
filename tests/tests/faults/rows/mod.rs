//! The lines of the matrix, by outcome.

mod connection;
mod credentials;
mod encodings;
mod failing;
mod jobs;
mod large;
mod limited;
mod records;
mod redirects;
mod spoilt;
mod start;
mod stopped;

use super::row::Row;

/// All lines, with the titles under which they are printed.
pub(crate) fn groups() -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("Rate limits", limited::rows()),
        ("Failures of the server and of the connection", connection::rows()),
        ("Bodies that are not what they should be", spoilt::rows()),
        ("Bodies that look odd and are well", encodings::rows()),
        ("Redirects, cookies and other hosts", redirects::rows()),
        ("Credentials that end in the middle", credentials::rows()),
        ("Large pages and slow readers", large::rows()),
        ("Records", records::rows()),
        ("One stream fails, the others run on", failing::rows()),
        ("Reports that are made on request", jobs::rows()),
        ("Before any request", start::rows()),
        ("A stop in the middle", stopped::rows()),
    ]
}
