//! `#[on(…)]` as a `Rule`.

use super::scope::Scope;
use crate::attributes::{Entries, Value};
use crate::input::serde::glue;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, RangeLimits};

/// The rules, each as `.rule(…)`.
pub(crate) fn rules(rules: &[Entries], scope: &mut Scope<'_>) -> TokenStream {
    rules.iter().filter_map(|entries| rule(entries, scope)).collect()
}

fn rule(entries: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let mut conditions = Vec::new();
    let mut verdict = None;
    let mut wait = None;
    for entry in entries.iter() {
        let text = entries.text(entry.key);
        match entry.key {
            "status" => conditions.push(status(entries.value("status")?.1, scope)?),
            "header" => {
                for named in entries.values("header") {
                    let (name, value) = (&named.name, scope.value(&named.value)?);
                    conditions.push(quote!(__rt::header_is(#name, #value)));
                }
            }
            "body" => {
                for named in entries.values("body") {
                    let (name, value) = (&named.name, scope.owned(&named.value)?);
                    conditions.push(quote!(__rt::body_is(#name, #value)));
                }
            }
            "has" => conditions.push(quote!(__rt::Condition::Body(__rt::text(#text), __rt::None))),
            "text" => conditions.push(quote!(__rt::Condition::Text(__rt::text(#text)))),
            "wait" => {
                let (key, value) = entries.value("wait")?;
                let (span, value) = (glue(key.span()), scope.value(value)?);
                wait = Some(quote_spanned!(span=> .wait_for(__rt::wait(#value)?)));
            }
            "wait_at" => wait = Some(quote!(.wait_at(#text))),
            "wait_header" => wait = Some(quote!(.wait_header(#text))),
            "wait_text" => wait = Some(quote!(.wait_text(#text))),
            "wait_rate" => wait = Some(quote!(.wait_rate(#text))),
            "wait_until" => {
                let until = proc_macro2::Ident::new(
                    &super::cursor::pascal(entries.choice("wait_until")?.0),
                    entry.ident.span(),
                );
                wait = Some(quote!(.wait_until(__rt::Until::#until)));
            }
            "fail" => verdict = Some(quote!(.fail(#text))),
            other => {
                let method = proc_macro2::Ident::new(other, entry.ident.span());
                verdict = Some(quote!(.#method()));
            }
        }
    }
    let (first, rest) = conditions.split_first()?;
    let span = entries.span.map_or_else(proc_macro2::Span::call_site, glue);
    Some(quote_spanned!(span=> .rule(__rt::Rule::when(#first)#(.and(#rest))*#verdict #wait)))
}

/// One status, or a range of them.
fn status(value: &Value, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let Value::Expr(expr) = value else {
        return scope.value(value).map(|value| quote!(__rt::Condition::Status(#value, #value)));
    };
    match expr {
        Expr::Range(range) => {
            let (from, to) = (scope.expr(range.start.as_ref()?)?, scope.expr(range.end.as_ref()?)?);
            let to = if matches!(range.limits, RangeLimits::Closed(_)) { to } else { quote!(#to - 1) };
            Some(quote!(__rt::Condition::Status(#from, #to)))
        }
        _ => {
            let one = scope.expr(expr)?;
            Some(quote!(__rt::Condition::Status(#one, #one)))
        }
    }
}

/// The bare functions that the rules' values call.
pub(crate) fn functions(rules: &[Entries], found: &mut Vec<proc_macro2::Ident>) {
    for (_, value) in rules.iter().filter_map(|entries| entries.value("wait")) {
        super::cursor::calls(quote::ToTokens::to_token_stream(value), found);
    }
}
