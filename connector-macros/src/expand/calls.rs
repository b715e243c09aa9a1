//! The statements that put values into a request.

use super::scope::{self, Scope};
use crate::attributes::{Named, Part, Template, Value, value};
use crate::input::serde::glue;
use proc_macro2::{Ident, Span, TokenStream};
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

/// A piece of a path.
enum Piece {
    Text(String),
    Value(TokenStream, Span),
}

/// The path that a template or a chain stands for, as a `Result`: `Path::new().text("users/").segment(&…)`. The ends of an `if` or
/// a `match` are paths, too.
pub(super) fn path(value: &Value, scope: &mut Scope<'_>) -> TokenStream {
    let mut pieces = Vec::new();
    match value {
        Value::Template(template) => template_pieces(template, scope, &mut pieces),
        Value::Expr(expr) => {
            if let Some(chosen) = chosen(expr, scope) {
                return chosen;
            }
            for (at, part) in value::chain(expr).into_iter().enumerate() {
                if at > 0 {
                    push_text("/", &mut pieces);
                }
                part_pieces(part, scope, &mut pieces);
            }
        }
    }
    let fallible_end = matches!(pieces.last(), Some(Piece::Value(..)));
    let count = pieces.len();
    let calls: TokenStream = pieces
        .into_iter()
        .enumerate()
        .map(|(at, piece)| match piece {
            Piece::Text(text) => quote!(.text(#text)),
            Piece::Value(value, span) if at + 1 == count => quote_spanned!(span=> .segment(#value)),
            Piece::Value(value, span) => quote_spanned!(span=> .segment(#value)?),
        })
        .collect();
    if fallible_end { quote!(__rt::Path::new()#calls) } else { quote!(__rt::Ok(__rt::Path::new()#calls)) }
}

/// A path that an `if` or a `match` chooses; nothing if the expression is something else.
fn chosen(expr: &Expr, scope: &mut Scope<'_>) -> Option<TokenStream> {
    match expr {
        Expr::If(branches) => {
            let condition = scope.expr(&branches.cond)?;
            let yes = block(&branches.then_branch, scope)?;
            let no = path_of(&branches.else_branch.as_ref()?.1, scope);
            Some(quote!(if #condition { #yes } else { #no }))
        }
        Expr::Match(matched) => {
            let scrutinee = scope.expr(&matched.expr)?;
            let arms = matched.arms.iter().map(|arm| {
                let (pattern, body) = (&arm.pat, path_of(&arm.body, scope));
                quote!(#pattern => { #body })
            });
            let arms: Vec<_> = arms.collect();
            Some(quote!(match #scrutinee { #(#arms)* }))
        }
        Expr::Block(inner) if inner.label.is_none() => block(&inner.block, scope),
        _ => None,
    }
}

fn block(block: &syn::Block, scope: &mut Scope<'_>) -> Option<TokenStream> {
    match block.stmts.as_slice() {
        [syn::Stmt::Expr(inner, None)] => Some(path_of(inner, scope)),
        _ => None,
    }
}

fn path_of(expr: &Expr, scope: &mut Scope<'_>) -> TokenStream {
    let value = match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Value::Template(scope.template_of(text)),
        other => Value::Expr(other.clone()),
    };
    path(&value, scope)
}

fn push_text(text: &str, pieces: &mut Vec<Piece>) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

fn part_pieces(part: &Expr, scope: &mut Scope<'_>, pieces: &mut Vec<Piece>) {
    if let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = part {
        let template = scope.template_of(text);
        template_pieces(&template, scope, pieces);
    } else if let Some(tokens) = scope.expr(part) {
        pieces.push(Piece::Value(value::borrowed(part, &tokens), glue(part.span())));
    }
}

fn template_pieces(template: &Template, scope: &mut Scope<'_>, pieces: &mut Vec<Piece>) {
    for part in &template.parts {
        match part {
            Part::Text(text) => push_text(text, pieces),
            Part::Value(expr) => {
                if let Some(value) = scope.placeholder(expr, template.span) {
                    pieces.push(Piece::Value(value, glue(template.span)));
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
