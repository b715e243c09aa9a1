//! `#[cursor(…)]` as the descriptor's field and the sync's `CursorSpec`.

use super::scope::Scope;
use crate::input::serde::glue;
use crate::model::{Cursor, Stream};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// The field, read from a record: `record.meta.updated_at`.
pub(crate) fn field(cursor: &Cursor) -> TokenStream {
    let path = &cursor.path;
    quote!(record #(.#path)*)
}

/// What the settings say of the cursor: `.cursor(…).since(…)`.
pub(crate) fn settings(stream: &Stream<'_>, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let cursor = stream.cursor.as_ref()?;
    let entries = &cursor.entries;
    let start = entries.value("start").and_then(|(key, value)| {
        let value = scope.value(value)?;
        let field = field(cursor);
        let span = glue(key.span());
        Some(quote_spanned!(span=> .start(__rt::cursor_start(|record: &Self| &#field, #value)?)))
    });
    let since = entries.text("since").map(|name| quote!(.since(#name)));
    let until = entries.text("until").map(|name| quote!(.until(#name)));
    let spec = start.map(|start| {
        let span = glue(cursor.span);
        quote_spanned!(span=> .cursor(__rt::cursor_spec::<Self>()? #start .checked()?))
    });
    Some(quote!(#spec #since #until))
}
