//! Reads attributes after the table of keys.

use super::entries::{Content, Entries, Entry, ParentRef, StreamRef, StreamRefs};
use super::value::{Named, Value, field_path, function, typed_integer};
use crate::errors::Errors;
use crate::keys::{Attribute, Bare, Key, PLACES, Shape, hint, nearest};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Meta, Path, PathArguments, PathSegment, Token, Type};

/// The entries of every attribute of that name, as if they were one. Attributes that may stand several times are read one by one
/// with [`keyed`].
pub(crate) fn all(attributes: &[syn::Attribute], table: &'static Attribute, errors: &Errors) -> Entries {
    let mut out = Entries::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(table.name)) {
        keyed(attribute, table, &mut out, errors);
    }
    out
}

/// Reads one attribute into entries.
pub(crate) fn keyed(attribute: &syn::Attribute, table: &'static Attribute, out: &mut Entries, errors: &Errors) {
    out.span.get_or_insert(attribute.path().span());
    match &attribute.meta {
        Meta::Path(_) => {}
        Meta::List(list) => arguments(list.tokens.clone(), table, out, errors),
        Meta::NameValue(_) => {
            errors.at(&attribute.meta, format!("`{}` is written with parentheses: {}", table.name, table.example));
            out.broken = true;
        }
    }
}

/// Reads what stands in an attribute's parentheses.
pub(crate) fn arguments(tokens: TokenStream, table: &'static Attribute, out: &mut Entries, errors: &Errors) {
    let level = Level { name: table.name, keys: table.keys, open: table.open, bare: table.bare };
    let read = |input: ParseStream<'_>| {
        level.read(input, out, errors);
        Ok(())
    };
    errors.ok(read.parse2(tokens));
}

/// The keys that are known at one level.
struct Level {
    name: &'static str,
    keys: &'static [Key],
    open: bool,
    bare: Bare,
}

impl Level {
    fn read(&self, input: ParseStream<'_>, out: &mut Entries, errors: &Errors) {
        while !input.is_empty() {
            if let Err(error) = self.item(input, out, errors) {
                errors.push(error);
                out.broken = true;
                skip(input);
            } else if !input.is_empty() && !input.peek(Token![,]) {
                let rest = skip(input);
                errors.at(rest, "a comma was expected before this");
                out.broken = true;
            }
            let _ = input.parse::<Option<Token![,]>>();
        }
    }

    fn item(&self, input: ParseStream<'_>, out: &mut Entries, errors: &Errors) -> syn::Result<()> {
        if self.bare == Bare::Fields && !named(input) {
            let words = value_tokens(input)?;
            if field_path(&words).is_none() {
                return Err(syn::Error::new_spanned(words, "a field is named by its path: `owner.email`"));
            }
            out.bare.push(words);
            return Ok(());
        }
        let named_by_text = input.peek(LitStr);
        let (name, ident) = name(input)?;
        let key = self.keys.iter().find(|key| key.name == name).filter(|_| !named_by_text);
        let Some(key) = key else {
            if self.open {
                out.named.push(named_value(name, ident.span(), input, errors)?);
                return Ok(());
            }
            return Err(self.unknown(&name, &ident));
        };
        if out.get(key.name).is_some() && !key.several {
            return Err(syn::Error::new(ident.span(), format!("`{}` is given twice", key.name)));
        }
        if let Some(content) = self.content(key, &ident, input, errors)? {
            out.push(Entry { key: key.name, ident, content });
        } else {
            out.broken = true;
        }
        Ok(())
    }

    fn unknown(&self, name: &str, ident: &Ident) -> syn::Error {
        let known = || self.keys.iter().map(|key| key.name);
        let message = match crate::keys::synonym(self.name, name).or_else(|| nearest(name, known())) {
            Some(meant) => format!("`{}` has no key `{name}`; did you mean `{meant}`?", self.name),
            None if self.keys.is_empty() => format!("`{}` takes no keys", self.name),
            None => format!("`{}` has no key `{name}`; it has {}", self.name, known().collect::<Vec<_>>().join(", ")),
        };
        syn::Error::new(ident.span(), message)
    }

