//! The one table of attributes and keys: the parser, the suggestions, the reference (`docs/attributes.md`) and the tests read it.
//!
//! Each attribute of a stream is in the file of its name: `http`, `paginate`, `cursor`, `partition`, `job`, `transform`, `variants`; `rules` has
//! `#[on]`, `records` what is said of records. `source` has those of a source, `authenticators` what `auth` knows. `synonyms` has others' words
//! for our keys, and `nearest` finds the name that a misspelt one meant.

mod authenticators;
mod cursor;
mod http;
mod job;
mod nearest;
mod paginate;
mod partition;
mod records;
mod rules;
mod source;
mod state;
mod synonyms;
mod transform;
mod variants;

pub(crate) use authenticators::{AUTHENTICATORS, Authenticator, FUNCTIONS, SENT};
pub(crate) use cursor::CURSOR;
pub(crate) use http::HTTP;
pub(crate) use job::JOB;
pub(crate) use nearest::{hint, nearest};
pub(crate) use paginate::{PAGINATE, PLACES};
pub(crate) use partition::PARTITION;
pub(crate) use records::{ADD, PRIMARY_KEY, REMOVE};
pub(crate) use rules::ON;
pub(crate) use source::{CONFIG, RECORD, SOURCE};
pub(crate) use state::STATE;
pub(crate) use synonyms::synonym;
pub(crate) use transform::TRANSFORM;
pub(crate) use variants::VARIANTS;

/// The attributes that stand on a stream's struct or on its fields.
pub(crate) const STREAM_ATTRIBUTES: &[&Attribute] =
    &[&HTTP, &PAGINATE, &JOB, &PRIMARY_KEY, &CURSOR, &PARTITION, &TRANSFORM, &VARIANTS, &ADD, &REMOVE, &ON];

#[cfg_attr(not(test), allow(dead_code, reason = "the reference is written by a test"))]
/// One attribute: a noun of the field, where it stands, what it takes.
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    /// Where it stands, for the reference.
    pub(crate) place: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) example: &'static str,
    pub(crate) keys: &'static [Key],
    /// It takes names of the author's own, too: `#[add(user_id = parent.id)]`.
    pub(crate) open: bool,
    /// Bare words that it takes besides: field paths, functions.
    pub(crate) bare: Bare,
}

/// What an attribute takes without a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    /// Nothing.
    No,
    /// Field paths: `#[remove(secret, owner.email)]`.
    Fields,
}

#[cfg_attr(not(test), allow(dead_code, reason = "the reference is written by a test"))]
/// One key of an attribute.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// What it means, in a sentence or two.
    pub(crate) doc: &'static str,
    /// What holds without it; empty where nothing does.
    pub(crate) default: &'static str,
    pub(crate) example: &'static str,
    /// It may be given several times.
    pub(crate) several: bool,
}

const fn key(name: &'static str, shape: Shape, doc: &'static str, default: &'static str, example: &'static str) -> Key {
    Key { name, shape, doc, default, example, several: false }
}

/// A key that may be given several times.
const fn several(key: Key) -> Key {
    Key { several: true, ..key }
}

/// The names of the IANA database, a line each.
pub(crate) const ZONES: &str = include_str!("zones.txt");

const CRATE: Key = key(
    "crate",
    Shape::Module,
    "The path of `connector_http`, where it is renamed or re-exported.",
    "`::connector_http`",
    "crate = my::reexport",
);

/// What a key's value looks like.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Nothing: the word alone.
    Flag,
    /// A string literal.
    Text,
    /// A string literal, or a Rust expression instead.
    TextOr,
    /// A path: string literals, templates and values, joined by `/`; or a function.
    Path,
    /// A Rust expression; a string may hold `{placeholders}`.
    Value,
    /// A type.
    Type,
    /// A stream's type, or several in brackets, each with strings under names.
    Parents,
    /// The path of a module.
    Module,
    /// A function or a closure.
    Function,
    /// One word out of a list.
    Choice(&'static [&'static str]),
    /// One word out of a list, or an expression of the type that is named last.
    ChoiceOr(&'static [&'static str], &'static str),
    /// Named values in parentheses, or a function.
    Values,
    /// Strings under names, in parentheses.
    Names,
    /// Named values in parentheses, or a condition.
    Conditions,
    /// The path of a field, by Rust names.
    Field,
    /// Where a value goes: a query parameter's name, or a place in parentheses.
    Place,
    /// Values in parentheses, in this order.
    Arguments(&'static [&'static str]),
    /// Keys of its own in parentheses.
    Keys(&'static [Key]),
    /// One of several keyed forms, or an expression: the authenticators.
    Auth,
    /// A list of streams.
    Streams,
    /// String literals in parentheses.
    Texts,
    /// String literals under names, in parentheses.
    NamedTexts,
    /// The same, under names out of a list.
    TextsOf(&'static [&'static str]),
}

impl Shape {
    /// What it is, for the reference and for errors.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Flag => "nothing".to_owned(),
            Self::Text => "a string".to_owned(),
            Self::TextOr => "a string, or an expression".to_owned(),
            Self::Path => "a path, or a function".to_owned(),
            Self::Value => "a value".to_owned(),
            Self::Type => "a type".to_owned(),
            Self::Parents => "a type, or several in brackets".to_owned(),
            Self::Module => "a module's path".to_owned(),
            Self::Function => "a function".to_owned(),
            Self::Choice(words) => quoted(words),
            Self::ChoiceOr(words, of) => format!("{}, or a value of type `{of}`", quoted(words)),
            Self::Values => "named values, or a function".to_owned(),
            Self::Names => "strings under names".to_owned(),
            Self::Conditions => "named values, or a condition".to_owned(),
            Self::Field => "a field".to_owned(),
            Self::Place => "a query parameter's name, or a place: `param`, `header`, `body`".to_owned(),
            Self::Arguments(names) => names.join(", then "),
            Self::Keys(_) => "keys in parentheses".to_owned(),
            Self::Auth => "an authenticator, or a value of type `Auth`".to_owned(),
            Self::Streams => "streams, or a function".to_owned(),
            Self::Texts => "strings".to_owned(),
            Self::NamedTexts => "strings under names".to_owned(),
            Self::TextsOf(names) => format!("strings under {}", quoted(names)),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
