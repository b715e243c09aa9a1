//! What asks for a page, as a value of the request.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use connector_core::Result;

use crate::http::Url;
use crate::paginate::resolve;
use crate::{Cx, Page, PageToken};

/// The token of this page; nothing on the first, or where a URL asks for it.
#[must_use]
pub fn page_token<'a, C>(cx: &Cx<'a, C>) -> Option<&'a str> {
    cx.page.and_then(PageToken::as_value)
}

/// A value that can name the next page.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot name the next page",
    label = "no page token",
    note = "integers, strings, dates, date-times, a `Url`, a `PageToken`, and an Option of those can; None ends the pages"
)]
pub trait NextToken {
    /// The token; nothing where the pages end.
    fn token(self) -> Option<PageToken>;
}

macro_rules! numbers {
    ($($type:ty),+) => { $(impl NextToken for $type {
        fn token(self) -> Option<PageToken> {
            Some(PageToken::Number(self.to_string()))
        }
    })+ };
}
numbers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

macro_rules! texts {
    ($($type:ty),+) => { $(impl NextToken for $type {
        fn token(self) -> Option<PageToken> {
            (!self.is_empty()).then(|| PageToken::value(self))
        }
    })+ };
}
texts!(&str, String, &String, Cow<'_, str>);

impl NextToken for NaiveDate {
    fn token(self) -> Option<PageToken> {
        Some(PageToken::value(self.to_string()))
    }
}

impl NextToken for DateTime<Utc> {
    fn token(self) -> Option<PageToken> {
        Some(PageToken::value(self.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
    }
}

impl NextToken for Url {
    fn token(self) -> Option<PageToken> {
        Some(PageToken::Url(self))
    }
}

impl NextToken for PageToken {
    fn token(self) -> Option<PageToken> {
        Some(self)
    }
}

impl<T: NextToken> NextToken for Option<T> {
    fn token(self) -> Option<PageToken> {
        self.and_then(T::token)
    }
}

/// What an expression says of the next page. A number could count up for ever: like a page number, it ends at an empty page.
///
/// # Errors
/// None today.
pub fn next<T: NextToken>(page: &Page<'_>, value: T) -> Result<Option<PageToken>> {
    let token = value.token();
    let counted = matches!(token, Some(PageToken::Number(_)));
    Ok(token.filter(|_| !counted || page.count() > 0))
}

/// What an expression says of the next page's URL: absolute, or relative to the page's own.
///
/// # Errors
/// A text that is no URL.
pub fn next_url<T: NextToken>(page: &Page<'_>, value: T) -> Result<Option<PageToken>> {
    match value.token() {
        Some(PageToken::Value(text)) => resolve(page.url(), &text).map(Some),
        other => Ok(other),
    }
}