    /// The value of a key, in the key's shape; `None` if a part of it was lost (and told).
    fn content(
        &self,
        key: &'static Key,
        ident: &Ident,
        input: ParseStream<'_>,
        errors: &Errors,
    ) -> syn::Result<Option<Content>> {
        let wrong = || syn::Error::new(ident.span(), format!("`{}` is written `{}`", key.name, key.example));
        let parenthesised = input.peek(syn::token::Paren);
        match key.shape {
            Shape::Flag if end(input) => return Ok(Some(Content::Flag)),
            Shape::Flag => return Err(syn::Error::new(ident.span(), format!("`{}` takes no value", key.name))),
            Shape::Values | Shape::Conditions | Shape::Names if parenthesised => {
                return values(input, errors).map(|values| Some(Content::Values(values)));
            }
            Shape::Keys(_) | Shape::Place if parenthesised => {
                let keys = if let Shape::Keys(keys) = key.shape { keys } else { PLACES };
                let mut inner = Entries::at(ident.span());
                let content;
                syn::parenthesized!(content in input);
                Level { name: key.name, keys, open: false, bare: Bare::No }.read(&content, &mut inner, errors);
                return Ok(Some(Content::Keys(inner)));
            }
            Shape::Streams if parenthesised => {
                return streams(input, errors).map(|streams| Some(Content::Streams(streams)));
            }
            Shape::Texts if parenthesised => return texts(input).map(|texts| Some(Content::Texts(texts))),
            Shape::NamedTexts | Shape::TextsOf(_) if parenthesised => {
                return named_texts(key, input, errors).map(|texts| Some(Content::NamedTexts(texts)));
            }
            _ => {}
        }
        if !input.peek(Token![=]) {
            return Err(wrong());
        }
        input.parse::<Token![=]>()?;
        if end(input) {
            return Err(syn::Error::new(ident.span(), format!("`{}` lacks its value: `{}`", key.name, key.example)));
        }
        self.assigned(key, input, errors).map(Some)
    }

    fn assigned(&self, key: &'static Key, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Content> {
        let refuse = |tokens: &dyn ToTokens| {
            syn::Error::new_spanned(
                tokens.to_token_stream(),
                format!("`{}` takes {}: `{}`", key.name, key.shape.words(), key.example),
            )
        };
        Ok(match key.shape {
            Shape::Text | Shape::Place => match value_tokens(input)? {
                Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Content::Text(text),
                other => return Err(refuse(&other)),
            },
            Shape::TextOr => match value_tokens(input)? {
                Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Content::Text(text),
                other @ Expr::Lit(_) => return Err(refuse(&other)),
                other if function(&other) => return Err(refuse(&other)),
                other => Content::Value(Value::Expr(other)),
            },
            Shape::Conditions => match value_tokens(input)? {
                other @ Expr::Lit(_) => return Err(refuse(&other)),
                other if function(&other) => return Err(refuse(&other)),
                other => Content::Value(Value::Expr(other)),
            },
            Shape::Type => Content::Type(Box::new(whole::<Type>(input, "a type")?)),
            Shape::Parents => Content::Parents(parents(input, errors)?),
            Shape::Module => Content::Module(whole::<Path>(input, "a module's path")?),
            Shape::Function => Content::Function(value_tokens(input)?),
            Shape::Choice(words) => choice(value_tokens(input)?, words, key)?,
            Shape::ChoiceOr(words, _) => match value_tokens(input)? {
                word @ Expr::Lit(_) => choice(word, words, key)?,
                Expr::Path(word) if word.path.get_ident().is_some() => choice(Expr::Path(word), words, key)?,
                value => Content::Value(Value::new(value, errors)),
            },
            Shape::Field => {
                let field = value_tokens(input)?;
                if field_path(&field).is_none() {
                    return Err(refuse(&field));
                }
                Content::Value(Value::Expr(field))
            }
            Shape::Values => {
                let value = value_tokens(input)?;
                if function(&value) { Content::Function(value) } else { Content::Value(Value::new(value, errors)) }
            }
            Shape::Path => {
                let value = value_tokens(input)?;
                if function(&value) { Content::Function(value) } else { Content::Value(Value::new(value, errors)) }
            }
            Shape::Value | Shape::Auth => Content::Value(Value::new(value_tokens(input)?, errors)),
            Shape::Streams => match value_tokens(input)? {
                value if function(&value) => Content::Streams(StreamRefs { types: Vec::new(), functions: vec![value] }),
                other => return Err(refuse(&other)),
            },
            Shape::Flag
            | Shape::Keys(_)
            | Shape::Arguments(_)
            | Shape::Texts
            | Shape::Names
            | Shape::NamedTexts
            | Shape::TextsOf(_) => {
                return Err(refuse(&value_tokens(input)?));
            }
        })
    }
}

