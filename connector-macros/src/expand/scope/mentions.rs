//! Finds the names that a value mentions, tells which are not known, and puts the local in the place of each.

use super::{DIVISION, Leaf, PARENT, Root, Scope, place, unraw};
use crate::attributes::Value;
use crate::input::serde::glue;
use crate::keys::hint;
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

impl Scope<'_> {
    /// The tokens of a value, each mention replaced by the local that holds it.
    pub(super) fn rewrite(&mut self, tokens: TokenStream) -> Option<TokenStream> {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut out = Vec::with_capacity(trees.len());
        let (mut at, mut whole) = (0, true);
        while let Some(tree) = trees.get(at) {
            at += 1;
            match tree {
                TokenTree::Group(group) => match self.rewrite(group.stream()) {
                    Some(inner) => {
                        let mut group_out = Group::new(group.delimiter(), inner);
                        group_out.set_span(group.span());
                        out.push(TokenTree::Group(group_out));
                    }
                    None => whole = false,
                },
                TokenTree::Ident(ident) if starts(&trees, at - 1) => match Root::named(&ident.to_string()) {
                    Some(root) => {
                        let words = fields(&trees, &mut at, root);
                        match self.read(root, ident, words) {
                            Some(tokens) => out.extend(tokens),
                            None => whole = false,
                        }
                    }
                    None => out.push(tree.clone()),
                },
                _ => out.push(tree.clone()),
            }
        }
        whole.then(|| out.into_iter().collect())
    }

    /// What a mention of a root stands for.
    fn read(&mut self, root: Root, base: &Ident, words: Vec<Ident>) -> Option<TokenStream> {
        let errors = self.known.errors;
        let root = if root == Root::Record && self.roots.contains(&Root::Last) { Root::Last } else { root };
        if !self.roots.contains(&root) {
            let place = self.place;
            errors.at(
                base,
                match root {
                    Root::Job => format!("`job` is not known in `{place}`; `poll` and `download` of #[job] read it"),
                    Root::Record => format!("`record` is not known in `{place}`; #[add] and `filter` read it"),
                    Root::Response => {
                        format!("`response` is not known in `{place}`; `token`, `next_url` and `stop` of #[paginate] read it")
                    }
                    _ if self.roots.contains(&Root::Record) => {
                        format!("`{base}` is not known in `{place}`: what is done with a record does not depend on it")
                    }
                    _ if self.roots.contains(&Root::Slice) => {
                        format!("`{base}` is not known in `{place}`, which is the same for all pages of a slice")
                    }
                    _ if self.roots == PARENT => {
                        format!("`{base}` is not known in `{place}`, which names a field of the parent: `parent.lines`")
                    }
                    _ => format!(
                        "`{base}` is not known here: the values of `{place}` are fixed for a sync, they may read `config`"
                    ),
                },
            );
            return None;
        }
        if root == Root::Config {
            self.config.get_or_insert(base.span());
            return Some(base.to_token_stream());
        }
        if root == Root::Response {
            self.response.get_or_insert(base.span());
            return Some(base.to_token_stream());
        }
        if !self.there(root, base) {
            return None;
        }
        if root == Root::Stream {
            self.stream.get_or_insert(base.span());
            return Some(base.to_token_stream());
        }
        if root == Root::State {
            self.state.get_or_insert(base.span());
            return Some(base.to_token_stream());
        }
        if words.is_empty() {
            let example = match root {
                Root::Slice => "slice.start",
                Root::Page => "page.token",
                Root::Record | Root::Last => "record.id",
                Root::Job => "job.id",
                Root::SecondParent => "second_parent.id",
                _ => "parent.id",
            };
            errors.at(base, format!("`{base}` alone is no value; name one of its fields, as in `{example}`"));
            return None;
        }
        if !self.field_there(root, &words[0]) {
            return None;
        }
        if root == Root::Slice && !matches!(words[0].to_string().as_str(), "start" | "end" | "then" | "incremental") {
            let then = if self.known.then.is_some() { ", `then`" } else { "" };
            errors
                .at(&words[0], format!("a slice has no `{}`; it has `start`, `end`{then} and `incremental`", words[0]));
            return None;
        }
        if root == Root::Slice && words[0] == "then" && self.known.then.is_none() {
            if !self.known.broken {
                errors.at(
                    &words[0],
                    "`slice.then` is where the second part of a cursor begins: `#[cursor(then(field = id))]` names it",
                );
            }
            return None;
        }
        let text = words.iter().map(ToString::to_string).collect::<Vec<_>>().join("_").replace("r#", "");
        let last = words.last().map_or_else(|| base.span(), Ident::span);
        let optional = self.whole && root == Root::Slice && words[0] != "incremental";
        let suffix = if optional { "_if_any" } else { "" };
        let name = if root == Root::Last { "last".to_owned() } else { base.to_string() };
        let local = Ident::new(&format!("__{name}_{text}{suffix}"), glue(last));
        if !self.leaves.iter().any(|leaf| leaf.local == local) {
            self.leaves.push(Leaf { root, base: base.clone(), words, local: local.clone(), optional });
        }
        Some(local.to_token_stream())
    }

    /// Whether a list, or the page, has that value; a list's values are noted, because they tell its type.
    fn field_there(&mut self, root: Root, word: &Ident) -> bool {
        let (known, errors) = (self.known, self.known.errors);
        match root {
            Root::Partition => {
                let name = unraw(word);
                if known.text(&name) {
                    return true;
                }
                let Some(list) = known.lists.iter().find(|list| list.name == name) else {
                    let texts = known.parents.first().map_or(&[][..], |parent| &parent.texts);
                    let texts: Vec<String> = texts.iter().map(|(name, _)| name.value()).collect();
                    let names = || known.lists.iter().map(|list| &list.name).chain(&texts).map(String::as_str);
                    let hint = hint(&name, names(), || format!("there are {}", names().collect::<Vec<_>>().join(", ")));
                    let what = if texts.is_empty() { "list of #[partition]" } else { "list or text of a parent" };
                    errors.at(word, format!("no {what} is called `{name}`; {hint}"));
                    return false;
                };
                if !self.lists.iter().any(|(known, _)| *known == name)
                    && let Some(values) = self.list(&list.value)
                {
                    self.lists.push((name, values));
                }
                true
            }
            Root::Parent(0) if known.text(&unraw(word)) => {
                let text = format!(
                    "`{word}` is a text that tells the parents apart: `partition.{word}`; call it otherwise if a field of the parents is meant"
                );
                errors.at(word, text);
                false
            }
            Root::Job => self.job_value(word),
            Root::Page => {
                const NAMES: [&str; 4] = ["token", "number", "count", "total"];
                // What asks for a page knows nothing of it yet but its token.
                let names = if self.roots.contains(&Root::Response) { &NAMES[..] } else { &NAMES[..1] };
                if names.iter().any(|name| word == name) {
                    return true;
                }
                let hint =
                    hint(&word.to_string(), names.iter().copied(), || format!("it has `{}`", names.join("`, `")));
                errors.at(word, format!("a page has no `{word}` here; {hint}"));
                false
            }
            _ => true,
        }
    }

    /// Whether a value of the job is kept under that name.
    fn job_value(&self, word: &Ident) -> bool {
        let (name, errors) = (unraw(word), self.known.errors);
        if name == "result" {
            if self.place != "download" {
                errors.at(word, "`job.result` is known in `download` only, when the job is done");
            }
            return self.place == "download";
        }
        let kept = self.known.job.as_deref().unwrap_or_default();
        if kept.iter().any(|named| named.name == name) {
            return true;
        }
        let hint = hint(&name, kept.iter().map(|named| named.name.as_str()), || {
            format!("say where it is in the answer: `created({name} = \"…\")`")
        });
        errors.at(word, format!("no value of the job is called `{name}`; {hint}"));
        false
    }

    /// What tells the type of a list's values: the list, or, where it may read the parent's record, a function that makes it, which
    /// is not called: the record's list is not at hand any more.
    fn list(&mut self, list: &Value) -> Option<TokenStream> {
        if self.known.parents.is_empty() {
            return self.value(list);
        }
        let mut inner = Scope::new(self.known, "partition", DIVISION);
        let values = inner.value(list)?;
        let locals = inner.locals();
        Some(quote_spanned!(place(list)=> || { #locals __rt::item_of(#values) }))
    }

    /// Whether the stream has what a value reads from; tells the fault unless something was lost.
    fn there(&self, root: Root, base: &Ident) -> bool {
        let (there, message) = match root {
            Root::Partition => {
                let texts = self.known.parents.iter().any(|parent| !parent.texts.is_empty());
                let there = texts || !self.known.lists.is_empty();
                (there, "`partition` has values only in a stream with a #[partition]".to_owned())
            }
            Root::Job => (self.known.job.is_some(), "`job` has values only in a stream with a #[job]".to_owned()),
            Root::Record | Root::Last | Root::Response | Root::Config => (true, String::new()),
            Root::Stream => (
                self.known.made_of.is_some(),
                "`stream` is what a stream is made of; name the type, `made_of = …`".to_owned(),
            ),
            Root::State => (
                self.known.state.is_some(),
                "`state` is a stream's state of a type of your own; name the type, `state = …`. Where a cursor's state begins is `slice.start`".to_owned(),
            ),
            Root::SecondParent => (
                self.known.second_parent.is_some(),
                "`second_parent` is unknown here; name the stream it is, `second_parent = …`".to_owned(),
            ),
            Root::Page => (self.known.pages, "`page` has a token only in a stream with a #[paginate]".to_owned()),
            Root::Slice => {
                (self.known.cursor.is_some(), "`slice` has bounds only in a stream with a #[cursor]".to_owned())
            }
            _ => (
                !self.known.parents.is_empty(),
                format!("`{base}` is unknown here; name the stream it is, `parent = …`"),
            ),
        };
        if !there && !self.known.broken {
            self.known.errors.at(base, message);
        }
        there
    }
}

/// Whether an identifier begins a value: it is no field, no part of a path, no name of a field in a struct literal.
fn starts(trees: &[TokenTree], at: usize) -> bool {
    let punct = |at: Option<usize>, c: char| {
        let tree = at.and_then(|at| trees.get(at));
        tree.is_some_and(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == c))
    };
    let before = |c| punct(at.checked_sub(1), c);
    let twice_before = |c| before(c) && punct(at.checked_sub(2), c);
    let field = before('.') && !twice_before('.');
    !field && !twice_before(':') && !punct(Some(at + 1), ':')
}

/// The fields after a root, up to a call or anything else.
fn fields(trees: &[TokenTree], at: &mut usize, root: Root) -> Vec<Ident> {
    let mut words = Vec::new();
    while !matches!(root, Root::Config | Root::Response | Root::Stream | Root::State)
        && (matches!(root, Root::Parent(_) | Root::SecondParent | Root::Record) || words.is_empty())
    {
        let (Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(word))) = (trees.get(*at), trees.get(*at + 1)) else {
            break;
        };
        let call = match trees.get(*at + 2) {
            Some(TokenTree::Group(group)) => group.delimiter() == proc_macro2::Delimiter::Parenthesis,
            Some(TokenTree::Punct(next)) => next.as_char() == ':',
            _ => false,
        };
        if dot.as_char() != '.' || call || dot.spacing() == proc_macro2::Spacing::Joint {
            break;
        }
        words.push(word.clone());
        *at += 2;
    }
    words
}
