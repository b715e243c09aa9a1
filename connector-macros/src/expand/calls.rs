//! The statements that put values into a request.

use super::scope::{self, Scope};
use crate::attributes::{Named, Part, Value, value};
use crate::input::serde::glue;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

/// `params.add("limit", &100i64);`
pub(super) fn added(
    named: &Named,
    to: &Ident,
    add: &str,
    question: Option<&TokenStream>,
    scope: &mut Scope<'_>,
) -> Option<TokenStream> {
    let value = scope.value(&named.value)?;
    let (name, add) = (&named.name, Ident::new(add, to.span()));
    let span = scope::place(&named.value);
    Some(quote_spanned!(span=> #to.#add(#name, #value)#question;))
}

/// `.text("users/").segment(&…)?` for a template or a chain.
pub(super) fn path_calls(value: &Value, scope: &mut Scope<'_>) -> TokenStream {
    let mut calls = TokenStream::new();
    match value {
        Value::Template(template) => template_calls(template, scope, &mut calls),
        Value::Expr(expr) => {
            for (at, part) in value::chain(expr).into_iter().enumerate() {
                if at > 0 {
                    calls.extend(quote!(.text("/")));
                }
                segment(part, scope, &mut calls);
            }
        }
    }
    calls
}

fn segment(part: &Expr, scope: &mut Scope<'_>, calls: &mut TokenStream) {
    if let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = part {
        let template = scope.template_of(text);
        template_calls(&template, scope, calls);
    } else if let Some(tokens) = scope.expr(part) {
        let value = value::borrowed(part, &tokens);
        calls.extend(quote_spanned!(glue(part.span())=> .segment(#value)?));
    }
}

fn template_calls(template: &crate::attributes::Template, scope: &mut Scope<'_>, calls: &mut TokenStream) {
    for part in &template.parts {
        match part {
            Part::Text(text) => calls.extend(quote!(.text(#text))),
            Part::Value(expr) => {
                if let Some(value) = scope.placeholder(expr, template.span) {
                    calls.extend(quote_spanned!(glue(template.span)=> .segment(#value)?));
                }
            }
        }
    }
}

/// The author's function, through a runtime function whose bound shows the right signature.
pub(super) fn call(key: &Ident, function: &Expr, name: &str, arguments: &TokenStream) -> TokenStream {
    let hook = Ident::new(name, key.span());
    quote_spanned!(glue(key.span())=> __rt::hook::#hook(#function, #arguments))
}
