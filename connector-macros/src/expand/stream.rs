//! `impl StreamType`: the constant facts of a stream.

use super::cursor;
use super::hooks::Hooks;
use super::scope::{self, Known, Leaf, Root};
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::model::Stream;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// All impls of a stream besides its record's.
pub(crate) fn stream(stream: &Stream<'_>, errors: &Errors) -> TokenStream {
    let generics = super::record::bounded(&stream.item.generics);
    let (_, type_generics, _) = generics.split_for_impl();
    let ident = &stream.item.ident;
    let known = Known {
        this: quote!(#ident #type_generics),
        parent: stream.parent(),
        group: stream.http.get("group").is_some() && stream.partition.span.is_none(),
        made_of: stream.http.ty("made_of").map(|(_, made_of)| made_of),
        lists: &stream.partition.named,
        pages: stream.paginate.span.is_some(),
        job: stream.job.span.map(|_| stream.job.values("created")),
        cursor: stream.cursor.as_ref().map(cursor::field),
        hoist: stream.item.generics.type_params().next().is_none(),
        broken: stream.broken(),
        errors,
    };
    let mut hooks = Hooks::new(stream, &known);
    hooks.all();
    hooks.check_given();
    let lists: Vec<Leaf> = hooks.lists().cloned().collect();
    reads_its_parent(&known, hooks.leaves().iter().chain(&lists));
    let paths = paths(&known, &[hooks.leaves(), &lists].concat());
    let stream_type = stream_type(stream, &known, (hooks.leaves(), &lists), &hooks.descriptor());
    let http_stream = hooks.finish();
    quote!(#paths #stream_type #http_stream)
}

/// A parent gives a partition for each of its records, told apart by what is read of them: without a field there is none.
fn reads_its_parent<'l>(known: &Known<'_>, mut leaves: impl Iterator<Item = &'l Leaf>) {
    // Beside another fault, what would have read it may be lost.
    if let Some(parent) = known.parent
        && known.errors.is_empty()
        && !leaves.any(|leaf| matches!(leaf.root, Root::Parent(0)))
    {
        known.errors.at(
            parent,
            "no value of this stream reads a field of its `parent`, so nothing tells its requests apart; read one, such as `path = \"users/{parent.id}/posts\"`, or drop `parent`",
        );
    }
}

/// Where the fields that are read lie in the parents' records, or in the stream's own, a constant each.
fn paths(known: &Known<'_>, leaves: &[Leaf]) -> TokenStream {
    let of = |leaf: &Leaf| {
        let of = if matches!(leaf.root, Root::Record | Root::Last) {
            known.this.clone()
        } else {
            known.level(level(leaf.root)?)
        };
        let path = leaf.path(&of);
        let name = leaf.constant();
        Some(quote!(const #name: __rt::FieldPath = #path;))
    };
    leaves.iter().filter(|_| known.hoist).filter_map(of).collect()
}

fn stream_type(
    stream: &Stream<'_>,
    known: &Known<'_>,
    (leaves, lists): (&[Leaf], &[Leaf]),
    edits: &TokenStream,
) -> TokenStream {
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
    let resumable = stream.is_resumable().then(|| quote!(.resumable()));
    let (parent, link) = match known.parent {
        Some(parent) => (parent.to_token_stream(), Some(link(parent, known, leaves, lists))),
        None => (quote!(__rt::NoParent), None),
    };
    let deletions = stream.http.get("deletions").map(|_| quote!(.deletions()));
    let asks = stream.http.get("schema").map(|_| quote!(.asks_schema()));
    let made = known.made_of.map(|_| quote!(.made()));
    let made_of = known.made_of.map(
        |value| quote!(impl #impl_generics __rt::MadeOf for #ident #type_generics #filter { type Value = #value; }),
    );
    let descriptor = quote! {
        __rt::StreamDescriptor::new(#name, #doc, __rt::fields::<Self>)#namespace #key #cursor #link #resumable #deletions #edits #asks #made
    };
    let incremental = (stream.cursor.is_some() || stream.depends())
        .then(|| quote!(impl #impl_generics __rt::Incremental for #ident #type_generics #filter {}));
    let descriptor = match known.parent.filter(|_| stream.depends()) {
        Some(parent) => {
            let changes = quote_spanned!(glue(parent.span())=> __rt::tells_changes::<#parent>(););
            quote!({ #changes #descriptor.incremental_dependency() })
        }
        None => descriptor,
    };
    quote! {
        #made_of
        impl #impl_generics __rt::StreamType for #ident #type_generics #filter {
            const DESCRIPTOR: __rt::StreamDescriptor = #descriptor;
            type Parent = #parent;
        }
        #incremental
    }
}

fn key(stream: &Stream<'_>, known: &Known<'_>) -> Option<TokenStream> {
    let fields = stream.key.iter().map(|path| {
        // An added field has a name, and no accessor.
        if let [only] = path.as_slice()
            && stream.adds(only)
        {
            let name = only.unraw().to_string();
            return quote!(&[#name]);
        }
        let wire = own_path(path, stream, known);
        let span = glue(path.last().map_or_else(Span::call_site, Ident::span));
        quote_spanned!(span=> __rt::key(|record: &Self| &record #(.#path)*, #wire))
    });
    let fields: Vec<_> = fields.collect();
    (!fields.is_empty()).then(|| quote!(.primary_key(const { &[#(#fields),*] })))
}

/// The wire path of a field of the stream's own record.
pub(super) fn own_path(path: &[Ident], stream: &Stream<'_>, known: &Known<'_>) -> TokenStream {
    if let [only] = path {
        let field = stream.item.fields().iter().find(|field| field.ident == *only);
        if let Some(wire) = field.map(|field| &field.wire) {
            return quote!(&[#wire]);
        }
    }
    let base = Ident::new("record", Span::call_site());
    scope::path(path, &known.this, &base)
}

fn link(parent: &Type, known: &Known<'_>, leaves: &[Leaf], lists: &[Leaf]) -> TokenStream {
    let highest = leaves.iter().filter_map(|leaf| level(leaf.root)).max().unwrap_or(0);
    let levels = (0..=highest).map(|at| {
        let of = known.level(at);
        let paths = leaves.iter().filter(|leaf| level(leaf.root) == Some(at)).map(|leaf| place_of(leaf, known, &of));
        quote!(const { &[#(#paths),*] })
    });
    let of = known.level(0);
    let mut divided = lists.iter().filter(|leaf| level(leaf.root) == Some(0)).peekable();
    let divided = divided.peek().is_some().then(|| {
        let paths = divided.map(|leaf| place_of(leaf, known, &of));
        quote!(.divided_by(const { &[#(#paths),*] }))
    });
    let span = glue(parent.span());
    quote_spanned!(span=> .parent(<#parent as __rt::StreamType>::descriptor, const { &[#(#levels),*] })#divided)
}

/// Where a leaf lies in its record.
fn place_of(leaf: &Leaf, known: &Known<'_>, of: &TokenStream) -> TokenStream {
    if known.hoist { leaf.constant().into_token_stream() } else { leaf.path(of) }
}

fn level(root: Root) -> Option<usize> {
    match root {
        Root::Parent(level) => Some(level),
        _ => None,
    }
}
