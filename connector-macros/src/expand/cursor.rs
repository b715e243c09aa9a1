//! `#[cursor(…)]` as the descriptor's field and the sync's `CursorSpec`.

use super::scope::Scope;
use crate::attributes::{Entries, Value};
use crate::check;
use crate::input::serde::glue;
use crate::model::{Cursor, Stream};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// The functions that a cursor's values may call by their bare names.
const FUNCTIONS: &[&str] = &["ago", "now", "months", "weeks", "days", "hours", "minutes", "seconds", "millis", "units"];

/// The field, read from a record: `record.meta.updated_at`.
pub(crate) fn field(cursor: &Cursor) -> TokenStream {
    let path = &cursor.path;
    let span = glue(path.last().map_or(cursor.span, Ident::span));
    quote_spanned!(span=> record #(.#path)*)
}

/// How the field's values are compared; of an exclusive start without a granularity, after a look whether the kind has one.
pub(crate) fn kind(cursor: &Cursor) -> TokenStream {
    let (field, span) = (field(cursor), glue(cursor.path.last().map_or(cursor.span, Ident::span)));
    let kind = quote_spanned!(span=> __rt::cursor_kind(|record: &Self| &#field));
    match (cursor.entries.get("exclusive_start"), cursor.entries.get("granularity")) {
        (Some(exclusive), None) => quote_spanned!(exclusive.ident.span()=> __rt::with_granularity(#kind)),
        _ => kind,
    }
}

/// The field of the second part, read from a record.
pub(crate) fn then_field(cursor: &Cursor) -> Option<TokenStream> {
    let (path, _) = cursor.then()?;
    let span = glue(path.last().map_or(cursor.span, Ident::span));
    Some(quote_spanned!(span=> record #(.#path)*))
}

/// What the settings say of the cursor, `.cursor(…).since(…)`, and the functions that its values call.
pub(crate) fn settings(stream: &Stream<'_>, scope: &mut Scope<'_>) -> Option<(TokenStream, Vec<Ident>)> {
    let cursor = stream.cursor.as_ref()?;
    let field = field(cursor);
    let parts: TokenStream = cursor
        .entries
        .iter()
        .filter_map(|entry| {
            let span = glue(entry.ident.span());
            part(entry.key, span, &field, &cursor.entries, scope)
        })
        .collect();
    let places: TokenStream = ["since", "until"].iter().filter_map(|key| place(key, key, &cursor.entries)).collect();
    let then = cursor.then().and_then(|(_, entries)| place("then_since", "since", entries));
    let spec = (!parts.is_empty())
        .then(|| quote_spanned!(glue(cursor.span)=> .cursor(__rt::cursor_spec::<Self>()? #parts .checked()?)));
    let functions = functions(&cursor.entries);
    Some((quote!(#spec #places #then), functions))
}

fn part(key: &str, span: Span, field: &TokenStream, entries: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let word = |name: &str| entries.choice(name).map(|(word, _)| Ident::new(&pascal(word), Span::call_site()));
    Some(match key {
        "start" => {
            let value = scope.value(entries.value(key)?.1)?;
            quote_spanned!(span=> .start(__rt::cursor_start(|record: &Self| &#field, #value)?))
        }
        "end" => {
            let value = scope.value(entries.value(key)?.1)?;
            quote_spanned!(span=> .end(__rt::cursor_end(|record: &Self| &#field, #value)?))
        }
        "step" | "lookback" | "granularity" => {
            let value = scope.value(entries.value(key)?.1)?;
            let method = Ident::new(key, span);
            quote_spanned!(span=> .#method(__rt::span(#value)?))
        }
        "formats" | "format" => form(key, entries)?,
        "then" => {
            let then = entries.keys(key)?;
            let forms: TokenStream = then.iter().filter_map(|entry| form(entry.key, then)).collect();
            if forms.is_empty() {
                return None;
            }
            quote!(.then(__rt::cursor_then::<Self>()? #forms))
        }
        "time_zone" => {
            let (_, value) = entries.value(key)?;
            let by_name = match value {
                Value::Template(template) if template.constant().is_some_and(|text| check::is_zone_name(&text)) => {
                    let span = glue(template.span);
                    Some(quote_spanned!(span=> const _: () = __rt::zones_by_name();))
                }
                _ => None,
            };
            let value = scope.value(value)?;
            let zone = quote_spanned!(span=> __rt::time_zone(|record: &Self| &#field, #value)?);
            match by_name {
                Some(by_name) => quote!(.time_zone({ #by_name #zone })),
                None => quote_spanned!(span=> .time_zone(#zone)),
            }
        }
        "order" => {
            let order = match word(key) {
                Some(order) => quote!(__rt::Order::#order),
                None => {
                    let value = scope.value(entries.value(key)?.1)?;
                    quote_spanned!(span=> __rt::order(#value))
                }
            };
            quote!(.order(#order))
        }
        "missing" => {
            let missing = word(key)?;
            quote!(.missing(__rt::Missing::#missing))
        }
        "future" => {
            let future = word(key)?;
            quote!(.future(__rt::Future::#future))
        }
        "clamp" => match entries.choice(key)?.0 {
            "day" => quote!(.clamp(__rt::Clamp::Day)),
            "week" => quote!(.clamp(__rt::Clamp::Week(__rt::chrono::Weekday::Mon))),
            _ => quote!(.clamp(__rt::Clamp::Month)),
        },
        "exclusive_start" => quote!(.start_bound(__rt::StartBound::Exclusive)),
        "exclusive_end" => quote!(.end_bound(__rt::EndBound::Exclusive)),
        "client_filter" => quote!(.client_filter(true)),
        "data_feed" => quote!(.data_feed(true)),
        "global" => quote!(.new_partitions(__rt::NewPartitions::FromWatermark)),
        _ => return None,
    })
}

/// The forms of values: `.formats(…)`, `.request_format(…)`.
fn form(key: &str, entries: &Entries) -> Option<TokenStream> {
    Some(match key {
        "formats" => {
            let formats = entries.texts(key);
            quote!(.formats(__rt::formats(&[#(#formats),*])?))
        }
        "format" => {
            let format = entries.text(key)?;
            quote!(.request_format(__rt::CursorFormat::parse(#format)?))
        }
        _ => return None,
    })
}

/// Where a bound is sent: `.since("updated_since")`.
fn place(setting: &str, key: &str, entries: &Entries) -> Option<TokenStream> {
    let method = Ident::new(setting, Span::call_site());
    if let Some(name) = entries.text(key) {
        return Some(quote!(.#method(#name)));
    }
    let place = super::paginate::place(entries.keys(key)?)?;
    let method = Ident::new(&format!("{setting}_in"), Span::call_site());
    Some(quote!(.#method(#place)))
}

/// The bare functions that the values call, to be brought into scope.
fn functions(entries: &Entries) -> Vec<Ident> {
    let mut found: Vec<Ident> = Vec::new();
    for key in ["start", "end", "step", "lookback", "granularity"] {
        if let Some((_, Value::Expr(expr))) = entries.value(key) {
            calls(expr.to_token_stream(), &mut found);
        }
    }
    found
}

pub(super) fn calls(tokens: TokenStream, found: &mut Vec<Ident>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => calls(group.stream(), found),
            TokenTree::Ident(ident) if FUNCTIONS.iter().any(|name| ident == name) => {
                let before = at.checked_sub(1).and_then(|at| trees.get(at)).map(ToString::to_string);
                let called = matches!(trees.get(at + 1), Some(TokenTree::Group(_)));
                if called && !matches!(before.as_deref(), Some("." | ":")) && !found.contains(ident) {
                    found.push(Ident::new(&ident.to_string(), ident.span()));
                }
            }
            _ => {}
        }
    }
}

/// `json_lines` as `JsonLines`.
pub(super) fn pascal(word: &str) -> String {
    crate::input::rename::Case::Pascal.field(word)
}
