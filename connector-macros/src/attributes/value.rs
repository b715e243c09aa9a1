//! Values: Rust expressions of the author, kept as they are written.

use super::template::Template;
use crate::errors::Errors;
use crate::input::serde::glue;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit};

/// A value: an expression, or a string with placeholders.
#[derive(Clone)]
pub(crate) enum Value {
    Template(Template),
    Expr(Expr),
}

/// A value under a name of the author's own.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) value: Value,
}

impl Named {
    /// The name as the path of a field, if it can be one.
    pub(crate) fn words(&self) -> Option<Vec<Ident>> {
        let word = |word: &str| syn::parse_str::<Ident>(word).or_else(|_| syn::parse_str(&format!("r#{word}"))).ok();
        let words = self.name.split('.').map(word).collect::<Option<Vec<_>>>()?;
        Some(
            words
                .into_iter()
                .map(|mut word| {
                    word.set_span(self.span);
                    word
                })
                .collect(),
        )
    }
}

impl Value {
    /// Takes an expression; a string literal is a template.
    pub(crate) fn new(expr: Expr, errors: &Errors) -> Self {
        match &expr {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Self::Template(Template::parse(text, errors)),
            _ => Self::Expr(expr),
        }
    }
}

/// The function that an expression names, if it is the path of one (its last word is in lower case) or a closure.
pub(crate) fn function(expr: &Expr) -> bool {
    match expr {
        Expr::Closure(_) => true,
        Expr::Path(path) if path.path.segments.len() > 1 => path.path.segments.last().is_some_and(|last| {
            last.ident.to_string().trim_start_matches("r#").starts_with(|c: char| c.is_lowercase() || c == '_')
        }),
        _ => false,
    }
}

/// `&expr`, such that it means what it says and a fault underlines the author's tokens.
///
/// A place is borrowed, never moved. Around anything but a postfix chain, parentheses are needed (`& a as u64` borrows `a`).
pub(crate) fn borrowed(expr: &Expr, tokens: &TokenStream) -> TokenStream {
    let span = glue(expr.span());
    if matches!(
        expr,
        Expr::Lit(_)
            | Expr::Path(_)
            | Expr::Field(_)
            | Expr::MethodCall(_)
            | Expr::Call(_)
            | Expr::Index(_)
            | Expr::Macro(_)
            | Expr::Array(_)
            | Expr::Paren(_)
            | Expr::Tuple(_)
            | Expr::Reference(_)
    ) {
        quote_spanned!(span=> &#tokens)
    } else {
        quote_spanned!(span=> &(#tokens))
    }
}

/// An integer without a type is an `i64` (or `u64` where only that holds it), not rustc's `i32`; so are those of an array or a range.
pub(crate) fn typed_integer(mut expr: Expr) -> Expr {
    type_integers(&mut expr);
    expr
}

fn type_integers(expr: &mut Expr) {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if int.suffix().is_empty() => {
            let suffix = if int.base10_parse::<i64>().is_ok() { "i64" } else { "u64" };
            *int = syn::LitInt::new(&format!("{}{suffix}", int.base10_digits()), int.span());
        }
        Expr::Array(array) => array.elems.iter_mut().for_each(type_integers),
        Expr::Range(range) => {
            [&mut range.start, &mut range.end].into_iter().flatten().for_each(|end| type_integers(end))
        }
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => type_integers(&mut unary.expr),
        _ => {}
    }
}

/// The parts of a chain `a / b / c`.
pub(crate) fn chain(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Binary(binary) if matches!(binary.op, syn::BinOp::Div(_)) => {
            let mut parts = chain(&binary.left);
            parts.push(&binary.right);
            parts
        }
        _ => vec![expr],
    }
}

/// The words of a field path `meta.updated_at`, if an expression is one.
pub(crate) fn field_path(expr: &Expr) -> Option<Vec<Ident>> {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(|ident| vec![ident.clone()]),
        Expr::Field(field) => {
            let mut words = field_path(&field.base)?;
            match &field.member {
                syn::Member::Named(ident) => words.push(ident.clone()),
                syn::Member::Unnamed(_) => return None,
            }
            Some(words)
        }
        _ => None,
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Expr(expr) => expr.to_tokens(tokens),
            Self::Template(template) => {
                for part in &template.parts {
                    if let super::template::Part::Value(value) = part {
                        value.to_tokens(tokens);
                    }
                }
            }
        }
    }
}
