//! The macros of `connector-http`: `#[source]`, `#[config]`, `#[derive(HttpStream)]`, `#[derive(Record)]`.
//!
//! A pipeline: `input` is what the author wrote, `attributes` reads it after the one table of `keys`, `check` holds the rules, `model` is
//! what it means, `expand` writes it as Rust; `variants` makes several streams of one struct before all that. All of it works on `proc_macro2`, so that tests run without a compiler. All faults of an
//! input are told at once, each at its token, and every impl is written whatever the faults, so that one mistake gives one error.

mod attributes;
mod check;
mod entry;
mod errors;
mod expand;
mod input;
mod keys;
mod model;
#[cfg(test)]
mod tests;
mod variants;

use proc_macro::TokenStream;

/// Makes a struct a stream over HTTP.
#[doc = include_str!("../docs/attributes.md")]
#[proc_macro_derive(
    HttpStream,
    attributes(http, paginate, job, primary_key, cursor, partition, transform, variants, add, remove, on, serde)
)]
pub fn http_stream(input: TokenStream) -> TokenStream {
    entry::http_stream(input.into()).into()
}

/// Makes a struct or an enum that stands in a record checked by the constant table, without serde.
#[proc_macro_derive(Record, attributes(record, serde))]
pub fn record(input: TokenStream) -> TokenStream {
    entry::record(input.into()).into()
}

/// Makes a struct or an enum, which serde can read, a state of a stream: its version, and what it is made of where that is older.
#[proc_macro_derive(StateType, attributes(state))]
pub fn state_type(input: TokenStream) -> TokenStream {
    entry::state_type(input.into()).into()
}

/// Makes a config struct a source.
#[proc_macro_attribute]
pub fn source(arguments: TokenStream, input: TokenStream) -> TokenStream {
    entry::source(arguments.into(), input.into()).into()
}

/// Makes a struct or an enum part of a source's config.
#[proc_macro_attribute]
pub fn config(arguments: TokenStream, input: TokenStream) -> TokenStream {
    entry::config(arguments.into(), input.into()).into()
}
