//! `impl HttpStream`: one method a hook, each a scope of its own.

use super::calls::{added, call, path};
use super::scope::{DIVISION, Known, Leaf, NEXT, REQUEST, SETTING, SLICE, Scope};
use super::{auth, cursor, edit, format, job, paginate, rules, transform};
use crate::attributes::{Named, Value};
use crate::input::serde::glue;
use crate::model::{Given, Stream};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

/// The methods, and what their values read.
pub(super) struct Hooks<'a> {
    stream: &'a Stream<'a>,
    known: &'a Known<'a>,
    methods: Vec<Method>,
    config: Option<Span>,
    leaves: Vec<Leaf>,
    /// The parents' fields that the lists read which divide a parent's record.
    lists: Vec<Leaf>,
    added: Vec<edit::AddedField>,
}

/// A method; in its signature `__C` stands for the config's type, which is known when all values have been seen.
struct Method {
    signature: TokenStream,
    body: TokenStream,
}

impl<'a> Hooks<'a> {
    pub(super) fn new(stream: &'a Stream<'a>, known: &'a Known<'a>) -> Self {
        Self {
            stream,
            known,
            methods: Vec::new(),
            config: None,
            leaves: Vec::new(),
            lists: Vec::new(),
            added: Vec::new(),
        }
    }

    /// Every method that the attributes ask for.
    pub(super) fn all(&mut self) {
        self.settings();
        self.partitions();
        self.base_url();
        self.path();
        self.records_path();
        self.values("params", "request_params", "Params");
        self.values("headers", "request_headers", "Headers");
        self.body();
        self.job();
        self.functions();
        self.edits();
    }

