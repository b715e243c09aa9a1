//! The rules of a stream.

use super::paginate::PLACES;
use crate::attributes::{Entries, ParentRef, Part, Value};
use crate::errors::Errors;
use crate::input::Item;
use crate::model::Stream;
use proc_macro2::Span;
use quote::ToTokens;

/// A stream's name is there, and is one word of the protocol.
pub(crate) fn name(http: &Entries, errors: &Errors) {
    for key in ["name", "namespace"] {
        if let Some(text) = http.text(key).filter(|text| text.value().trim().is_empty()) {
            errors.at(text, format!("`{key}` is empty"));
        }
    }
}

/// A request has one body, and GET has none.
pub(crate) fn body(http: &Entries, errors: &Errors) {
    let (body, form) = (http.get("body"), http.get("form"));
    if let (Some(_), Some(form)) = (body, form) {
        errors.at(&form.ident, "`form` and `body` exclude each other: a request has one body");
    }
    if let (Some(("GET", method)), Some(_)) = (http.choice("method"), body.or(form)) {
        errors.at(
            method,
            "a GET request has no body; leave `method` out (it is POST then), or send the values as `params`",
        );
    }
}

/// Bodies have one format, and what separates or quotes the values of a table is one byte.
pub(crate) fn format(http: &Entries, errors: &Errors) {
    let (Some(entry), Some(csv)) = (http.get("csv"), http.keys("csv")) else { return };
    if let Some(format) = http.get("format") {
        errors.at(&format.ident, "`format` and `csv` exclude each other: bodies have one format");
    }
    if let (Some(_), Some(none)) = (csv.get("quote"), csv.get("no_quotes")) {
        errors.at(&none.ident, "`no_quotes` and `quote` exclude each other");
    }
    for (key, example) in [("delimiter", ";"), ("quote", "'")] {
        if let Some(text) = csv.text(key)
            && byte(text).is_none()
        {
            errors.at(text, format!("`{key}` is one character of ASCII: `{key} = \"{example}\"`"));
        }
    }
    if csv.iter().next().is_none() && !csv.broken {
        errors.at(&entry.ident, "a table with commas, double quotes and a header line is `format = csv`");
    }
}

