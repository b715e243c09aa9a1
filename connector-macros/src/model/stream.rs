//! A stream as its attributes say it.

use crate::attributes::{self, Entries, ParentRef};
use crate::check;
use crate::errors::Errors;
use crate::input::{Item, rename};
use crate::keys::{ADD, CURSOR, HTTP, JOB, ON, PAGINATE, PARTITION, PRIMARY_KEY, REMOVE, TRANSFORM};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Expr, Type};

/// A stream.
pub(crate) struct Stream<'a> {
    pub(crate) item: &'a Item,
    /// The path of `connector_http`.
    pub(crate) krate: TokenStream,
    pub(crate) name: String,
    pub(crate) http: Entries,
    pub(crate) paginate: Entries,
    /// How its reports are made, where they are made on request.
    pub(crate) job: Entries,
    /// The lists that it is read along.
    pub(crate) partition: Entries,
    /// What is made of its records.
    pub(crate) transform: Entries,
    /// The fields that are added to its records.
    pub(crate) add: Entries,
    /// The fields that do not leave, as paths of Rust names.
    pub(crate) remove: Vec<Vec<Ident>>,
    /// The rules about answers.
    pub(crate) rules: Vec<Entries>,
    /// The fields of the key, as paths of Rust names.
    pub(crate) key: Vec<Vec<Ident>>,
    pub(crate) cursor: Option<Cursor>,
}

/// A stream's cursor.
pub(crate) struct Cursor {
    /// The field, as a path of Rust names.
    pub(crate) path: Vec<Ident>,
    pub(crate) entries: Entries,
    /// Where the attribute stands.
    pub(crate) span: Span,
}

impl Cursor {
    /// The second part: its field, as a path of Rust names, and what is said of it.
    pub(crate) fn then(&self) -> Option<(Vec<Ident>, &Entries)> {
        let entries = self.entries.keys("then")?;
        match entries.value("field")?.1 {
            attributes::Value::Expr(field) => Some((attributes::value::field_path(field)?, entries)),
            attributes::Value::Template(_) => None,
        }
    }
}

impl<'a> Stream<'a> {
    /// Reads and checks the attributes.
    pub(crate) fn new(item: &'a Item, errors: &Errors) -> Self {
        let http = attributes::all(&item.attributes, &HTTP, errors);
        let paginate = attributes::all(&item.attributes, &PAGINATE, errors);
        let job = attributes::all(&item.attributes, &JOB, errors);
        check::misplaced(item, errors);
        check::name(&http, errors);
        check::body(&http, errors);
        check::format(&http, errors);
        check::key_fields(item, errors);
        check::paginate(&paginate, item, errors);
        check::job(&job, errors);
        let partition = attributes::all(&item.attributes, &PARTITION, errors);
        check::partitions(&http, &partition, errors);
        check::parent(&http, &partition, errors);
        let transform = attributes::all(&item.attributes, &TRANSFORM, errors);
        check::transform(&transform, errors);
        let add = attributes::all(&item.attributes, &ADD, errors);
        check::added(&add, errors);
        let remove = attributes::all(&item.attributes, &REMOVE, errors);
        check::removed(&remove, errors);
        let name = http.text("name");
        let stream = Self {
            item,
            krate: http.module("crate").map_or_else(|| quote!(::connector_http), ToTokens::to_token_stream),
            name: name.map_or_else(|| rename::snake(&item.ident.unraw().to_string()), syn::LitStr::value),
            key: key(item, errors),
            cursor: cursor(item, errors),
            rules: rules(&item.attributes, errors),
            http,
            paginate,
            job,
            partition,
            transform,
            add,
            remove: remove.bare.iter().filter_map(attributes::value::field_path).collect(),
        };
        check::kept(&stream, errors);
        check::remembered(&stream, errors);
        check::updated_state(&stream, errors);
        check::groups(&stream.http, stream.cursor.as_ref().map(|cursor| &cursor.entries), errors);
        check::field_list(&stream.http, !stream.key.is_empty(), &stream.job, errors);
        check::whole_first_page(
            &stream.http,
            stream.cursor.as_ref().map(|cursor| &cursor.entries),
            &stream.job,
            errors,
        );
        check::reset(&stream, errors);
        if let Some(cursor) = &stream.cursor {
            check::time_zone(&cursor.entries, errors);
            check::then(cursor, item, errors);
        }
        stream
    }

    /// Whether it adds a field of this name.
    pub(crate) fn adds(&self, field: &Ident) -> bool {
        let name = field.unraw().to_string();
        self.add.named.iter().any(|added| added.name == name)
    }

