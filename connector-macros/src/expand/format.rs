//! The format of a stream's bodies, as settings.

use super::scope::Scope;
use crate::attributes::Entries;
use crate::check;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `format`, `csv` and `charset`.
pub(super) fn setting(key: &str, http: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let format = match key {
        "charset" => {
            let charset = http.text(key)?;
            return Some(quote!(.charset(#charset)));
        }
        "csv" => {
            let keys = http.keys(key)?;
            let parts: TokenStream = keys.iter().filter_map(|entry| part(entry.key, keys, scope)).collect();
            quote!(Csv(__rt::Csv::new()#parts))
        }
        _ => match http.choice("format")?.0 {
            "json" => quote!(Json),
            "json_lines" => quote!(JsonLines),
            "xml" => quote!(Xml),
            "csv" => quote!(Csv(__rt::Csv::new())),
            _ => quote!(Csv(__rt::Csv::new().delimiter(b'\t'))),
        },
    };
    Some(quote!(.format(__rt::BodyFormat::#format)))
}

fn part(key: &str, keys: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let byte = |key: &str| {
        let text = keys.text(key)?;
        let mut byte = Literal::byte_character(check::byte(text)?);
        byte.set_span(text.span());
        Some(byte)
    };
    Some(match key {
        "delimiter" => {
            let byte = byte(key)?;
            quote!(.delimiter(#byte))
        }
        "quote" => {
            let byte = byte(key)?;
            quote!(.quote(#byte))
        }
        "no_quotes" => quote!(.without_quotes()),
        "no_header" => quote!(.without_header()),
        "skip" => {
            let lines = scope.owned(keys.value(key)?.1)?;
            quote!(.skip_lines(#lines))
        }
        _ => return None,
    })
}
