//! Strings with placeholders.

use super::{Root, Scope};
use crate::attributes::{Part, Template, value};
use crate::input::serde::glue;
use crate::keys::nearest;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;

impl Scope<'_> {
    /// A literal that stands within a value.
    pub(crate) fn template_of(&self, literal: &syn::LitStr) -> Template {
        Template::parse(literal, self.known.errors)
    }

    /// A reference to a template that is a secret, because what stands in it may be one.
    pub(crate) fn secret(&mut self, template: &Template) -> Option<TokenStream> {
        let calls = self.parts(template, "value")?;
        Some(quote!(&__rt::SecretText::new()#calls.finish()))
    }

    /// A template whose placeholders are steps of a path.
    pub(crate) fn steps(&mut self, template: &Template) -> Option<TokenStream> {
        self.filled(template, "step")
    }

    pub(super) fn template(&mut self, template: &Template) -> Option<TokenStream> {
        self.filled(template, "value")
    }

    fn filled(&mut self, template: &Template, add: &str) -> Option<TokenStream> {
        if let Some(text) = template.constant() {
            let text = proc_macro2::Literal::string(&text);
            let span = template.span;
            return Some(quote_spanned!(glue(span)=> #text));
        }
        let calls = self.parts(template, add)?;
        Some(quote!(&__rt::Text::new()#calls.finish()))
    }

    fn parts(&mut self, template: &Template, add: &str) -> Option<TokenStream> {
        let mut calls = TokenStream::new();
        let add = Ident::new(add, glue(template.span));
        for part in &template.parts {
            match part {
                Part::Text(text) => calls.extend(quote!(.text(#text))),
                Part::Value(expr) => {
                    let value = self.placeholder(expr, template.span)?;
                    calls.extend(quote_spanned!(glue(template.span)=> .#add(#value)));
                }
            }
        }
        Some(calls)
    }

    /// A reference to the value of a placeholder.
    pub(crate) fn placeholder(&mut self, expr: &Expr, span: Span) -> Option<TokenStream> {
        if let Some(base) = base(expr) {
            let name = base.to_string();
            if Root::named(&name).is_none() && name.starts_with(|c: char| c.is_lowercase() || c == '_') {
                self.unknown(&name, expr, span);
                return None;
            }
        }
        let tokens = self.expr(expr)?;
        Some(value::borrowed(expr, &tokens))
    }

    fn unknown(&self, name: &str, expr: &Expr, span: Span) {
        let text = expr.to_token_stream().to_string().replace(' ', "");
        let meant = nearest(name, Root::ALL.iter().map(|(known, _)| *known)).map(|root| text.replacen(name, root, 1));
        let meant = meant.unwrap_or_else(|| match self.known.parents {
            [] => format!("config.{text}"),
            _ => format!("parent.{text}"),
        });
        self.known.errors.spanned(
            span,
            format!("`{{{text}}}` names nothing: a placeholder begins with `config`, `parent`, `partition` or `slice`; did you mean `{{{meant}}}`?"),
        );
    }
}

/// The identifier that an expression of fields, calls and indices begins with.
fn base(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => base(&field.base),
        Expr::MethodCall(call) => base(&call.receiver),
        Expr::Index(index) => base(&index.expr),
        _ => None,
    }
}