    /// Whether a full refresh can go on at a page: it is read in one slice, and its pages have places.
    pub(crate) fn is_resumable(&self) -> bool {
        let divided =
            !self.parents().is_empty() || self.partition.span.is_some() || self.http.get("partitions").is_some();
        let divided = divided || self.job.span.is_some();
        !divided && (self.paginate.span.is_some() || self.http.get("next_page").is_some())
    }

    /// The streams whose records it is read for.
    pub(crate) fn parents(&self) -> &[ParentRef] {
        self.http.parents("parent")
    }

    /// The stream whose records are paired with theirs.
    pub(crate) fn second_parent(&self) -> Option<&Type> {
        self.http.ty("second_parent").map(|(_, second)| second)
    }

    /// Whether its parents are read incrementally for it.
    pub(crate) fn depends(&self) -> bool {
        self.http.get("incremental").is_some()
    }

    /// Something was lost to a fault: what seems to be missing may be there.
    pub(crate) fn broken(&self) -> bool {
        self.http.broken
    }
}

/// The rules of a stream or a source, in their order.
pub(crate) fn rules(attributes: &[syn::Attribute], errors: &Errors) -> Vec<Entries> {
    let rules = attributes.iter().filter(|attribute| attribute.path().is_ident(ON.name));
    let read = |attribute| {
        let mut entries = Entries::default();
        attributes::keyed(attribute, &ON, &mut entries, errors);
        check::rule(&entries, errors);
        entries
    };
    rules.map(read).collect()
}

fn key(item: &Item, errors: &Errors) -> Vec<Vec<Ident>> {
    let on_struct = attributes::all(&item.attributes, &PRIMARY_KEY, errors);
    if let Some(span) = on_struct.span.filter(|_| on_struct.bare.is_empty() && !on_struct.broken) {
        errors.spanned(span, "on a struct, #[primary_key] names its fields: `#[primary_key(account.id, day)]`");
    }
    let mut key: Vec<Vec<Ident>> = on_struct.bare.iter().filter_map(attributes::value::field_path).collect();
    for field in item.fields() {
        for attribute in field.attributes.iter().filter(|attribute| attribute.path().is_ident(PRIMARY_KEY.name)) {
            if !matches!(attribute.meta, syn::Meta::Path(_)) {
                errors.at(&attribute.meta, "on a field, #[primary_key] takes nothing; on the struct it names fields");
            }
            // What `check::key_fields` has refused is left out, so that rustc does not refuse it again.
            if !field.serde.skip && !field.serde.flatten && !field.is_option() {
                key.push(vec![field.ident.clone()]);
            }
        }
    }
    key
}

fn cursor(item: &Item, errors: &Errors) -> Option<Cursor> {
    let mut found = Vec::new();
    let on_struct = attributes::all(&item.attributes, &CURSOR, errors);
    if let Some(span) = on_struct.span {
        let field = on_struct.value("field").and_then(|(_, field)| match field {
            attributes::Value::Expr(expr) => attributes::value::field_path(expr),
            attributes::Value::Template(_) => None,
        });
        match field {
            Some(path) => found.push(Cursor { path, entries: on_struct, span }),
            None if on_struct.broken => {}
            None => {
                errors.spanned(span, "on a struct, #[cursor] names its field: `#[cursor(field = meta.updated_at)]`")
            }
        }
    }
    for field in item.fields() {
        let Some(attribute) = field.attributes.iter().find(|attribute| attribute.path().is_ident(CURSOR.name)) else {
            continue;
        };
        let mut entries = Entries::default();
        attributes::keyed(attribute, &CURSOR, &mut entries, errors);
        if let Some(entry) = entries.get("field") {
            errors.at(&entry.ident, "the attribute stands on its field; `field` belongs to a #[cursor] on the struct");
        }
        if field.serde.skip || field.serde.flatten {
            errors.at(
                attribute.path(),
                format!("`{}` has no place of its own in the JSON record, so it cannot be the cursor", field.ident),
            );
            continue;
        }
        let span = syn::spanned::Spanned::span(attribute.path());
        found.push(Cursor { path: vec![field.ident.clone()], entries, span });
    }
    check::cursors(&found.iter().map(|cursor| cursor.span).collect::<Vec<_>>(), errors);
    found.into_iter().next()
}

/// The value of a key that takes a value or a function.
pub(crate) enum Given<'a> {
    Nothing,
    Value(&'a Ident, &'a attributes::Value),
    Function(&'a Ident, &'a Expr),
}

impl Entries {
    /// A key's value, or the function that stands for it.
    pub(crate) fn given_as(&self, key: &str) -> Given<'_> {
        match (self.value(key), self.function(key)) {
            (Some((ident, value)), _) => Given::Value(ident, value),
            (_, Some((ident, function))) => Given::Function(ident, function),
            _ => Given::Nothing,
        }
    }
}
