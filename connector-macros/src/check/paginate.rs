//! The rules of `#[paginate]`.

use crate::attributes::Entries;
use crate::errors::Errors;
use crate::input::Item;
use crate::model::{Cursor, Stream};
use proc_macro2::{TokenStream, TokenTree};

/// What can name the next page.
pub(crate) const SOURCES: &[&str] = &["token", "token_header", "last_record", "next_url", "link", "pages", "offset"];
/// Where a value can be sent.
pub(crate) const PLACES: &[&str] = &["param", "header", "body"];

/// All rules of a paginator.
pub(crate) fn paginate(entries: &Entries, item: &Item, errors: &Errors) {
    let Some(span) = entries.span else { return };
    one_source(entries, span, errors);
    sent_somewhere(entries, item, errors);
    one_place(entries, errors);
    size_is_sent(entries, errors);
    counting_only(entries, errors);
    sequential(entries, errors);
}

/// Exactly one thing names the next page.
fn one_source(entries: &Entries, span: proc_macro2::Span, errors: &Errors) {
    let mut given = entries.iter().filter(|entry| SOURCES.contains(&entry.key));
    let first = given.next();
    for other in given {
        let first = first.map_or("", |first| first.key);
        errors.at(
            &other.ident,
            format!("`{}` and `{first}` exclude each other: one thing names the next page", other.key),
        );
    }
    if first.is_none() && !entries.broken {
        errors.spanned(span, format!("nothing names the next page; give one of {}", SOURCES.join(", ")));
    }
}

/// A token or a number is sent back somewhere; a URL is asked as it is.
fn sent_somewhere(entries: &Entries, item: &Item, errors: &Errors) {
    let sent = entries.iter().any(|entry| PLACES.contains(&entry.key)) || item.attributes.iter().any(reads_token);
    for entry in entries.iter() {
        match entry.key {
            "token" | "token_header" | "last_record" | "pages" | "offset" if !sent && !entries.broken => {
                errors.at(
                    &entry.ident,
                    format!(
                        "`{}` is never sent; say where it goes: `param = \"…\"`, `header = \"…\"` or `body = \"…\"`, or read `page.token` in a value of #[http]",
                        entry.key
                    ),
                );
            }
            "next_url" | "link" => {
                for place in entries.iter().filter(|entry| PLACES.contains(&entry.key)) {
                    errors.at(
                        &place.ident,
                        format!(
                            "`{}` and `{}` exclude each other: a next page's URL is asked as it is",
                            place.key, entry.key
                        ),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether a value of `#[http]` reads `page.token`.
fn reads_token(attribute: &syn::Attribute) -> bool {
    fn within(tokens: TokenStream) -> bool {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        trees.iter().enumerate().any(|(at, tree)| match tree {
            TokenTree::Group(group) => within(group.stream()),
            TokenTree::Literal(literal) => literal.to_string().contains("page.token"),
            TokenTree::Ident(page) if page == "page" => {
                matches!(trees.get(at + 1), Some(TokenTree::Punct(dot)) if dot.as_char() == '.')
                    && matches!(trees.get(at + 2), Some(TokenTree::Ident(token)) if token == "token")
            }
            _ => false,
        })
    }
    match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("http") => within(list.tokens.clone()),
        _ => false,
    }
}

/// Where paging begins anew, the cursor says.
pub(crate) fn reset(stream: &Stream<'_>, errors: &Errors) {
    let Some(entry) = stream.paginate.get("reset_after") else { return };
    let ascending = |cursor: &Cursor| match cursor.entries.choice("order") {
        Some((order, _)) => order == "ascending",
        None => cursor.entries.value("order").is_some() || cursor.entries.broken,
    };
    match &stream.cursor {
        None if stream.broken() => {}
        None => errors.at(&entry.ident, "`reset_after` goes on at a cursor value, but the stream has no #[cursor]"),
        Some(cursor) if !ascending(cursor) => {
            errors.at(&entry.ident, "`reset_after` goes on at the last cursor value: records have to come in its order, `#[cursor(order = ascending)]`")
        }
        Some(_) => {}
    }
}

/// A value goes to one place.
fn one_place(entries: &Entries, errors: &Errors) {
    let mut places = entries.iter().filter(|entry| PLACES.contains(&entry.key));
    if let Some(first) = places.next() {
        for other in places {
            errors.at(
                &other.ident,
                format!(
                    "`{}` and `{}` exclude each other: the next page is asked for in one place",
                    other.key, first.key
                ),
            );
        }
    }
}

/// A page size without a way to send it is no page size.
fn size_is_sent(entries: &Entries, errors: &Errors) {
    let (Some(entry), Some(size)) = (entries.get("size"), entries.keys("size")) else { return };
    one_place(size, errors);
    if size.broken {
        return;
    }
    if size.get("count").is_none() {
        errors.at(&entry.ident, "`size` lacks its `count`: `size(count = 100, param = \"limit\")`");
    }
    if !size.iter().any(|entry| PLACES.contains(&entry.key) || entry.key == "unsent") {
        errors.at(
            &entry.ident,
            "this page size is never sent; say where it goes: `param = \"limit\"`, `header = \"…\"` or `body = \"…\"`, or `unsent` if the server's pages have it anyway",
        );
    }
}

/// `sequential` says something only where pages would be fetched side by side.
fn sequential(entries: &Entries, errors: &Errors) {
    let Some(entry) = entries.get("sequential").filter(|_| !entries.broken) else { return };
    let counts = entries.get("pages").is_some() || entries.get("offset").is_some();
    let told = entries.get("total").is_some() || entries.get("total_pages").is_some();
    if !(counts && told) {
        errors.at(
            &entry.ident,
            "`sequential` says nothing here: only `pages` and `offset` with `total` or `total_pages` are fetched side by side",
        );
    }
}

/// `start` and `not_on_first` belong to what counts.
fn counting_only(entries: &Entries, errors: &Errors) {
    let counts = entries.get("pages").is_some() || entries.get("offset").is_some();
    for entry in entries.iter().filter(|entry| matches!(entry.key, "start" | "not_on_first")) {
        if !counts && !entries.broken {
            errors.at(&entry.ident, format!("`{}` belongs to `pages` or `offset`", entry.key));
        }
    }
}
