//! `impl StreamType`: the constant facts of a stream.

use super::cursor;
use super::hooks::Hooks;
use super::scope::{self, Known, Leaf, Root};
use crate::attributes::ParentRef;
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::model::Stream;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// All impls of a stream besides its record's.
pub(crate) fn stream(stream: &Stream<'_>, errors: &Errors) -> TokenStream {
    let generics = super::record::bounded(&stream.item.generics);
    let (_, type_generics, _) = generics.split_for_impl();
    let ident = &stream.item.ident;
    let known = Known {
        this: quote!(#ident #type_generics),
        parents: stream.parents(),
        second_parent: stream.second_parent(),
        group: stream.http.get("group").is_some() && stream.partition.span.is_none(),
        made_of: stream.http.ty("made_of").map(|(_, made_of)| made_of),
        state: stream.http.ty("state").map(|(_, state)| state),
        lists: &stream.partition.named,
        pages: stream.paginate.span.is_some(),
        job: stream
            .job
            .span
            .map(|_| stream.job.values("created").iter().chain(stream.job.values("created_headers")).collect()),
        cursor: stream.cursor.as_ref().map(cursor::field),
        then: stream.cursor.as_ref().and_then(cursor::then_field),
        hoist: stream.item.generics.type_params().next().is_none(),
        broken: stream.broken(),
        errors,
    };
    let mut hooks = Hooks::new(stream, &known);
    hooks.all();
    hooks.check_given();
    let lists: Vec<Leaf> = hooks.lists().cloned().collect();
    // The first page alone tells no partition from another.
    let dividing = lists.iter().filter(|_| stream.http.get("first_page").is_none());
    reads_its_parent(&known, hooks.leaves().iter().chain(dividing));
    if let Some(second) = known.second_parent
        && errors.is_empty()
        && !hooks.leaves().iter().any(|leaf| leaf.root == Root::SecondParent)
    {
        errors.at(second, "no value of this stream reads a field of its `second_parent`; read one, such as `params(owner = second_parent.id)`, or drop it");
    }
    let paths = paths(&known, &[hooks.leaves(), &lists].concat());
    let stream_type = stream_type(stream, &known, (hooks.leaves(), &lists), &hooks.descriptor());
    let http_stream = hooks.finish();
    quote!(#paths #stream_type #http_stream)
}

/// A parent gives a partition for each of its records, told apart by what is read of them: without a field there is none.
fn reads_its_parent<'l>(known: &Known<'_>, mut leaves: impl Iterator<Item = &'l Leaf>) {
    // Beside another fault, what would have read it may be lost.
    if let Some(parent) = known.parents.first()
        && known.errors.is_empty()
        && !leaves.any(|leaf| matches!(leaf.root, Root::Parent(0)))
    {
        known.errors.at(
            &parent.ty,
            "no value of this stream reads a field of its `parent`, so nothing tells its requests apart; read one, such as `path = \"users/{parent.id}/posts\"`, or drop `parent`",
        );
    }
}

/// Where the fields that are read lie in the parents' records, or in the stream's own, a constant each.
fn paths(known: &Known<'_>, leaves: &[Leaf]) -> TokenStream {
    let of = |leaf: &Leaf| -> TokenStream {
        let of: Vec<TokenStream> = match leaf.root {
            Root::Record | Root::Last => vec![known.this.clone()],
            Root::Parent(level) => known.level(level).collect(),
            Root::SecondParent => known.second_parent.iter().map(ToTokens::to_token_stream).collect(),
            _ => Vec::new(),
        };
        let constant = |(parent, of): (usize, &TokenStream)| {
            let (path, name) = (leaf.path(of), leaf.constant_of(parent));
            quote!(const #name: __rt::FieldPath = #path;)
        };
        of.iter().enumerate().map(constant).collect()
    };
    leaves.iter().filter(|_| known.hoist).map(of).collect()
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
        let (kind, path) = (cursor::kind(cursor), own_path(&cursor.path, stream, known));
        let span = glue(cursor.path.last().map_or(cursor.span, Ident::span));
        let then = cursor.then().zip(cursor::then_field(cursor)).map(|((words, _), field)| {
            let (path, span) = (own_path(&words, stream, known), glue(words.last().map_or(cursor.span, Ident::span)));
            quote_spanned!(span=> .then(#path, __rt::cursor_kind(|record: &Self| &#field)))
        });
        let first = quote_spanned!(span=> .cursor(#path, #kind));
        let first_formats = cursor.entries.texts("formats");
        let second_formats = cursor.then().map(|(_, entries)| entries.texts("formats")).unwrap_or_default();
        let formats = (!first_formats.is_empty() || !second_formats.is_empty())
            .then(|| quote!(.cursor_formats(&[#(#first_formats),*], &[#(#second_formats),*])));
        quote!(#first #then #formats)
    });
    let resumable = stream.is_resumable().then(|| quote!(.resumable()));
    let all: Vec<_> = known.parents.iter().map(|parent| &parent.ty).chain(known.second_parent).collect();
    let parent = match all.as_slice() {
        [] => quote!(__rt::NoParent),
        [only] => only.to_token_stream(),
        several => several.iter().rev().fold(quote!(__rt::NoParent), |others, ty| quote!(__rt::Several<#ty, #others>)),
    };
    let (link, second) = (links(known, leaves, lists), second_link(known, leaves));
    let deletions = stream.http.get("deletions").map(|_| quote!(.deletions()));
    let state = known.state.map(|state| quote_spanned!(glue(state.span())=> .state::<#state>()));
    let each_page = stream.http.get("state_at_each_page").map(|_| quote!(.state_at_each_page()));
    let asks = stream.http.get("schema").map(|_| quote!(.asks_schema()));
    let made = known.made_of.map(|_| quote!(.made()));
    let made_of = known.made_of.map(
        |value| quote!(impl #impl_generics __rt::MadeOf for #ident #type_generics #filter { type Value = #value; }),
    );
    let descriptor = quote! {
        __rt::StreamDescriptor::new(#name, #doc, __rt::fields::<Self>)#namespace #key #cursor #link #second #resumable #deletions #state #each_page #edits #asks #made
    };
    let incremental = (stream.cursor.is_some() || stream.depends())
        .then(|| quote!(impl #impl_generics __rt::Incremental for #ident #type_generics #filter {}));
    let descriptor = if stream.depends() && !known.parents.is_empty() {
        let changes = known
            .parents
            .iter()
            .map(|ParentRef { ty, .. }| quote_spanned!(glue(ty.span())=> __rt::tells_changes::<#ty>();));
        quote!({ #(#changes)* #descriptor.incremental_dependency() })
    } else {
        descriptor
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

/// What the descriptor says of parents.
fn links(known: &Known<'_>, leaves: &[Leaf], lists: &[Leaf]) -> TokenStream {
    let mut links = known.parents.iter().enumerate().map(|(at, parent)| {
        let (ty, texts) = (&parent.ty, &parent.texts);
        let (levels, divided) = (levels(at, known, leaves), divided(at, known, lists));
        let names = texts.iter().map(|(name, text)| quote!((#name, #text)));
        let named = (!texts.is_empty()).then(|| quote!(.named(const { &[#(#names),*] })));
        let span = glue(ty.span());
        let stream = quote_spanned!(span=> <#ty as __rt::StreamType>::descriptor);
        (quote_spanned!(span=> (#stream, #levels)), quote!(#divided #named))
    });
    let Some((first, more)) = links.next() else { return TokenStream::new() };
    let others: Vec<_> = links.map(|(link, more)| quote!(__rt::ParentLink::new #link #more)).collect();
    let others = (!others.is_empty()).then(|| quote!(.or_parents(const { &[#(#others),*] })));
    quote!(.parent #first #more #others)
}

/// What it says of the second parent.
fn second_link(known: &Known<'_>, leaves: &[Leaf]) -> Option<TokenStream> {
    let second = known.second_parent?;
    let paths = leaves.iter().filter(|leaf| leaf.root == Root::SecondParent).map(|leaf| {
        if known.hoist { leaf.constant().into_token_stream() } else { leaf.path(&second.to_token_stream()) }
    });
    let span = glue(second.span());
    Some(quote_spanned! {span=>
        .second_parent(<#second as __rt::StreamType>::descriptor, const { &[const { &[#(#paths),*] }] })
    })
}

/// Where the fields that are read lie in a parent's record, in its parent's, and so on.
fn levels(parent: usize, known: &Known<'_>, leaves: &[Leaf]) -> TokenStream {
    let highest = leaves.iter().filter_map(|leaf| level(leaf.root)).max().unwrap_or(0);
    let levels = (0..=highest).map(|at| {
        let of_level = leaves.iter().filter(|leaf| level(leaf.root) == Some(at));
        let paths = of_level.map(|leaf| place_of(leaf, parent, at, known));
        quote!(const { &[#(#paths),*] })
    });
    quote!(const { &[#(#levels),*] })
}

/// Where the lists lie that divide a parent's record.
fn divided(parent: usize, known: &Known<'_>, lists: &[Leaf]) -> Option<TokenStream> {
    let mut lists = lists.iter().filter(|leaf| level(leaf.root) == Some(0)).peekable();
    lists.peek()?;
    let paths = lists.map(|leaf| place_of(leaf, parent, 0, known));
    Some(quote!(.divided_by(const { &[#(#paths),*] })))
}

/// Where a leaf lies in the record of a parent, at that level.
fn place_of(leaf: &Leaf, parent: usize, level: usize, known: &Known<'_>) -> TokenStream {
    if known.hoist {
        return leaf.constant_of(parent).into_token_stream();
    }
    known.level(level).nth(parent).map(|of| leaf.path(&of)).unwrap_or_default()
}

fn level(root: Root) -> Option<usize> {
    match root {
        Root::Parent(level) => Some(level),
        _ => None,
    }
}
