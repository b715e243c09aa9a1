//! The hooks that make a request: URL, path, parameters, headers, body, the requests about a job.

use super::{Hooks, cx};
use crate::attributes::Named;
use crate::expand::calls::{added, call, path};
use crate::expand::job;
use crate::expand::scope::{DOWNLOAD, POLL, REQUEST, Scope};
use crate::input::serde::glue;
use crate::model::Given;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

impl Hooks<'_> {
    pub(super) fn base_url(&mut self) {
        let Some((key, value)) = self.stream.http.value("base_url") else { return };
        let mut scope = Scope::new(self.known, "base_url", REQUEST);
        if let Some(value) = scope.value(value) {
            let locals = scope.locals();
            let cx = cx(scope.reads());
            let url = quote_spanned!(glue(key.span())=> __rt::base_url(#value));
            self.method(
                quote!(fn url_base(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::String>>),
                quote!(#locals __rt::Ok(__rt::Some(#url?))),
            );
        }
        self.close(scope);
    }

    pub(super) fn path(&mut self) {
        let stream = self.stream;
        let mut scope = Scope::new(self.known, "path", REQUEST);
        let (body, function) = match stream.http.given_as("path") {
            Given::Function(key, function) => (call(key, function, "path", &quote!(cx)), true),
            Given::Value(_, value) => {
                let path = path(value, &mut scope);
                let locals = scope.locals();
                (quote!(#locals #path), false)
            }
            Given::Nothing => {
                let name = &stream.name;
                (quote!(__rt::Ok(__rt::Path::new().text(#name))), false)
            }
        };
        let cx = cx(function || scope.reads());
        self.method(quote!(fn path(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Path>), body);
        self.close(scope);
    }
    pub(super) fn values(&mut self, key: &'static str, method: &str, ty: &str) {
        let stream = self.stream;
        let word = |text| Ident::new(text, Span::call_site());
        let (method, ty, to) = (word(method), word(ty), word(key));
        let mut scope = Scope::new(self.known, key, REQUEST);
        let (body, function) = match stream.http.given_as(key) {
            Given::Function(ident, function) => (call(ident, function, key, &quote!(cx, #to)), true),
            _ => {
                let fallible = (key == "headers").then(|| quote!(?));
                let values = stream.http.values(key).iter();
                let calls: TokenStream =
                    values.filter_map(|named| added(named, &to, "add", fallible.as_ref(), &mut scope)).collect();
                let locals = scope.locals();
                if calls.is_empty() {
                    return self.close(scope);
                }
                let fields = field_list(stream.http.values(key));
                (quote!(#fields #locals #calls __rt::Ok(())), false)
            }
        };
        let cx = cx(function || scope.reads());
        self.method(quote!(fn #method(#cx: &__rt::Cx<'_, __C>, #to: &mut __rt::#ty) -> __rt::Result<()>), body);
        self.close(scope);
    }

    pub(super) fn body(&mut self) {
        let http = &self.stream.http;
        let mut scope = Scope::new(self.known, "body", REQUEST);
        let (to, fallible) = (Ident::new("body", Span::call_site()), quote!(?));
        let (body, function) = if let Given::Function(key, function) = http.given_as("body") {
            (call(key, function, "body", &quote!(cx, body)), true)
        } else {
            let mut calls = http.text("graphql").map_or_else(TokenStream::new, |query| quote!(body.graphql(#query);));
            for (key, add) in [("body", "set"), ("form", "form")] {
                let values = http.values(key).iter();
                calls.extend(values.filter_map(|named| added(named, &to, add, Some(&fallible), &mut scope)));
            }
            if let Given::Value(key, value) = http.given_as("body")
                && let Some(value) = scope.value(value)
            {
                calls.extend(quote_spanned!(glue(key.span())=> body.json(#value)?;));
            }
            if calls.is_empty() {
                return self.close(scope);
            }
            let locals = scope.locals();
            let fields = [field_list(http.values("body")), field_list(http.values("form"))];
            let fields = fields.into_iter().flatten().next();
            (quote!(#fields #locals #calls __rt::Ok(())), false)
        };
        let cx = cx(function || scope.reads());
        self.method(quote!(fn request_body(#cx: &__rt::Cx<'_, __C>, body: &mut __rt::Body) -> __rt::Result<()>), body);
        self.close(scope);
    }

    /// The requests about a job.
    pub(super) fn job(&mut self) {
        let stream = self.stream;
        for (key, method, roots) in [("poll", "poll_request", POLL), ("download", "download_request", DOWNLOAD)] {
            let Some(keys) = stream.job.keys(key) else { continue };
            let mut scope = Scope::new(self.known, key, roots);
            let (body, reads_all) = job::request(keys, &mut scope);
            let (cx, method) = (cx(reads_all || scope.reads()), Ident::new(method, Span::call_site()));
            self.method(
                quote!(fn #method(#cx: &__rt::Cx<'_, __C>, request: &mut __rt::JobRequest) -> __rt::Result<()>),
                body,
            );
            self.close(scope);
        }
    }
}

/// `fields`, where a value calls it: the names of the stream's own fields.
fn field_list(values: &[Named]) -> Option<TokenStream> {
    fn called(tokens: TokenStream) -> Option<Ident> {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        trees.iter().enumerate().find_map(|(at, tree)| match tree {
            TokenTree::Group(group) => called(group.stream()),
            TokenTree::Ident(ident) if ident == "fields" => {
                let before = at.checked_sub(1).and_then(|at| trees.get(at));
                let free = !matches!(before, Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '.' | ':'));
                (free && matches!(trees.get(at + 1), Some(TokenTree::Group(_)))).then(|| ident.clone())
            }
            _ => None,
        })
    }
    let name = values.iter().find_map(|named| called(named.value.to_token_stream()))?;
    Some(quote!(let #name = __rt::field_names::<Self>;))
}
