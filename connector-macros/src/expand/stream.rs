//! `impl StreamType` and `impl HttpStream`.

use super::scope::{self, Known, Leaf, REQUEST, Root, SETTING, Scope};
use super::{cursor, paginate};
use crate::attributes::{Named, Part, Value, value};
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::model::{Given, Stream};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Type};

/// All impls of a stream besides its record's.
pub(crate) fn stream(stream: &Stream<'_>, errors: &Errors) -> TokenStream {
    let generics = super::record::bounded(&stream.item.generics);
    let (_, type_generics, _) = generics.split_for_impl();
    let ident = &stream.item.ident;
    let known = Known {
        this: quote!(#ident #type_generics),
        parent: stream.parent(),
        cursor: stream.cursor.as_ref().map(cursor::field),
        hoist: stream.item.generics.type_params().next().is_none(),
        broken: stream.broken(),
        errors,
    };
    let mut hooks = Hooks { stream, known: &known, methods: TokenStream::new(), config: None, leaves: Vec::new() };
    hooks.settings();
    hooks.base_url();
    hooks.path();
    hooks.values("params", "request_params", "Params", "add");
    hooks.values("headers", "request_headers", "Headers", "add");
    hooks.body();
    hooks.functions();
    let paths = paths(&known, &hooks.leaves);
    let stream_type = stream_type(stream, &known, &hooks.leaves);
    let http_stream = hooks.finish();
    quote!(#paths #stream_type #http_stream)
}

/// Where the parents' fields that are read lie in their records, a constant each.
fn paths(known: &Known<'_>, leaves: &[Leaf]) -> TokenStream {
    let of = |leaf: &Leaf| {
        let path = leaf.path(&known.level(level(leaf.root)?));
        let name = leaf.constant();
        Some(quote!(const #name: __rt::FieldPath = #path;))
    };
    leaves.iter().filter(|_| known.hoist).filter_map(of).collect()
}

fn stream_type(stream: &Stream<'_>, known: &Known<'_>, leaves: &[Leaf]) -> TokenStream {
    let (name, doc) = (&stream.name, &stream.item.doc);
    let generics = super::record::bounded(&stream.item.generics);
    let (impl_generics, type_generics, filter) = generics.split_for_impl();
    let ident = &stream.item.ident;
    let namespace = stream.http.text("namespace").map(|text| quote!(.namespace(#text)));
    let key = key(stream, known);
    let cursor = stream.cursor.as_ref().map(|cursor| {
        let (field, path) = (cursor::field(cursor), own_path(&cursor.path, stream, known));
        let span = glue(cursor.path.last().map_or(cursor.span, Ident::span));
        quote_spanned!(span=> .cursor(#path, __rt::cursor_kind(|record: &Self| &#field)))
    });
    let (parent, link) = match known.parent {
        Some(parent) => (parent.to_token_stream(), Some(link(parent, known, leaves))),
        None => (quote!(__rt::NoParent), None),
    };
    quote! {
        impl #impl_generics __rt::StreamType for #ident #type_generics #filter {
            const DESCRIPTOR: __rt::StreamDescriptor =
                __rt::StreamDescriptor::new(#name, #doc, __rt::fields::<Self>)#namespace #key #cursor #link;
            type Parent = #parent;
        }
    }
}

fn key(stream: &Stream<'_>, known: &Known<'_>) -> Option<TokenStream> {
    let fields = stream.key.iter().map(|path| {
        let wire = own_path(path, stream, known);
        let span = glue(path.last().map_or_else(Span::call_site, Ident::span));
        quote_spanned!(span=> __rt::key(|record: &Self| &record #(.#path)*, #wire))
    });
    let fields: Vec<_> = fields.collect();
    (!fields.is_empty()).then(|| quote!(.primary_key(const { &[#(#fields),*] })))
}

/// The wire path of a field of the stream's own record.
fn own_path(path: &[Ident], stream: &Stream<'_>, known: &Known<'_>) -> TokenStream {
    if let [only] = path {
        let field = stream.item.fields().iter().find(|field| field.ident == *only);
        if let Some(wire) = field.map(|field| &field.wire) {
            return quote!(&[#wire]);
        }
    }
    let base = Ident::new("record", Span::call_site());
    scope::path(path, &known.this, &base)
}

fn link(parent: &Type, known: &Known<'_>, leaves: &[Leaf]) -> TokenStream {
    let highest = leaves.iter().filter_map(|leaf| level(leaf.root)).max().unwrap_or(0);
    let levels = (0..=highest).map(|at| {
        let of = known.level(at);
        let paths = leaves
            .iter()
            .filter(|leaf| level(leaf.root) == Some(at))
            .map(|leaf| if known.hoist { leaf.constant().into_token_stream() } else { leaf.path(&of) });
        quote!(const { &[#(#paths),*] })
    });
    let span = glue(parent.span());
    quote_spanned!(span=> .parent(<#parent as __rt::StreamType>::descriptor, const { &[#(#levels),*] }))
}

fn level(root: Root) -> Option<usize> {
    match root {
        Root::Parent(level) => Some(level),
        _ => None,
    }
}

/// The methods of `HttpStream`, one after the other.
struct Hooks<'a> {
    stream: &'a Stream<'a>,
    known: &'a Known<'a>,
    methods: TokenStream,
    config: Option<Span>,
    leaves: Vec<Leaf>,
}

impl Hooks<'_> {
    fn close(&mut self, scope: Scope<'_>) {
        self.config = self.config.or(scope.config());
        for leaf in scope.into_leaves() {
            if !self.leaves.iter().any(|known| known.same(&leaf)) {
                self.leaves.push(leaf);
            }
        }
    }

    fn settings(&mut self) {
        let stream = self.stream;
        let mut scope = Scope::new(self.known, "start", SETTING);
        let body = stream.http.get("body").or_else(|| stream.http.get("form"));
        let method = match (stream.http.choice("method"), body) {
            (Some((method, _)), _) if method != "GET" => Some(Ident::new(method, Span::call_site())),
            (None, Some(_)) => Some(Ident::new("POST", Span::call_site())),
            _ => None,
        };
        let method = method.map(|method| quote!(.method(__rt::Method::#method)));
        let records = match stream.http.given_as("records") {
            Given::Value(_, value) => scope.value(value).map(|path| quote!(.records(#path))),
            _ => None,
        };
        let paginator =
            paginate::paginator(&stream.paginate, &mut scope).map(|paginator| quote!(.paginate(#paginator)));
        let cursor = cursor::settings(stream, &mut scope);
        if let (None, None, None) = (&method, &records, &paginator)
            && cursor.as_ref().is_none_or(TokenStream::is_empty)
        {
            return;
        }
        let param =
            scope.config().map_or_else(|| Ident::new("_config", Span::call_site()), |span| Ident::new("config", span));
        self.methods.extend(quote! {
            fn settings(#param: &__C) -> __rt::Result<__rt::Settings> {
                __rt::Ok(__rt::Settings::new()#method #records #paginator #cursor)
            }
        });
        self.close(scope);
    }

    fn base_url(&mut self) {
        let stream = self.stream;
        let Some((key, value)) = stream.http.value("base_url") else { return };
        let mut scope = Scope::new(self.known, "base_url", REQUEST);
        if let Some(value) = scope.value(value) {
            let locals = scope.locals();
            let span = glue(key.span());
            let text = quote_spanned!(span=> __rt::base_url(#value));
            let cx = cx(scope.reads());
            self.methods.extend(quote! {
                fn url_base(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::String>> {
                    #locals
                    __rt::Ok(__rt::Some(#text?))
                }
            });
        }
        self.close(scope);
    }

    fn path(&mut self) {
        let stream = self.stream;
        let mut scope = Scope::new(self.known, "path", REQUEST);
        let function = matches!(stream.http.given_as("path"), Given::Function(..));
        let body = match stream.http.given_as("path") {
            Given::Function(key, function) => call(key, function, "path", &quote!(cx)),
            Given::Value(_, value) => {
                let calls = path_calls(value, &mut scope);
                let locals = scope.locals();
                quote!(#locals __rt::Ok(__rt::Path::new()#calls))
            }
            Given::Nothing => {
                let name = &stream.name;
                quote!(__rt::Ok(__rt::Path::new().text(#name)))
            }
        };
        let cx = cx(function || scope.reads());
        self.methods.extend(quote! {
            fn path(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Path> { #body }
        });
        self.close(scope);
    }

    fn values(&mut self, key: &'static str, method: &str, ty: &str, add: &str) {
        let stream = self.stream;
        let (method, ty, add) = (
            Ident::new(method, Span::call_site()),
            Ident::new(ty, Span::call_site()),
            Ident::new(add, Span::call_site()),
        );
        let to = Ident::new(key, Span::call_site());
        let mut scope = Scope::new(self.known, key, REQUEST);
        let body = match stream.http.given_as(key) {
            Given::Function(ident, function) => call(ident, function, key, &quote!(cx, #to)),
            _ => {
                let question = (key == "headers").then(|| quote!(?));
                let calls: TokenStream = stream
                    .http
                    .values(key)
                    .iter()
                    .filter_map(|named| added(named, &to, &add, question.as_ref(), &mut scope))
                    .collect();
                if calls.is_empty() {
                    return self.close(scope);
                }
                let locals = scope.locals();
                quote!(#locals #calls __rt::Ok(()))
            }
        };
        let cx = cx(scope.reads() || matches!(stream.http.given_as(key), Given::Function(..)));
        self.methods.extend(quote! {
            fn #method(#cx: &__rt::Cx<'_, __C>, #to: &mut __rt::#ty) -> __rt::Result<()> { #body }
        });
        self.close(scope);
    }

    fn body(&mut self) {
        let stream = self.stream;
        let mut scope = Scope::new(self.known, "body", REQUEST);
        let to = Ident::new("body", Span::call_site());
        let question = quote!(?);
        let mut calls = TokenStream::new();
        for (key, add) in [("body", "set"), ("form", "form")] {
            let add = Ident::new(add, Span::call_site());
            calls.extend(
                stream.http.values(key).iter().filter_map(|named| added(named, &to, &add, Some(&question), &mut scope)),
            );
        }
        let mut function = false;
        let body = match stream.http.given_as("body") {
            Given::Function(ident, hook) => {
                function = true;
                call(ident, hook, "body", &quote!(cx, body))
            }
            Given::Value(key, value) => {
                if let Some(value) = scope.value(value) {
                    let span = glue(key.span());
                    calls.extend(quote_spanned!(span=> body.json(#value)?;));
                }
                let locals = scope.locals();
                quote!(#locals #calls __rt::Ok(()))
            }
            Given::Nothing => {
                let locals = scope.locals();
                quote!(#locals #calls __rt::Ok(()))
            }
        };
        if calls.is_empty() && !function {
            return self.close(scope);
        }
        let cx = cx(scope.reads() || function);
        self.methods.extend(quote! {
            fn request_body(#cx: &__rt::Cx<'_, __C>, body: &mut __rt::Body) -> __rt::Result<()> { #body }
        });
        self.close(scope);
    }

    /// The hooks that are nothing but a function of the author.
    fn functions(&mut self) {
        if let Given::Function(key, function) = self.stream.http.given_as("records") {
            let body = call(key, function, "records", &quote!(response, records));
            self.methods.extend(quote! {
                fn parse_response(response: &__rt::Response<'_>, records: &mut __rt::Records<'_>) -> __rt::Result<__rt::Parsed> { #body }
            });
        }
        if let Some((key, function)) = self.stream.http.function("next_page") {
            let body = call(key, function, "next_page", &quote!(page));
            self.methods.extend(quote! {
                fn next_page_token(page: &__rt::Page<'_>) -> __rt::Result<__rt::Option<__rt::PageToken>> { #body }
            });
        }
        if let Some((key, function)) = self.stream.http.function("classify") {
            let body = call(key, function, "classify", &quote!(answer));
            self.methods.extend(quote! {
                fn should_retry(answer: &__rt::Answer<'_>) -> __rt::Result<__rt::Option<__rt::Verdict>> { #body }
            });
        }
    }

    /// The impl, over the config that the values read.
    fn finish(self) -> TokenStream {
        let stream = self.stream;
        let mut generics = super::record::bounded(&stream.item.generics);
        let mut methods = self.methods;
        let config = match config_of(stream, self.config) {
            Config::Of(config) => {
                methods = with_config(methods, &config);
                config
            }
            Config::Any(bound) => {
                let colon = bound.as_ref().map(|_| quote!(:));
                generics.params.push(syn::parse_quote!(__C #colon #bound));
                quote!(__C)
            }
        };
        let (impl_generics, _, filter) = generics.split_for_impl();
        let (_, type_generics, _) = stream.item.generics.split_for_impl();
        let ident = &stream.item.ident;
        quote! {
            impl #impl_generics __rt::HttpStream<#config> for #ident #type_generics #filter { #methods }
        }
    }
}

/// Whose config a stream reads.
enum Config {
    Of(TokenStream),
    /// None in particular, or any with these bounds.
    Any(Option<TokenStream>),
}

fn config_of(stream: &Stream<'_>, reads: Option<Span>) -> Config {
    let ident = &stream.item.ident;
    match (stream.http.ty("config"), reads) {
        (Some((_, Type::ImplTrait(bound))), _) => Config::Any(Some(bound.bounds.to_token_stream())),
        (Some((_, ty)), _) => Config::Of(ty.to_token_stream()),
        (None, Some(span)) => {
            let (_, type_generics, _) = stream.item.generics.split_for_impl();
            Config::Of(quote_spanned!(span=> <#ident #type_generics as __rt::Listed>::Config))
        }
        (None, None) => Config::Any(None),
    }
}

/// The methods with the config's type in the place of `__C`: which it is, is known when all values have been seen.
fn with_config(tokens: TokenStream, config: &TokenStream) -> TokenStream {
    let place = |tree| match tree {
        TokenTree::Group(group) => {
            let mut placed = Group::new(group.delimiter(), with_config(group.stream(), config));
            placed.set_span(group.span());
            TokenStream::from(TokenTree::Group(placed))
        }
        TokenTree::Ident(ident) if ident == "__C" => config.clone(),
        other => TokenStream::from(other),
    };
    tokens.into_iter().map(place).collect()
}

/// The name of the scope's parameter, which may go unused.
fn cx(used: bool) -> Ident {
    Ident::new(if used { "cx" } else { "_cx" }, Span::call_site())
}

/// `params.add("limit", &100i64);`
fn added(
    named: &Named,
    to: &Ident,
    add: &Ident,
    question: Option<&TokenStream>,
    scope: &mut Scope<'_>,
) -> Option<TokenStream> {
    let value = scope.value(&named.value)?;
    let name = &named.name;
    let span = scope::place(&named.value);
    Some(quote_spanned!(span=> #to.#add(#name, #value)#question;))
}

/// `.text("users/").segment(&…)?` for a template or a chain.
fn path_calls(value: &Value, scope: &mut Scope<'_>) -> TokenStream {
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
fn call(key: &Ident, function: &Expr, name: &str, arguments: &TokenStream) -> TokenStream {
    let hook = Ident::new(name, key.span());
    quote_spanned!(glue(key.span())=> __rt::hook::#hook(#function, #arguments))
}