/// A key or a name: an identifier, a keyword, or a string for what Rust cannot spell.
fn name(input: ParseStream<'_>) -> syn::Result<(String, Ident)> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok((text.value(), Ident::new("name", text.span())));
    }
    if !input.peek(Ident::peek_any) {
        let tokens = skip(input);
        return Err(syn::Error::new_spanned(tokens, "a key was expected here"));
    }
    let ident = input.call(Ident::parse_any)?;
    Ok((ident.unraw().to_string(), ident))
}

fn named(input: ParseStream<'_>) -> bool {
    input.peek(LitStr) || (input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]))
}

/// `(name = value, …)`.
fn values(input: ParseStream<'_>, errors: &Errors) -> syn::Result<Vec<Named>> {
    let content;
    syn::parenthesized!(content in input);
    let mut list: Vec<Named> = Vec::new();
    while !content.is_empty() {
        let read = name(&content).and_then(|(name, ident)| named_value(name, ident.span(), &content, errors));
        match read {
            Ok(named) => list.push(named),
            Err(error) => {
                errors.push(error);
                skip(&content);
            }
        }
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            let rest = skip(&content);
            errors.at(rest, "a comma was expected before this");
        }
    }
    Ok(list)
}

fn named_value(name: String, span: Span, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Named> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(span, format!("`{name}` lacks its value: `{name} = …`")));
    }
    input.parse::<Token![=]>()?;
    if end(input) {
        return Err(syn::Error::new(span, format!("`{name}` lacks its value: `{name} = …`")));
    }
    let value = Value::new(typed_integer(value_tokens(input)?), errors);
    Ok(Named { name, span, value })
}

fn streams(input: ParseStream<'_>, errors: &Errors) -> syn::Result<StreamRefs> {
    let content;
    syn::parenthesized!(content in input);
    let mut list = StreamRefs::default();
    while !content.is_empty() {
        let ahead = content.fork();
        let finds = content.fork().parse::<Expr>().ok().filter(function).is_some();
        if finds {
            list.functions.push(value_tokens(&content)?);
        } else if stream(&ahead).is_ok() && end(&ahead) {
            list.types.push(stream(&content)?);
        } else {
            let tokens = skip(&content);
            let message = "a stream is named by its type, `streams(User)`, or handed its config, `streams(Invoice(&config.billing))`";
            errors.at(tokens, message);
        }
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            let rest = skip(&content);
            errors.at(rest, "a comma was expected before this");
        }
    }
    Ok(list)
}

/// `User`, or `[Issue, PullRequest(kind = "pulls")]`.
fn parents(input: ParseStream<'_>, errors: &Errors) -> syn::Result<Vec<ParentRef>> {
    if !input.peek(syn::token::Bracket) {
        let ty = whole::<Type>(input, "a type")?;
        return Ok(vec![ParentRef { ty, texts: Vec::new() }]);
    }
    let content;
    let brackets = syn::bracketed!(content in input);
    let mut list = Vec::new();
    while !content.is_empty() {
        let ahead = content.fork();
        let named = stream_path(&ahead).and_then(|_| {
            let texts = ahead.peek(syn::token::Paren);
            if texts { ahead.parse::<TokenTree>().map(|_| ()) } else { Ok(()) }
        });
        if named.is_err() || !end(&ahead) {
            let tokens = skip(&content);
            errors.at(
                tokens,
                "a parent is named by its type, `[Issue, Change]`, which may have texts, `Issue(kind = \"issues\")`",
            );
        } else {
            let path = stream_path(&content)?;
            let texts = if content.peek(syn::token::Paren) { texts_under(&content, |_, _| {})? } else { Vec::new() };
            list.push(ParentRef { ty: Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path }), texts });
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    if list.is_empty() && errors.is_empty() {
        return Err(syn::Error::new(brackets.span.join(), "`parent` names no stream: `parent = [Issue, Change]`"));
    }
    Ok(list)
}

