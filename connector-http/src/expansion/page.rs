//! What asks for a page, as a value of the request.

use crate::{Cx, PageToken};

/// The token of this page; nothing on the first, or where a URL asks for it.
#[must_use]
pub fn page_token<'a, C>(cx: &Cx<'a, C>) -> Option<&'a str> {
    cx.page.and_then(PageToken::as_value)
}
