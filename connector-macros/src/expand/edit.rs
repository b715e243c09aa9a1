//! `#[add(…)]`, `#[remove(…)]` and `filter` as constants of the descriptor and one method.

use super::cursor::calls;
use super::scope::{EDIT, Known, Leaf, Root, Scope};
use crate::attributes::{Named, Value};
use crate::input::serde::glue;
use crate::model::Stream;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// An added field as the descriptor needs it: its name, and the body of a function that makes its value.
pub(super) struct AddedField {
    name: String,
    body: TokenStream,
    /// Whether the body reads the scope, and the record.
    reads: (bool, bool),
    span: Span,
}

/// The body of `transform_record`, if there is anything to do.
pub(super) struct Method {
    pub(super) body: TokenStream,
    pub(super) reads_cx: bool,
    pub(super) reads_row: bool,
    pub(super) adds: bool,
}

/// Everything that the attributes say of records: the method, the added fields, and what the scopes have read.
pub(super) fn edits<'a>(
    stream: &Stream<'_>,
    known: &'a Known<'a>,
) -> (Option<Method>, Vec<AddedField>, Vec<Scope<'a>>) {
    let mut scopes = Vec::new();
    let mut method = Method { body: TokenStream::new(), reads_cx: false, reads_row: false, adds: false };
    if let Some((key, value)) = stream.http.value("filter") {
        let mut scope = Scope::new(known, "filter", EDIT);
        if let Some(filter) = scope.owned(value) {
            let (locals, functions) = (scope.locals(), functions(value));
            let keep = quote_spanned!(glue(key.span())=> __rt::keep(#filter));
            let body = quote!(#functions #locals if !#keep { return __rt::Ok(false); });
            method.note(&scope, &functions);
            // Names of the filter do not reach what is added.
            method.body.extend(quote!({ #body }));
        }
        scopes.push(scope);
    }
    let mut fields = Vec::new();
    for Named { name, span, value } in &stream.add.named {
        let mut scope = Scope::new(known, "add", EDIT);
        if let Some(made) = scope.value(value) {
            let (locals, functions) = (scope.locals(), functions(value));
            let json = quote_spanned!(super::scope::place(value)=> __rt::json(#made));
            let body = quote!(#functions #locals #json);
            method.note(&scope, &functions);
            method.adds = true;
            method.body.extend(quote!({ #functions #locals added.add(#name, &#json?)?; }));
            let reads = (scope.reads_cx(), scope.reads_row() || !functions.is_empty());
            fields.push(AddedField { name: name.clone(), body, reads, span: glue(*span) });
        }
        scopes.push(scope);
    }
    let method = (!method.body.is_empty()).then_some(method);
    (method, fields, scopes)
}

impl Method {
    fn note(&mut self, scope: &Scope<'_>, functions: &TokenStream) {
        self.reads_cx |= scope.reads_cx();
        self.reads_row |= scope.reads_row() || !functions.is_empty();
    }
}

/// The functions that a value calls by their bare names. `now` is one moment for a whole slice.
fn functions(value: &Value) -> TokenStream {
    let mut found = Vec::new();
    calls(value.to_token_stream(), &mut found);
    let defined = found.iter().map(|name| match name.to_string().as_str() {
        "now" => quote!(let #name = || row.now();),
        "ago" => quote!(let #name = |span| __rt::before(row.now(), span);),
        _ => quote!(use __rt::times::#name;),
    });
    quote!(#(#defined)*)
}

/// What the descriptor says of edits: `.reads(…).removed(…).added(…)`. `config`: the type that the values read, if it has a name.
pub(super) fn descriptor(
    stream: &Stream<'_>,
    known: &Known<'_>,
    leaves: &[Leaf],
    fields: &[AddedField],
    config: Option<&TokenStream>,
) -> TokenStream {
    let reads: Vec<_> = leaves
        .iter()
        .filter(|leaf| leaf.root == Root::Record)
        .map(|leaf| if known.hoist { leaf.constant().into_token_stream() } else { leaf.path(&known.this) })
        .collect();
    let reads = (!reads.is_empty()).then(|| quote!(.reads(const { &[#(#reads),*] })));
    let removed: Vec<_> = stream
        .remove
        .iter()
        .map(|path| {
            let wire = super::stream::own_path(path, stream, known);
            let span = glue(path.last().map_or_else(Span::call_site, Ident::span));
            quote_spanned!(span=> __rt::removed(|record: &Self| &record #(.#path)*, #wire))
        })
        .collect();
    let removed = (!removed.is_empty()).then(|| quote!(.removed(const { &[#(#removed),*] })));
    let added: Vec<_> = fields.iter().map(|field| field.constant(config)).collect();
    let added = (!added.is_empty()).then(|| quote!(.added(const { &[#(#added),*] })));
    quote!(#reads #removed #added)
}

impl AddedField {
    fn constant(&self, config: Option<&TokenStream>) -> TokenStream {
        let Self { name, body, reads, span } = self;
        // The config of a library's stream has no name here: its type, and so the field's, is known in a source only.
        let Some(config) = config else { return quote!(__rt::Field::new(#name, "", &__rt::Shape::Any)) };
        let (cx, row) = (parameter("cx", reads.0), parameter("row", reads.1));
        quote_spanned!(*span=> __rt::added(#name, |#cx: &__rt::Cx<'_, #config>, #row: &__rt::Row<'_>| { #body }))
    }
}

/// A parameter that may go unused.
pub(super) fn parameter(name: &str, used: bool) -> Ident {
    let name = if used { name.to_owned() } else { format!("_{name}") };
    Ident::new(&name, Span::call_site())
}
