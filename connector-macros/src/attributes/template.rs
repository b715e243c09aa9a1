//! Strings with `{placeholders}`: text and Rust expressions by turns.

use crate::errors::Errors;
use crate::input::serde::glue;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::{Expr, LitStr};

/// A template, cut into its parts.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) span: Span,
    pub(crate) parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Clone)]
pub(crate) enum Part {
    Text(String),
    /// An expression; its tokens stand at the literal, as nothing finer is to be had on stable Rust.
    Value(Expr),
}

impl Template {
    /// Cuts a literal; faults are told at the literal and name the placeholder.
    pub(crate) fn parse(literal: &LitStr, errors: &Errors) -> Self {
        let (text, span) = (literal.value(), literal.span());
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, found) = rest.split_at(at);
            plain.push_str(before);
            let brace = &found[..1];
            if let Some(after) = found.strip_prefix("{{").or_else(|| found.strip_prefix("}}")) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let Some(end) = close(found) else {
                errors.spanned(
                    span,
                    format!("a `{brace}` without its other half; a brace that is meant as text is written twice"),
                );
                return Self { span, parts };
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            let inner = &found[1..end];
            if let Some(value) = placeholder(inner, span, errors) {
                parts.push(Part::Value(value));
            }
            rest = &found[end + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Self { span, parts }
    }

    /// The whole text, if nothing in it is a placeholder.
    pub(crate) fn constant(&self) -> Option<String> {
        match self.parts.as_slice() {
            [] => Some(String::new()),
            [Part::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }
}

/// Where the placeholder that begins a text ends; braces and quotes inside belong to it.
fn close(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn placeholder(inner: &str, span: Span, errors: &Errors) -> Option<Expr> {
    if inner.trim().is_empty() {
        errors.spanned(span, "`{}` names nothing; write a value in it, as in `{parent.id}` or `{config.region}`");
        return None;
    }
    // The tokens are re-spanned before they are parsed, so that a fault in them stands at the literal.
    let parsed = inner.parse::<TokenStream>().map_err(|error| error.to_string());
    let parsed =
        parsed.and_then(|tokens| syn::parse2::<Expr>(at(tokens, glue(span))).map_err(|error| error.to_string()));
    match parsed {
        Ok(value) => Some(value),
        Err(error) => {
            errors.spanned(span, format!("`{{{inner}}}` is no Rust expression: {error}"));
            None
        }
    }
}

/// The same tokens, all at one place.
fn at(tokens: TokenStream, span: Span) -> TokenStream {
    let place = |tree| match tree {
        TokenTree::Group(group) => {
            let mut moved = Group::new(group.delimiter(), at(group.stream(), span));
            moved.set_span(span);
            TokenTree::Group(moved)
        }
        mut other => {
            other.set_span(span);
            other
        }
    };
    tokens.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::{Part, Template};
    use crate::errors::Errors;
    use proc_macro2::Span;
    use quote::ToTokens;
    use syn::LitStr;

    fn parts(text: &str) -> (Vec<String>, Vec<String>) {
        let errors = Errors::default();
        let template = Template::parse(&LitStr::new(text, Span::call_site()), &errors);
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Value(value) => format!("<{}>", value.to_token_stream()),
        };
        (template.parts.iter().map(part).collect(), errors.texts())
    }

    #[test]
    fn cuts_text_and_values() {
        assert_eq!(parts("users/{parent.id}/posts").0, ["users/", "<parent . id>", "/posts"]);
        assert_eq!(parts("a{{b}}c").0, ["a{b}c"]);
        assert_eq!(parts(r#"{config.f("}")}"#).0, [r#"<config . f ("}")>"#]);
        assert_eq!(parts("").0, Vec::<String>::new());
    }

    #[test]
    fn tells_what_is_wrong() {
        for (text, fault) in [
            ("a{", "without its other half"),
            ("a}b", "without its other half"),
            ("{}", "names nothing"),
            ("{parent.}", "`{parent.}` is no Rust expression"),
            ("{a b}", "`{a b}` is no Rust expression"),
        ] {
            let errors = parts(text).1;
            assert_eq!(errors.len(), 1, "{text}: {errors:?}");
            assert!(errors[0].contains(fault), "{text}: {errors:?}");
        }
    }
}
