//! The place of a page, as a state can hold it: what asks for the page, and how many came before it.

use connector_core::Mask;
use serde_json::{Map, Value, json};

use super::declare::Declared;
use super::{PageToken, Source};
use crate::client::show;
use crate::http::Url;

const TOKEN: &str = "token";
const NUMBER: &str = "number";
const URL: &str = "url";
const PARAMS: &str = "params";

/// A page of a slice: `{"pages":2,"records":200,"token":"b"}`, or `number`, `url` or `params` in place of `token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    /// What asks for the page.
    pub(crate) token: PageToken,
    /// Pages before it.
    pub(crate) pages: u64,
    /// Records before it.
    pub(crate) records: u64,
}

impl Position {
    /// As a state holds it. Nothing if it would hold a secret: states are stored, and shown to people.
    pub(crate) fn to_value(&self, mask: &Mask) -> Option<Value> {
        let bare = |text: &str| mask.mask(text) == text;
        let (name, token) = match &self.token {
            PageToken::Value(token) if bare(token) => (TOKEN, json!(token)),
            PageToken::Number(number) if bare(number) => (NUMBER, json!(number)),
            PageToken::Url(url) if bare(url.as_str()) && !show::holds_secret(url) => (URL, json!(url.as_str())),
            PageToken::Params(pairs)
                if pairs.iter().all(|(name, value)| bare(name) && bare(value) && !show::is_secret(name)) =>
            {
                (PARAMS, json!(pairs))
            }
            _ => return None,
        };
        let mut value = Map::new();
        value.insert("pages".to_owned(), self.pages.into());
        value.insert("records".to_owned(), self.records.into());
        value.insert(name.to_owned(), token);
        Some(value.into())
    }

    /// What a state holds, if it is a place that this paginator could have named.
    pub(super) fn of_value(value: &Value, declared: &Declared) -> Option<Self> {
        let count = |key| value.get(key)?.as_u64();
        let (pages, records) = (count("pages")?, count("records")?);
        let named = [TOKEN, NUMBER, URL, PARAMS].map(|key| value.get(key));
        let token = match named {
            [Some(token), None, None, None] => PageToken::Value(token.as_str()?.to_owned()),
            [None, Some(number), None, None] => PageToken::Number(number.as_str()?.to_owned()),
            [None, None, Some(url), None] => PageToken::Url(Url::parse(url.as_str()?).ok()?),
            [None, None, None, Some(params)] => PageToken::Params(serde_json::from_value(params.clone()).ok()?),
            _ => return None,
        };
        let fits = match &declared.source {
            Source::NextUrl(_) | Source::Link => matches!(token, PageToken::Url(_)),
            Source::Number { .. } | Source::Offset { .. } => token.as_value()?.parse::<u64>().is_ok(),
            // A hook and an expression name pages as they like.
            Source::Single | Source::Computed => true,
            Source::Body(_) | Source::Header(_) | Source::LastRecord(_) => !matches!(token, PageToken::Url(_)),
        };
        (fits && pages > 0).then_some(Self { token, pages, records })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Paginator;

    fn at(token: PageToken) -> Position {
        Position { token, pages: 2, records: 200 }
    }

    fn url(text: &str) -> PageToken {
        PageToken::Url(Url::parse(text).unwrap())
    }

    #[test]
    fn every_token_is_written_and_read() {
        for (paginator, token, text) in [
            (Paginator::token("next"), PageToken::value("b"), r#"{"pages":2,"records":200,"token":"b"}"#),
            (Paginator::pages(), PageToken::value("3"), r#"{"pages":2,"records":200,"token":"3"}"#),
            (
                Paginator::link(),
                url("https://a.io/x?page=3"),
                r#"{"pages":2,"records":200,"url":"https://a.io/x?page=3"}"#,
            ),
            (Paginator::single(), PageToken::Number("4".to_owned()), r#"{"number":"4","pages":2,"records":200}"#),
            (
                Paginator::single(),
                PageToken::params([("a", "1"), ("a", "2")]),
                r#"{"pages":2,"params":[["a","1"],["a","2"]],"records":200}"#,
            ),
        ] {
            let position = at(token);
            let value = position.to_value(&Mask::default()).unwrap();
            assert_eq!(value.to_string(), text);
            assert_eq!(Position::of_value(&value, paginator.declared()), Some(position), "{text}");
        }
    }

    #[test]
    fn secrets_make_no_place() {
        let mask = Mask::default();
        mask.add("hunter2hunter2");
        for token in [
            PageToken::value("a-hunter2hunter2"),
            url("https://a.io/x?page=3&who=hunter2hunter2"),
            url("https://a.io/x?page=3&api_key=of-somebody-else"),
            url("https://me:password@a.io/x?page=3"),
            PageToken::params([("access_token", "of-somebody-else")]),
            PageToken::params([("a", "hunter2hunter2")]),
        ] {
            assert_eq!(at(token.clone()).to_value(&mask), None, "{token:?}");
        }
    }

    #[test]
    fn what_the_paginator_cannot_have_named_is_no_place() {
        for (paginator, text) in [
            (Paginator::pages(), r#"{"pages":2,"records":200,"token":"b"}"#),
            (Paginator::pages(), r#"{"pages":2,"records":200,"url":"https://a.io/"}"#),
            (Paginator::link(), r#"{"pages":2,"records":200,"token":"b"}"#),
            (Paginator::link(), r#"{"pages":2,"records":200,"url":"no url"}"#),
            (Paginator::token("a"), r#"{"pages":0,"records":0,"token":"b"}"#),
            (Paginator::token("a"), r#"{"records":0,"token":"b"}"#),
            (Paginator::token("a"), r#"{"pages":2,"records":200}"#),
            (Paginator::token("a"), r#"{"pages":2,"records":200,"token":7}"#),
            (Paginator::token("a"), "7"),
        ] {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(Position::of_value(&value, paginator.declared()), None, "{text}");
        }
    }
}
