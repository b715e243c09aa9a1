//! Families meet in real streams: each case has a stream such as real connectors have, of six families or more.
//!
//! A case is a table: the families, the config, headers that every request bears, what is asked and answered, what is emitted.

pub(crate) use crate::kit::Sync;
pub(crate) use connector_http::prelude::*;
pub(crate) use connector_http::transport::Reply;
pub(crate) use serde_json::json;
use std::collections::BTreeSet;
use std::fs;

/// An answer of the table: a body, or a whole reply.
pub(crate) trait Answers {
    fn reply(self) -> Reply;
}

impl Answers for &'static str {
    fn reply(self) -> Reply {
        Reply::json(self)
    }
}

impl Answers for Reply {
    fn reply(self) -> Reply {
        self
    }
}

/// What a case expects.
pub(crate) struct Case {
    pub(crate) families: &'static [&'static str],
    pub(crate) requests: &'static [&'static str],
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) records: &'static [&'static str],
}

/// Compares a sync with its case: every request of the table was made, and no other; every record came, with its bytes.
pub(crate) fn judge(sync: &Sync, case: &Case) {
    assert_eq!(sync.error, None, "{:#?}", sync.requests);
    let listed = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/families.txt")).unwrap();
    let listed: BTreeSet<&str> = listed.lines().filter_map(|line| Some(line.split('#').next()?.trim())).collect();
    let families: BTreeSet<&str> = case.families.iter().copied().collect();
    assert!(families.len() >= 6, "a combination has six families at least: {families:?}");
    for family in families {
        assert!(listed.contains(family), "`{family}` is not listed in docs/families.txt");
    }
    let asked: BTreeSet<&str> =
        sync.requests.iter().filter_map(|request| Some(request.split_once(' ')?.1)).map(str::trim_end).collect();
    assert_eq!(asked, case.requests.iter().copied().collect::<BTreeSet<_>>());
    for (name, value) in case.headers {
        for (found, request) in sync.header(name).iter().zip(&sync.requests) {
            // A call for a token has credentials of its own.
            assert!(
                found == value || request.contains("token ") || request.contains("login "),
                "{name} of {request}: {found}"
            );
        }
    }
    assert_eq!(sync.records, case.records);
}

macro_rules! combination {
    (
        $name:ident, [$($family:literal),+ $(,)?], $config:tt, { $($header:literal: $value:literal),* $(,)? },
        { $($request:literal => $answer:expr),+ $(,)? }, [$($record:literal),* $(,)?], $($item:item)+
    ) => {
        mod $name {
            use crate::combined::*;
            $($item)+

            #[test]
            fn is_read() {
                let sync = crate::kit::read::<Api>(json!($config), |url, body| {
                    let asked = format!("{url} {body}");
                    match asked.trim_end() {
                        $($request => Answers::reply($answer),)+
                        other => panic!("{other:?}"),
                    }
                });
                judge(&sync, &Case {
                    families: &[$($family),+],
                    requests: &[$($request),+],
                    headers: &[$(($header, $value)),*],
                    records: &[$($record),*],
                });
            }
        }
    };
}

mod bodies;
mod edited;
mod incremental;
mod paged;
mod parents;

#[test]
fn there_are_thirty_at_least() {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/families/combined")).unwrap();
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let cases: usize = texts.map(|text| text.matches("\ncombination! {").count()).sum();
    assert!(cases >= 30, "{cases}");
}