/// `User`, `Listing<Item>`, or `billing::Invoice(&config.billing)`.
fn stream(input: ParseStream<'_>) -> syn::Result<StreamRef> {
    let path = stream_path(input)?;
    if !input.peek(syn::token::Paren) {
        return Ok(StreamRef { path, config: None });
    }
    let content;
    syn::parenthesized!(content in input);
    Ok(StreamRef { path, config: Some(content.parse()?) })
}

fn stream_path(input: ParseStream<'_>) -> syn::Result<Path> {
    let mut path = Path { leading_colon: input.parse()?, segments: Punctuated::default() };
    loop {
        let mut segment = PathSegment::from(input.call(Ident::parse_any)?);
        if input.peek(Token![<]) {
            segment.arguments = PathArguments::AngleBracketed(input.parse()?);
        }
        path.segments.push_value(segment);
        match input.parse::<Option<Token![::]>>()? {
            Some(colons) => path.segments.push_punct(colons),
            None => break,
        }
    }
    Ok(path)
}

fn texts(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let content;
    syn::parenthesized!(content in input);
    let list = content.parse_terminated(|input: ParseStream<'_>| input.parse::<LitStr>(), Token![,])?;
    Ok(list.into_iter().collect())
}

/// `(name = "text", …)`.
fn named_texts(key: &Key, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Vec<(LitStr, LitStr)>> {
    texts_under(input, |name, ident| {
        if let Shape::TextsOf(names) = key.shape
            && !names.contains(&name)
        {
            let hint = hint(name, names.iter().copied(), || format!("it has {}", names.join(", ")));
            errors.at(ident, format!("`{}` has no key `{name}`; {hint}", key.name));
        }
    })
}

fn texts_under(input: ParseStream<'_>, check: impl Fn(&str, &Ident)) -> syn::Result<Vec<(LitStr, LitStr)>> {
    let content;
    syn::parenthesized!(content in input);
    let mut list = Vec::new();
    while !content.is_empty() {
        let (name, ident) = name(&content)?;
        check(&name, &ident);
        content.parse::<Token![=]>()?;
        list.push((LitStr::new(&name, ident.span()), content.parse()?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(list)
}

fn choice(value: Expr, words: &'static [&'static str], key: &Key) -> syn::Result<Content> {
    let ident = match &value {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    };
    let given = ident.as_ref().map(ToString::to_string).unwrap_or_default();
    match (words.iter().find(|word| **word == given), ident) {
        (Some(word), Some(ident)) => Ok(Content::Choice(word, ident)),
        _ => {
            let known = words.iter().copied().filter(|_| !given.is_empty());
            let hint = hint(&given, known, || format!("it is one of {}", words.join(", ")));
            Err(syn::Error::new_spanned(
                &value,
                format!("`{}` is no value of `{}`; {hint}", value.to_token_stream(), key.name),
            ))
        }
    }
}

/// An expression up to the next comma. If it is none, the fault is told at all of its tokens, and they are passed over.
fn value_tokens(input: ParseStream<'_>) -> syn::Result<Expr> {
    whole(input, "a Rust expression")
}

fn whole<T: syn::parse::Parse>(input: ParseStream<'_>, what: &str) -> syn::Result<T> {
    let ahead = input.fork();
    let error = match ahead.parse::<T>() {
        Ok(_) if end(&ahead) => return input.parse(),
        Ok(_) => "a comma may be missing in it".to_owned(),
        Err(error) => error.to_string(),
    };
    let tokens = skip(input);
    let text = tokens.to_string();
    Err(syn::Error::new_spanned(tokens, format!("`{text}` is not {what}: {error}")))
}

fn end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// Passes over everything up to the next comma, and gives it back.
fn skip(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = Vec::new();
    while !end(input) {
        match input.parse::<TokenTree>() {
            Ok(tree) => tokens.push(tree),
            Err(_) => break,
        }
    }
    tokens.into_iter().collect()
}