/// The one byte that a text is, if it is.
pub(crate) fn byte(text: &syn::LitStr) -> Option<u8> {
    match text.value().as_bytes() {
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

/// A stream has one cursor.
pub(crate) fn cursors(spans: &[Span], errors: &Errors) {
    for span in spans.iter().skip(1) {
        errors.spanned(*span, "a stream has one cursor; this is the second");
    }
}

/// A key has a value in every record.
pub(crate) fn key_fields(item: &Item, errors: &Errors) {
    for field in item.fields() {
        let key = field.attributes.iter().find(|attribute| attribute.path().is_ident("primary_key"));
        if let Some(attribute) = key {
            if field.is_option() {
                errors.at(
                    &field.ty,
                    format!("the primary key `{}` cannot be optional: a record without it has no identity; make it a plain type", field.ident),
                );
            }
            if field.serde.skip || field.serde.flatten {
                errors.at(
                    attribute.path(),
                    format!("`{}` has no place of its own in the JSON record, so it cannot be a key", field.ident),
                );
            }
        }
    }
}

/// A stream is divided in one way; a parent's records may be divided once more by lists.
pub(crate) fn partitions(http: &Entries, partition: &Entries, errors: &Errors) {
    let given = ["partitions", "group", "given"].into_iter().find_map(|key| http.get(key));
    if let (Some(span), Some(other)) = (partition.span, given) {
        errors.spanned(
            span,
            format!("#[partition] and `{}` exclude each other: a stream is divided in one way", other.key),
        );
    }
    if let Some(span) = partition.span.filter(|_| partition.named.is_empty() && !partition.broken) {
        errors.spanned(span, "#[partition] names its lists: `#[partition(region = config.regions)]`");
    }
}

/// What is said of parents.
pub(crate) fn parent(http: &Entries, partition: &Entries, errors: &Errors) {
    parents(http, partition, errors);
    let alone = |key, what: &str| {
        if let (Some(entry), None) = (http.get(key), http.get("parent"))
            && !http.broken
        {
            errors.at(&entry.ident, format!("`{key}` belongs to `parent`: {what}"));
        }
    };
    alone(
        "incremental",
        "it says that the parent is read incrementally; a stream of its own is incremental by its #[cursor]",
    );
    alone("group", "it says how many of the parent's records are asked for at a time");
    alone("second_parent", "its records are paired with those of another");
    if let Some((key, _)) = http.ty("second_parent") {
        for other in ["group", "given", "partitions", "first_page"].iter().filter_map(|key| http.get(key)) {
            errors.at(
                key,
                format!("`second_parent` and `{}` exclude each other: a stream is divided in one way", other.key),
            );
        }
        if http.get("incremental").is_some() {
            errors.at(key, "`second_parent` and `incremental` exclude each other: a record that did not change may be new to a pair");
        }
    }
    first_page(http, partition, errors);
    alone("given", "it gives values of the parent's field; without a parent it is a list, #[partition(id = …)]");
    if let Some(given) = http.get("given") {
        for other in ["group", "partitions"].iter().filter_map(|key| http.get(key)) {
            errors.at(
                &given.ident,
                format!("`given` and `{}` exclude each other: a stream is divided in one way", other.key),
            );
        }
        let values = http.values("given");
        if values.len() != 1 && !http.broken {
            errors.at(
                &given.ident,
                "`given` names one field of the parent, the one that this stream uses: `given(id = config.user_ids)`",
            );
        }
    }
}

/// A list of fields goes somewhere; what comes in parts is put together by a key, where the records stand in one list of JSON.
pub(crate) fn field_list(http: &Entries, has_key: bool, job: &Entries, errors: &Errors) {
    let (Some(entry), Some(list)) = (http.get("field_list"), http.keys("field_list")) else { return };
    let mut places = list.iter().filter(|entry| PLACES.contains(&entry.key));
    let first = places.next();
    for other in places {
        errors.at(&other.ident, format!("`{}` goes to one place: param, header or body", entry.key));
    }
    if first.is_none() && !list.broken {
        errors.at(
            &entry.ident,
            "this list is never sent; say where it goes: `param = \"fields\"`, `header = \"…\"` or `body = \"…\"`",
        );
    }
    let Some(limit) = ["at_most", "characters"].iter().find_map(|key| list.get(key)) else { return };
    let refuse = |why: &str| {
        errors.at(&limit.ident, format!("`{}` puts the parts of a record together: {why}", limit.key));
    };
    if !has_key && !http.broken {
        refuse("mark what tells records apart with #[primary_key]");
    }
    if job.span.is_some() {
        refuse("the pages of a job's result are one list each");
    }
    if http.function("records").is_some() {
        refuse("a function for `records` would not get them; name their path");
    }
    let in_one_list = http.value("records").is_none_or(|(_, value)| match value {
        Value::Template(template) => {
            template.parts.iter().all(|part| matches!(part, Part::Text(text) if !text.contains('*')))
        }
        Value::Expr(expr) => !matches!(expr, syn::Expr::Array(_)),
    });
    if !in_one_list {
        refuse("its `records` stand in one list then, at a path without `*` and placeholders");
    }
    if http.get("csv").is_some() || http.choice("format").is_some_and(|(format, _)| format != "json") {
        refuse("its answers are JSON then");
    }
}

/// A parent's record holds the first page of all that belongs to it.
fn first_page(http: &Entries, partition: &Entries, errors: &Errors) {
    let Some((key, _)) = http.value("first_page") else { return };
    for other in ["group", "given", "partitions"].iter().filter_map(|key| http.get(key)) {
        let text =
            format!("`first_page` and `{}` exclude each other: it is the first page of one parent's record", other.key);
        errors.at(key, text);
    }
    if partition.span.is_some() {
        errors.at(key, "`first_page` and #[partition] exclude each other: it is the first page of one parent's record");
    }
}

/// What a parent's record holds is not what is new since a moment, and no result of a job.
pub(crate) fn whole_first_page(http: &Entries, cursor: Option<&Entries>, job: &Entries, errors: &Errors) {
    let Some((key, _)) = http.value("first_page") else { return };
    if cursor.is_some() {
        errors.at(
            key,
            "`first_page` and #[cursor] exclude each other: what the parent's record holds is not what is new since a moment; `incremental` visits the parents that changed",
        );
    }
    if job.span.is_some() {
        errors.at(key, "`first_page` and #[job] exclude each other: a report has no first page before it is made");
    }
}

/// Several parents are told apart in one way, if at all.
fn parents(http: &Entries, partition: &Entries, errors: &Errors) {
    let parents = http.parents("parent");
    let word = |parent: &ParentRef| parent.ty.to_token_stream().to_string().replace(' ', "");
    for (at, parent) in parents.iter().enumerate() {
        if parents[..at].iter().any(|other| word(other) == word(parent)) {
            errors.at(&parent.ty, format!("`{}` is listed twice", word(parent)));
        }
        for (n, (name, _)) in parent.texts.iter().enumerate() {
            let (text, place) = (name.value(), name.span());
            if parent.texts[..n].iter().any(|(other, _)| other.value() == text) {
                errors.spanned(place, format!("`{text}` is given twice"));
            }
            if at == 0 && partition.named.iter().any(|list| list.name == text) {
                errors.spanned(place, format!("`{text}` is a list of #[partition], too; call one of them otherwise"));
            }
        }
        // Told once for each parent: what it lacks of the first's, or else what the first lacks of its.
        let Some(first) = parents.first() else { return };
        let lacks = |of: &ParentRef, than: &ParentRef| {
            let mut names = than.texts.iter().map(|(name, _)| name.value());
            names.find(|text| of.texts.iter().all(|(name, _)| name.value() != *text))
        };
        for (of, than) in [(parent, first), (first, parent)] {
            if let Some(text) = lacks(of, than) {
                errors
                    .at(&of.ty, format!("`{}` has no `{text}`, which `{}` has: name it in each", word(of), word(than)));
                break;
            }
        }
    }
    if let (Some(given), Some(_)) = (http.get("given"), parents.iter().find(|parent| !parent.texts.is_empty())) {
        errors.at(&given.ident, "`given` tells values of a parent, but not of which one; leave the parents' texts out");
    }
}

/// Which records make a group changes from sync to sync, so a group has no state of its own.
pub(crate) fn groups(http: &Entries, cursor: Option<&Entries>, errors: &Errors) {
    if let (Some(group), Some(cursor)) = (http.get("group"), cursor)
        && cursor.get("global").is_none()
        && !cursor.broken
    {
        errors.at(
            &group.ident,
            "the records of a group change from sync to sync, so a group cannot have a state of its own: add `global` to #[cursor]",
        );
    }
}

/// A state that a function tells is that of a cursor, or one of a type of its own; not both.
pub(crate) fn updated_state(stream: &Stream<'_>, errors: &Errors) {
    let http = &stream.http;
    if let (Some(hook), None, None) = (http.get("updated_state"), &stream.cursor, http.get("state"))
        && !stream.broken()
    {
        errors.at(
            &hook.ident,
            "`updated_state` tells what the state of a cursor advances to: mark the field with #[cursor], or name a type of your own, `state = …`",
        );
    }
    let Some(own) = http.get("state") else {
        if let Some(flag) = http.get("state_at_each_page") {
            errors.at(&flag.ident, "`state_at_each_page` is of a state of your own: name its type, `state = …`; a cursor has `order = ascending`");
        }
        return;
    };
    if stream.cursor.is_some() {
        errors.at(&own.ident, "a stream with a #[cursor] has the state of the cursor: leave one of the two out");
    }
    if http.get("deletions").is_some() {
        errors.at(
            &own.ident,
            "a stream with `deletions` has the keys of its records as its state: leave one of the two out",
        );
    }
    if http.get("updated_state").is_none() && !stream.broken() {
        errors.at(
            &own.ident,
            "nothing changes this state: name the function that does, `updated_state = Self::updated_state`",
        );
    }
    let divided = !stream.parents().is_empty() || stream.partition.span.is_some() || http.get("partitions").is_some();
    if divided {
        errors.at(
            &own.ident,
            "a state of your own is that of a stream which is read in one go, without a parent or partitions",
        );
    }
}

/// A state's type has a version that is written down.
pub(crate) fn state(input: &syn::DeriveInput, entries: &crate::attributes::Entries, errors: &Errors) {
    if let syn::Data::Union(data) = &input.data {
        errors.at(data.union_token, "a union has no JSON form; use a struct or an enum");
    }
    if entries.span.is_none() {
        errors.at(&input.ident, "the state has no version: add `#[state(version = 1)]`, so that a later form of it can be told from this one");
    }
}

/// Keys are remembered of a stream that has one, and what is gone is seen where all is read.
pub(crate) fn remembered(stream: &Stream<'_>, errors: &Errors) {
    let http = &stream.http;
    let (duplicates, deletions) = (http.get("drop_duplicates"), http.get("deletions"));
    for entry in [duplicates, deletions].into_iter().flatten().filter(|_| stream.key.is_empty() && !stream.broken()) {
        errors.at(&entry.ident, format!("`{}` goes by the primary key, which this stream has not", entry.key));
    }
    if let Some(deletions) = deletions {
        if stream.cursor.is_some() {
            errors.at(
                &deletions.ident,
                "a stream with a cursor reads what changed, and does not see what is gone: `deletions` and #[cursor] exclude each other",
            );
        }
        if let Some(incremental) = http.get("incremental") {
            errors.at(
                &incremental.ident,
                "`incremental` and `deletions` exclude each other: what is gone is seen only where all is read",
            );
        }
    }
    if let (Some(limit), None, None) = (http.get("remembered_keys"), duplicates, deletions)
        && !stream.broken()
    {
        errors.at(
            &limit.ident,
            "`remembered_keys` belongs to `drop_duplicates` or `deletions`: nothing else remembers keys",
        );
    }
}