    /// What is done with records before they leave.
    fn edits(&mut self) {
        let (method, added, scopes) = edit::edits(self.stream, self.known);
        if let Some(method) = method {
            let (body, cx) = (method.body, cx(method.reads_cx));
            let row = edit::parameter("row", method.reads_row);
            let to = edit::parameter("added", method.adds);
            self.method(
                quote!(fn transform_record(#cx: &__rt::Cx<'_, __C>, #row: &__rt::Row<'_>, #to: &mut __rt::Added) -> __rt::Result<bool>),
                quote!(#body __rt::Ok(true)),
            );
        }
        for scope in scopes {
            self.close(scope);
        }
        self.added = added;
    }

    /// What the descriptor says of edits.
    pub(super) fn descriptor(&self) -> TokenStream {
        let config = match self.config_type() {
            Config::Any(None) => Some(quote!(())),
            Config::Any(Some(_)) => None,
            named => Some(named.place(quote!(__C))),
        };
        edit::descriptor(self.stream, self.known, &self.leaves, &self.added, config.as_ref())
    }

    /// The parents' fields that are read, each once.
    pub(super) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Those that are read only to divide a parent's record.
    pub(super) fn lists(&self) -> impl Iterator<Item = &Leaf> {
        self.lists.iter().filter(|list| !self.leaves.iter().any(|leaf| leaf.same(list)))
    }

    fn method(&mut self, signature: TokenStream, body: TokenStream) {
        self.methods.push(Method { signature, body });
    }

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
        let mut scope = Scope::new(self.known, "settings", SETTING);
        let body = stream.http.get("body").or_else(|| stream.http.get("form"));
        let method = match (stream.http.choice("method"), body) {
            (Some((method, _)), _) if method != "GET" => Some(Ident::new(method, Span::call_site())),
            (None, Some(_)) => Some(Ident::new("POST", Span::call_site())),
            _ => None,
        };
        let method = method.map(|method| quote!(.method(__rt::Method::#method)));
        let records = match stream.http.given_as("records") {
            Given::Value(_, value) if of_slice(value) => None,
            Given::Value(_, value @ Value::Expr(syn::Expr::Array(_))) => {
                scope.value(value).map(|paths| quote!(.records_any(#paths)))
            }
            Given::Value(_, value) => scope.value(value).map(|path| quote!(.records(#path))),
            _ => None,
        };
        let paginator = paginate::paginator(&stream.paginate, &mut scope).map(|pages| quote!(.paginate(#pages)));
        let (cursor, mut functions) = cursor::settings(stream, &mut scope).unwrap_or_default();
        let job = job::setting(&stream.job, &mut scope, &mut functions);
        rules::functions(&stream.rules, &mut functions);
        let rules = rules::rules(&stream.rules, &mut scope);
        let others = self.other_settings(&mut scope);
        let transform = transform::transform(&stream.transform).map(|transform| quote!(.transform(#transform)));
        let parts = quote!(#method #records #transform #paginator #job #cursor #rules #others);
        let functions = (!functions.is_empty()).then(|| quote!(use __rt::times::{#(#functions),*};));
        if !parts.is_empty() {
            let config = config(&scope);
            self.method(
                quote!(fn settings(#config: &__C) -> __rt::Result<__rt::Settings>),
                quote!(#functions __rt::Ok(__rt::Settings::new()#parts)),
            );
        }
        self.close(scope);
    }

    /// The keys that are a setting of the same name.
    fn other_settings(&self, scope: &mut Scope<'_>) -> TokenStream {
        let http = &self.stream.http;
        let part = |entry: &crate::attributes::Entry| {
            Some(match entry.key {
                "drop_duplicates" => quote!(.drop_duplicates()),
                "remembered_keys" => {
                    let keys = scope.owned(http.value("remembered_keys")?.1)?;
                    quote!(.remembered_keys(#keys))
                }
                "records_optional" => quote!(.records_optional()),
                "unchecked" => quote!(.unchecked()),
                "graphql" => quote!(.graphql()),
                "format" | "csv" | "charset" => format::setting(entry.key, http, scope)?,
                "misfit" => {
                    let misfit = Ident::new(&cursor::pascal(http.choice("misfit")?.0), Span::call_site());
                    quote!(.misfit(__rt::Misfit::#misfit))
                }
                "group" => {
                    let records = scope.owned(http.value("group")?.1)?;
                    quote!(.group(#records))
                }
                "enabled" => {
                    let (key, value) = http.value("enabled")?;
                    let enabled = scope.owned(value)?;
                    quote_spanned!(glue(key.span())=> .enabled(#enabled))
                }
                "encoding" => {
                    let encoding = http.keys("encoding")?;
                    let keep = encoding.text("keep").map(|keep| quote!(.keep(#keep)));
                    let percent = matches!(encoding.choice("spaces"), Some(("percent", _)));
                    let spaces = percent.then(|| quote!(.spaces_as_percent()));
                    quote!(.encoding(__rt::QueryEncoding::new()#keep #spaces))
                }
                "weight" => {
                    let weight = scope.owned(http.value("weight")?.1)?;
                    quote!(.weight(#weight))
                }
                "auth" => {
                    let auth = auth::auth(http.value("auth")?.1, scope, self.known.errors)?;
                    quote!(.auth(#auth))
                }
                _ => return None,
            })
        };
        http.iter().filter_map(part).collect()
    }

    fn partitions(&mut self) {
        let stream = self.stream;
        if let Some((key, function)) = stream.http.function("partitions") {
            let body = call(key, function, "partitions", &quote!(config));
            self.method(quote!(fn stream_slices(config: &__C) -> __rt::Result<__rt::Option<__rt::Partitions>>), body);
        }
        self.given();
        if stream.partition.named.is_empty() {
            return;
        }
        let divides = self.known.parent.is_some();
        let mut scope = Scope::new(self.known, "partition", if divides { DIVISION } else { SETTING });
        let lists: TokenStream = stream
            .partition
            .named
            .iter()
            .filter_map(|named| {
                let (name, value) = (&named.name, scope.value(&named.value)?);
                Some(quote_spanned!(super::scope::place(&named.value)=> .along(#name, #value)?))
            })
            .collect();
        if divides {
            let (locals, cx) = (scope.locals(), cx(scope.reads()));
            self.method(
                quote!(fn divide(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::Lists>>),
                quote!(#locals __rt::Ok(__rt::Some(__rt::Lists::new()#lists))),
            );
            self.config = self.config.or(scope.config());
            self.lists = scope.into_leaves();
            return;
        }
        let config = config(&scope);
        self.method(
            quote!(fn stream_slices(#config: &__C) -> __rt::Result<__rt::Option<__rt::Partitions>>),
            quote!(__rt::Ok(__rt::Some(__rt::Lists::new()#lists.partitions()))),
        );
        self.close(scope);
    }

    /// The values of the parent's field that the config has.
    fn given(&mut self) {
        let (Some(parent), [named]) = (self.known.parent, self.stream.http.values("given")) else { return };
        let Some(words) = named.words() else {
            let text = format!("`{}` is no field of the parent", named.name);
            return self.known.errors.spanned(named.span, text);
        };
        let mut scope = Scope::new(self.known, "given", SETTING);
        if let Some(list) = scope.value(&named.value) {
            let base = Ident::new("parent", glue(named.span));
            let path = super::scope::path(&words, &quote!(#parent), &base);
            let config = config(&scope);
            let accessor = quote!(|#base: &#parent| &#base #(.#words)*);
            self.method(
                quote!(fn stream_slices(#config: &__C) -> __rt::Result<__rt::Option<__rt::Partitions>>),
                quote_spanned!(super::scope::place(&named.value)=> __rt::given(#accessor, #path, #list)),
            );
        }
        self.close(scope);
    }

    /// Without its records, nothing of a parent is known but what is given.
    pub(super) fn check_given(&self) {
        let [named] = self.stream.http.values("given") else { return };
        let Some(words) = named.words() else { return };
        let of_parent = |leaf: &&Leaf| matches!(leaf.root, super::scope::Root::Parent(_));
        for leaf in self.leaves.iter().filter(of_parent) {
            if leaf.root != super::scope::Root::Parent(0) || leaf.words != words {
                leaf.refuse(
                    self.known.errors,
                    &format!(
                        "where `given` has `{}`, the parent is not read, and nothing else of it is known",
                        named.name
                    ),
                );
            }
        }
    }

    fn base_url(&mut self) {
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

    fn path(&mut self) {
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

    /// The records' path, where it differs from slice to slice.
    fn records_path(&mut self) {
        let Given::Value(_, value) = self.stream.http.given_as("records") else { return };
        if !of_slice(value) {
            return;
        }
        let mut scope = Scope::new(self.known, "records", SLICE);
        let path = match value {
            Value::Template(template) => scope.steps(template),
            Value::Expr(_) => scope.value(value),
        };
        if let Some(path) = path {
            let (locals, cx) = (scope.locals(), cx(scope.reads()));
            let path = quote_spanned!(super::scope::place(value)=> __rt::text(#path));
            self.method(
                quote!(fn records_path(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::String>>),
                quote!(#locals __rt::Ok(__rt::Some(#path))),
            );
        }
        self.close(scope);
    }

    fn values(&mut self, key: &'static str, method: &str, ty: &str) {
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

    fn body(&mut self) {
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
    fn job(&mut self) {
        let stream = self.stream;
        for (key, method, roots) in
            [("poll", "poll_request", job::POLL), ("download", "download_request", job::DOWNLOAD)]
        {
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

    /// The hooks that are nothing but a function of the author.
    fn functions(&mut self) {
        let http = &self.stream.http;
        if let Given::Function(key, function) = http.given_as("records") {
            let body = call(key, function, "records", &quote!(response, records));
            let signature = quote! {
                fn parse_response(response: &__rt::Response<'_>, records: &mut __rt::Records<'_>) -> __rt::Result<__rt::Parsed>
            };
            self.method(signature, body);
        }
        if let Some((key, function)) = http.function("next_page") {
            let body = call(key, function, "next_page", &quote!(page));
            self.method(next_page_token(false), body);
        } else {
            self.next_page();
        }
        if let Some((key, function)) = http.function("schema") {
            let body = call(key, function, "schema", &quote!(config, api));
            // It is handed the config, so it is that of the source, unless another is named.
            self.config.get_or_insert(key.span());
            let signature = quote! {
                fn schema<'a>(config: &'a __C, api: &'a __rt::ApiClient) -> __rt::BoxFuture<'a, __rt::Result<__rt::SchemaFields>>
            };
            self.method(signature, body);
        }
        if let Some((key, function)) = http.function("classify") {
            let body = call(key, function, "classify", &quote!(answer));
            let signature = quote! {
                fn should_retry(answer: &__rt::Answer<'_>) -> __rt::Result<__rt::Option<__rt::Verdict>>
            };
            self.method(signature, body);
        }
    }

    /// The next page, where an expression computes it or ends it.
    fn next_page(&mut self) {
        let mut scope = Scope::new(self.known, "paginate", NEXT);
        if let Some(body) = paginate::computed(&self.stream.paginate, &mut scope) {
            let locals = scope.locals();
            self.method(next_page_token(scope.reads_cx()), quote!(#locals #body));
        }
        self.close(scope);
    }

    /// The impl, over the config that the values read.
    pub(super) fn finish(self) -> TokenStream {
        let item = self.stream.item;
        let mut generics = super::record::bounded(&item.generics);
        let config = self.config_type();
        if let Config::Any(bound) = &config {
            let colon = bound.as_ref().map(|_| quote!(:));
            generics.params.push(syn::parse_quote!(__C #colon #bound));
        }
        let (impl_generics, _, filter) = generics.split_for_impl();
        let (_, type_generics, _) = item.generics.split_for_impl();
        let ident = &item.ident;
        let of = config.tokens();
        let methods = self.methods.iter().map(|Method { signature, body }| {
            let signature = config.place(signature.clone());
            quote!(#signature { #body })
        });
        let header = config.place(quote!(impl #impl_generics __rt::HttpStream<#of> for #ident #type_generics #filter));
        quote!(#header { #(#methods)* })
    }

    fn config_type(&self) -> Config {
        let (http, item) = (&self.stream.http, self.stream.item);
        match (http.ty("config"), self.config) {
            (Some((_, Type::ImplTrait(bound))), _) => Config::Any(Some(bound.bounds.to_token_stream())),
            (Some((_, ty)), _) => Config::Given(ty.to_token_stream()),
            (None, Some(span)) => {
                let (_, type_generics, _) = item.generics.split_for_impl();
                let ident = &item.ident;
                Config::Listed(quote!(<#ident #type_generics as __rt::Listed>::Config), span)
            }
            (None, None) => Config::Any(None),
        }
    }
}

/// Whether a value reads what differs from slice to slice.
fn of_slice(value: &Value) -> bool {
    fn within(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Group(group) => within(group.stream()),
            TokenTree::Ident(ident) => {
                let roots = ["partition", "slice", "parent", "grandparent", "great_grandparent"];
                roots.iter().any(|root| ident == root)
            }
            _ => false,
        })
    }
    within(value.to_token_stream())
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

fn next_page_token(reads_cx: bool) -> TokenStream {
    let cx = cx(reads_cx);
    quote! {
        fn next_page_token(#cx: &__rt::Cx<'_, __C>, page: &__rt::Page<'_>) -> __rt::Result<__rt::Option<__rt::PageToken>>
    }
}

/// Whose config a stream reads.
enum Config {
    Given(TokenStream),
    /// That of the source which lists the stream; where the author's `config` stands.
    Listed(TokenStream, Span),
    /// None in particular, or any with these bounds.
    Any(Option<TokenStream>),
}

impl Config {
    fn tokens(&self) -> TokenStream {
        match self {
            Self::Given(ty) | Self::Listed(ty, _) => ty.clone(),
            Self::Any(_) => quote!(__C),
        }
    }

    /// A signature with the config's type in the place of `__C`. That of a listing source stands at the author's `config`, all of it, so
    /// that rustc tells a missing source once and there.
    fn place(&self, tokens: TokenStream) -> TokenStream {
        let at = match self {
            Self::Listed(_, span) => Some(glue(*span)),
            _ => None,
        };
        placed(tokens, &self.tokens(), at)
    }
}

fn placed(tokens: TokenStream, config: &TokenStream, at: Option<Span>) -> TokenStream {
    let place = |mut tree| {
        if let TokenTree::Ident(ident) = &tree
            && ident == "__C"
            && config.to_string() != "__C"
        {
            return placed(config.clone(), &TokenStream::new(), at);
        }
        if let TokenTree::Group(group) = &tree {
            let mut inner = Group::new(group.delimiter(), placed(group.stream(), config, at));
            inner.set_span(group.span());
            tree = TokenTree::Group(inner);
        }
        if let Some(span) = at {
            tree.set_span(span);
        }
        TokenStream::from(tree)
    };
    tokens.into_iter().map(place).collect()
}

/// The name of the parameter of what is fixed for a sync, which may go unused.
fn config(scope: &Scope<'_>) -> Ident {
    scope.config().map_or_else(|| Ident::new("_config", Span::call_site()), |span| Ident::new("config", span))
}

/// The name of the scope's parameter, which may go unused.
fn cx(used: bool) -> Ident {
    Ident::new(if used { "cx" } else { "_cx" }, Span::call_site())
}
