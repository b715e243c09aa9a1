//! `#[paginate(…)]` as a `Paginator`.

use super::scope::Scope;
use crate::attributes::{Entries, Named};
use crate::input::serde::glue;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// `next_page_token` over what `token`, `next_url` and `stop` compute; nothing if they compute nothing.
pub(crate) fn computed(entries: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let stop = match entries.value("stop") {
        Some((key, stop)) => {
            let stop = scope.owned(stop)?;
            Some(quote_spanned!(glue(key.span())=> if __rt::keep(#stop) { return __rt::Ok(__rt::None); }))
        }
        None => None,
    };
    let next = ["token", "next_url"].into_iter().find_map(|key| entries.value(key));
    let next = match next {
        Some((key, value)) => {
            let made = scope.owned(value)?;
            let next = if key == "token" { quote!(next) } else { quote!(next_url) };
            quote_spanned!(super::scope::place(value)=> __rt::#next(page, #made))
        }
        None if stop.is_none() => return None,
        None => quote!(page.declared()),
    };
    Some(quote!(#stop #next))
}

/// The paginator that the attribute declares; nothing without one.
pub(crate) fn paginator(entries: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    entries.span?;
    let begin = entries.iter().find_map(|entry| {
        let text = entries.text(entry.key);
        Some(match entry.key {
            "token" | "next_url" if text.is_none() => quote!(computed()),
            "token" => quote!(token(#text)),
            "token_header" => quote!(token_in_header(#text)),
            "last_record" => quote!(last_record(#text)),
            "next_url" => quote!(next_url(#text)),
            "link" => quote!(link()),
            "pages" => quote!(pages()),
            "offset" => quote!(offset()),
            _ => return None,
        })
    })?;
    let rest = entries.iter().filter_map(|entry| {
        let span = glue(entry.ident.span());
        let text = entries.text(entry.key);
        Some(match entry.key {
            "param" => quote!(.param(#text)),
            "header" => quote!(.header(#text)),
            "body" => quote!(.body(#text)),
            "start" => {
                let start = scope.owned(entries.value("start")?.1)?;
                quote_spanned!(span=> .start(#start))
            }
            "size" => size(entries.keys("size")?, scope)?,
            "stop" => entries.values("stop").iter().filter_map(|named| stop(named, scope)).collect(),
            "total" => quote!(.total(#text)),
            "total_pages" => quote!(.total_pages(#text)),
            "reset_after" => {
                let limit = scope.owned(entries.value("reset_after")?.1)?;
                quote_spanned!(span=> .reset_after(#limit))
            }
            "first_only" => {
                let names = entries.texts("first_only").iter();
                names.map(|name| quote!(.first_only(#name))).collect()
            }
            "not_on_first" => quote!(.not_on_first()),
            "sequential" => quote!(.sequential()),
            "allow_repeats" => quote!(.allow_repeats()),
            _ => return None,
        })
    });
    let rest: TokenStream = rest.collect();
    Some(quote!(__rt::Paginator::#begin #rest))
}

fn size(keys: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let (key, count) = keys.value("count")?;
    let count = scope.owned(count)?;
    let span = glue(key.span());
    if keys.flag("unsent") {
        return Some(quote_spanned!(span=> .fixed_size(#count)));
    }
    let place = place(keys)?;
    Some(quote_spanned!(span=> .size_in(#place, #count)))
}

/// The place that `param`, `header` or `body` names.
pub(crate) fn place(keys: &Entries) -> Option<TokenStream> {
    Some(match (keys.text("param"), keys.text("header"), keys.text("body")) {
        (Some(name), _, _) => quote!(__rt::Place::Query(__rt::text(#name))),
        (_, Some(name), _) => quote!(__rt::Place::Header(__rt::text(#name))),
        (_, _, Some(name)) => quote!(__rt::Place::Body(__rt::text(#name))),
        _ => return None,
    })
}

fn stop(named: &Named, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let value = scope.owned(&named.value)?;
    let name = &named.name;
    Some(quote_spanned!(glue(named.span)=> .stop_when(#name, #value)))
}
