//! `#[transform(…)]` as a `Transform`.

use crate::attributes::{Entries, Entry, Named, Value};
use crate::input::serde::glue;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The transform that the attribute declares; nothing without one.
pub(super) fn transform(entries: &Entries) -> Option<TokenStream> {
    entries.span?;
    let calls: TokenStream = entries.iter().filter_map(|entry| call(entries, entry)).collect();
    (!calls.is_empty()).then(|| quote!(__rt::Transform::new()#calls))
}

fn call(entries: &Entries, entry: &Entry) -> Option<TokenStream> {
    let text = entries.text(entry.key);
    let method = Ident::new(entry.key, Span::call_site());
    Some(match entry.key {
        "explode" => quote_spanned!(glue(text?.span())=> .explode(#text)?),
        "entries" | "wrap" | "flatten" => quote!(.#method(#text)),
        "lift" | "dates" => {
            let texts = entries.texts(entry.key).iter();
            texts.map(|text| quote_spanned!(glue(text.span())=> .#method(#text)?)).collect()
        }
        "copy" | "rename" => pairs(entries, entry.key).map(|(name, text)| quote!(.#method(#name, #text)?)).collect(),
        "replace_in_keys" => pairs(entries, entry.key).map(|(name, text)| quote!(.#method(#name, #text))).collect(),
        "keys" => match entries.choice("keys")?.0 {
            "snake_case" => quote!(.keys(__rt::KeyCase::Snake)),
            _ => quote!(.keys(__rt::KeyCase::Lower)),
        },
        "empty" => {
            let empty = entries.keys("empty")?;
            empty.iter().filter_map(|of| emptied(of.key, empty.choice(of.key)?.0)).collect()
        }
        "cast" => quote!(.cast()),
        _ => return None,
    })
}

fn emptied(of: &str, what: &str) -> Option<TokenStream> {
    let what = if what == "null" { quote!(__rt::Empty::Null) } else { quote!(__rt::Empty::Drop) };
    Some(match of {
        "strings" => quote!(.empty_strings(#what)),
        "lists" => quote!(.empty_lists(#what)),
        "objects" => quote!(.empty_objects(#what)),
        "nulls" => quote!(.drop_nulls()),
        _ => return None,
    })
}

/// Names, and the texts under them.
fn pairs<'e>(entries: &'e Entries, key: &str) -> impl Iterator<Item = (&'e str, String)> {
    entries.values(key).iter().filter_map(|Named { name, value, .. }| match value {
        Value::Template(template) => Some((name.as_str(), template.constant()?)),
        Value::Expr(_) => None,
    })
}
