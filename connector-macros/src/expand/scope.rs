//! The names that a value may read: `config`, `parent.…`, `grandparent.…`, `partition.…`, `slice.…`.
//!
//! A field of a parent is read by an accessor that carries the author's tokens (`|parent: &User| &parent.id`), so that rustc
//! checks the name and knows the type; the value comes from the bytes that were kept of the parent's record.

use crate::attributes::{Named, Part, Template, Value, value};
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::keys::nearest;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Type};

/// What a value can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Config,
    /// The nearest parent is level 0.
    Parent(usize),
    Slice,
    /// A value of the lists that the stream is read along.
    Partition,
    /// What asks for this page.
    Page,
    /// What is known of the job.
    Job,
    /// The record at hand.
    Record,
    /// The page's last record, which is called `record`, too.
    Last,
    /// The answer that brought the page.
    Response,
    /// What the stream is made of.
    Stream,
}

impl Root {
    const ALL: [(&'static str, Self); 11] = [
        ("config", Self::Config),
        ("parent", Self::Parent(0)),
        ("grandparent", Self::Parent(1)),
        ("great_grandparent", Self::Parent(2)),
        ("slice", Self::Slice),
        ("partition", Self::Partition),
        ("page", Self::Page),
        ("job", Self::Job),
        ("record", Self::Record),
        ("response", Self::Response),
        ("stream", Self::Stream),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, root)| *root)
    }
}

/// What is known of the stream whose values are read.
pub(crate) struct Known<'a> {
    /// The stream itself.
    pub(crate) this: TokenStream,
    pub(crate) parent: Option<&'a Type>,
    /// Whether it is read for groups of its parent's records.
    pub(crate) group: bool,
    /// What it is made of, if it is a kind of streams.
    pub(crate) made_of: Option<&'a Type>,
    /// The lists that it is read along, each with its values.
    pub(crate) lists: &'a [Named],
    /// Whether it has pages.
    pub(crate) pages: bool,
    /// The values that are kept of a job, where the stream has jobs.
    pub(crate) job: Option<&'a [Named]>,
    /// The cursor's field, as `record.field`, over a record of the stream.
    pub(crate) cursor: Option<TokenStream>,
    /// Paths stand in constants beside the impls, which is possible unless they depend on a type parameter.
    pub(crate) hoist: bool,
    /// Something of the stream was lost to a fault: what seems to be missing may be there.
    pub(crate) broken: bool,
    pub(crate) errors: &'a Errors,
}

/// A field that a value reads.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) root: Root,
    base: Ident,
    pub(crate) words: Vec<Ident>,
    local: Ident,
    /// A bound of the slice that may be absent: the whole value is `slice.start`, and nothing is sent then.
    optional: bool,
}

/// The names that the values of one generated function read.
pub(crate) struct Scope<'a> {
    known: &'a Known<'a>,
    /// The key whose value it is, for errors.
    place: &'static str,
    roots: &'static [Root],
    config: Option<Span>,
    response: Option<Span>,
    /// Where the author's `stream` stands, if a value reads it.
    stream: Option<Span>,
    leaves: Vec<Leaf>,
    /// The value at hand is a bound of the slice and nothing else.
    whole: bool,
    /// The lists of the partitions that are read, which tell the types; in a stream with a parent as functions that make them.
    lists: Vec<(String, TokenStream)>,
}

/// Everything: what a request's values may read.
pub(crate) const REQUEST: &[Root] = &[
    Root::Config,
    Root::Parent(0),
    Root::Parent(1),
    Root::Parent(2),
    Root::Slice,
    Root::Partition,
    Root::Page,
    Root::Stream,
];
/// What is known of a slice before a page is asked for.
pub(crate) const SLICE: &[Root] =
    &[Root::Config, Root::Parent(0), Root::Parent(1), Root::Parent(2), Root::Slice, Root::Partition, Root::Stream];
/// What the edits of a record may read.
pub(crate) const EDIT: &[Root] = &[
    Root::Config,
    Root::Parent(0),
    Root::Parent(1),
    Root::Parent(2),
    Root::Slice,
    Root::Partition,
    Root::Record,
    Root::Stream,
];
/// What names the next page.
pub(crate) const NEXT: &[Root] = &[
    Root::Config,
    Root::Parent(0),
    Root::Parent(1),
    Root::Parent(2),
    Root::Slice,
    Root::Partition,
    Root::Page,
    Root::Last,
    Root::Response,
    Root::Stream,
];
/// What the lists may read that divide a parent's record.
pub(crate) const DIVISION: &[Root] = &[Root::Config, Root::Parent(0), Root::Parent(1), Root::Parent(2), Root::Stream];
/// What is fixed for a sync.
pub(crate) const SETTING: &[Root] = &[Root::Config];

impl<'a> Scope<'a> {
    pub(crate) fn new(known: &'a Known<'a>, place: &'static str, roots: &'static [Root]) -> Self {
        Self {
            known,
            place,
            roots,
            config: None,
            stream: None,
            response: None,
            leaves: Vec::new(),
            whole: false,
            lists: Vec::new(),
        }
    }

    /// A reference to the value; `None` if it was lost to a fault.
    pub(crate) fn value(&mut self, given: &Value) -> Option<TokenStream> {
        match given {
            Value::Template(template) => self.template(template),
            Value::Expr(expr) => {
                self.whole = matches!(value::field_path(expr), Some(words) if words.len() == 2 && words[0] == "slice");
                let tokens = self.expr(expr);
                self.whole = false;
                Some(value::borrowed(expr, &tokens?))
            }
        }
    }

    /// An expression, its leaves replaced by the locals that hold them.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Option<TokenStream> {
        self.rewrite(expr.to_token_stream())
    }

    /// The value itself, for what is a number or a constant anyway.
    pub(crate) fn owned(&mut self, given: &Value) -> Option<TokenStream> {
        match given {
            Value::Template(_) => self.value(given),
            Value::Expr(expr) => self.expr(expr),
        }
    }

    /// A literal that stands within a value.
    pub(crate) fn template_of(&self, literal: &syn::LitStr) -> Template {
        Template::parse(literal, self.known.errors)
    }

    /// A reference to a template that is a secret, because what stands in it may be one.
    pub(crate) fn secret(&mut self, template: &Template) -> Option<TokenStream> {
        let calls = self.parts(template, "value")?;
        Some(quote!(&__rt::SecretText::new()#calls.finish()))
    }

    /// A template whose placeholders are steps of a path.
    pub(crate) fn steps(&mut self, template: &Template) -> Option<TokenStream> {
        self.filled(template, "step")
    }

    fn template(&mut self, template: &Template) -> Option<TokenStream> {
        self.filled(template, "value")
    }

    fn filled(&mut self, template: &Template, add: &str) -> Option<TokenStream> {
        if let Some(text) = template.constant() {
            let text = proc_macro2::Literal::string(&text);
            let span = template.span;
            return Some(quote_spanned!(glue(span)=> #text));
        }
        let calls = self.parts(template, add)?;
        Some(quote!(&__rt::Text::new()#calls.finish()))
    }

    fn parts(&mut self, template: &Template, add: &str) -> Option<TokenStream> {
        let mut calls = TokenStream::new();
        let add = Ident::new(add, glue(template.span));
        for part in &template.parts {
            match part {
                Part::Text(text) => calls.extend(quote!(.text(#text))),
                Part::Value(expr) => {
                    let value = self.placeholder(expr, template.span)?;
                    calls.extend(quote_spanned!(glue(template.span)=> .#add(#value)));
                }
            }
        }
        Some(calls)
    }

    /// A reference to the value of a placeholder.
    pub(crate) fn placeholder(&mut self, expr: &Expr, span: Span) -> Option<TokenStream> {
        if let Some(base) = base(expr) {
            let name = base.to_string();
            if Root::named(&name).is_none() && name.starts_with(|c: char| c.is_lowercase() || c == '_') {
                self.unknown(&name, expr, span);
                return None;
            }
        }
        let tokens = self.expr(expr)?;
        Some(value::borrowed(expr, &tokens))
    }

    fn unknown(&self, name: &str, expr: &Expr, span: Span) {
        let text = expr.to_token_stream().to_string().replace(' ', "");
        let meant = nearest(name, Root::ALL.iter().map(|(known, _)| *known)).map(|root| text.replacen(name, root, 1));
        let meant = meant.unwrap_or_else(|| match self.known.parent {
            Some(_) => format!("parent.{text}"),
            None => format!("config.{text}"),
        });
        self.known.errors.spanned(
            span,
            format!("`{{{text}}}` names nothing: a placeholder begins with `config`, `parent`, `partition` or `slice`; did you mean `{{{meant}}}`?"),
        );
    }

    /// The locals that the values need, to stand before them.
    pub(crate) fn locals(&self) -> TokenStream {
        let config = self.config.map(|span| {
            let config = Ident::new("config", span);
            quote!(let #config = cx.config;)
        });
        let response = self.response.map(|span| {
            let response = Ident::new("response", span);
            quote!(let #response = page;)
        });
        let stream = self.stream.map(|span| {
            let (stream, made_of) = (Ident::new("stream", span), self.known.made_of);
            quote!(let #stream = cx.stream::<#made_of>()?;)
        });
        let leaves = self.leaves.iter().map(|leaf| self.local(leaf));
        quote!(#config #response #stream #(#leaves)*)
    }

    /// The fields of the parents that were read.
    pub(crate) fn into_leaves(self) -> Vec<Leaf> {
        self.leaves
    }

    /// Whether the values read anything at all.
    pub(crate) fn reads(&self) -> bool {
        self.config.is_some() || self.stream.is_some() || !self.leaves.is_empty()
    }

    /// Whether the values read anything but the record, or the page.
    pub(crate) fn reads_cx(&self) -> bool {
        let of_page = |leaf: &Leaf| {
            leaf.root == Root::Last
                || leaf.root == Root::Page && self.roots.contains(&Root::Response) && leaf.words[0] != "token"
        };
        self.config.is_some()
            || self.stream.is_some()
            || self.leaves.iter().any(|leaf| leaf.root != Root::Record && !of_page(leaf))
    }

    /// Whether the values read the record.
    pub(crate) fn reads_row(&self) -> bool {
        self.leaves.iter().any(|leaf| leaf.root == Root::Record)
    }

    /// Where the author's `config` stands, if a value reads it.
    pub(crate) fn config(&self) -> Option<Span> {
        self.config
    }

    fn local(&self, leaf: &Leaf) -> TokenStream {
        let Leaf { root, base, words, local, optional } = leaf;
        match root {
            Root::Parent(level) => {
                let parent = self.known.level(*level);
                let path =
                    if self.known.hoist { leaf.constant().into_token_stream() } else { path(words, &parent, base) };
                let read = format_ident!("{}", if self.known.group && *level == 0 { "parents" } else { "parent" });
                quote! {
                    let #local = cx.#read(#level, |#base: &#parent| &#base #(.#words)*, #path)?;
                }
            }
            Root::Slice if words[0] == "incremental" => quote!(let #local = cx.incremental();),
            Root::Slice => {
                let (this, cursor, read) = (&self.known.this, &self.known.cursor, &words[0]);
                let read = if *optional { read.clone() } else { format_ident!("{read}_due") };
                quote!(let #local = cx.#read(|record: &#this| &#cursor)?;)
            }
            Root::Partition => {
                let name = words.first().map(unraw).unwrap_or_default();
                let list = self.lists.iter().find(|(known, _)| *known == name).map(|(_, list)| list);
                let span = self
                    .known
                    .lists
                    .iter()
                    .find(|list| list.name == name)
                    .map_or(base.span(), |list| place(&list.value));
                let read = Ident::new(if self.known.parent.is_some() { "element" } else { "partition" }, span);
                quote_spanned!(span=> let #local = __rt::#read(cx, #name, #list)?;)
            }
            Root::Record => {
                let this = &self.known.this;
                let path = if self.known.hoist { leaf.constant().into_token_stream() } else { path(words, this, base) };
                quote!(let #local = row.field(|#base: &#this| &#base #(.#words)*, #path)?;)
            }
            Root::Last => {
                let this = &self.known.this;
                let path = if self.known.hoist { leaf.constant().into_token_stream() } else { path(words, this, base) };
                let field = quote!(page.last_field(|#base: &#this| &#base #(.#words)*, #path)?);
                quote!(let __rt::Some(#local) = #field else { return __rt::Ok(__rt::None) };)
            }
            Root::Page if words[0] != "token" => {
                let read = &words[0];
                quote!(let #local = page.#read();)
            }
            Root::Page => quote!(let #local = __rt::page_token(cx);),
            Root::Job => {
                let name = words.first().map(unraw).unwrap_or_default();
                quote!(let #local = cx.job(#name)?;)
            }
            Root::Config | Root::Response | Root::Stream => TokenStream::new(),
        }
    }

    fn rewrite(&mut self, tokens: TokenStream) -> Option<TokenStream> {
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
        if words.is_empty() {
            let example = match root {
                Root::Slice => "slice.start",
                Root::Page => "page.token",
                Root::Record | Root::Last => "record.id",
                Root::Job => "job.id",
                _ => "parent.id",
            };
            errors.at(base, format!("`{base}` alone is no value; name one of its fields, as in `{example}`"));
            return None;
        }
        if !self.field_there(root, &words[0]) {
            return None;
        }
        if root == Root::Slice && !matches!(words[0].to_string().as_str(), "start" | "end" | "incremental") {
            errors.at(&words[0], format!("a slice has no `{}`; it has `start`, `end` and `incremental`", words[0]));
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
                let Some(list) = known.lists.iter().find(|list| list.name == name) else {
                    let names = || known.lists.iter().map(|list| list.name.as_str());
                    let hint = match nearest(&name, names()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
                    };
                    errors.at(word, format!("no list of #[partition] is called `{name}`; {hint}"));
                    return false;
                };
                if !self.lists.iter().any(|(known, _)| *known == name)
                    && let Some(values) = self.list(&list.value)
                {
                    self.lists.push((name, values));
                }
                true
            }
            Root::Job => self.job_value(word),
            Root::Page => {
                const NAMES: [&str; 4] = ["token", "number", "count", "total"];
                // What asks for a page knows nothing of it yet but its token.
                let names = if self.roots.contains(&Root::Response) { &NAMES[..] } else { &NAMES[..1] };
                if names.iter().any(|name| word == name) {
                    return true;
                }
                let hint = match nearest(&word.to_string(), names.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("it has `{}`", names.join("`, `")),
                };
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
        let kept = self.known.job.unwrap_or_default();
        if kept.iter().any(|named| named.name == name) {
            return true;
        }
        let hint = match nearest(&name, kept.iter().map(|named| named.name.as_str())) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("say where it is in the answer: `created({name} = \"…\")`"),
        };
        errors.at(word, format!("no value of the job is called `{name}`; {hint}"));
        false
    }

    /// What tells the type of a list's values: the list, or, where it may read the parent's record, a function that makes it, which
    /// is not called: the record's list is not at hand any more.
    fn list(&mut self, list: &Value) -> Option<TokenStream> {
        if self.known.parent.is_none() {
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
                (!self.known.lists.is_empty(), "`partition` has values only in a stream with a #[partition]".to_owned())
            }
            Root::Job => (self.known.job.is_some(), "`job` has values only in a stream with a #[job]".to_owned()),
            Root::Record | Root::Last | Root::Response | Root::Config => (true, String::new()),
            Root::Stream => (
                self.known.made_of.is_some(),
                "`stream` is what a stream is made of; name the type, `made_of = …`".to_owned(),
            ),
            Root::Page => (self.known.pages, "`page` has a token only in a stream with a #[paginate]".to_owned()),
            Root::Slice => {
                (self.known.cursor.is_some(), "`slice` has bounds only in a stream with a #[cursor]".to_owned())
            }
            _ => {
                (self.known.parent.is_some(), format!("`{base}` is unknown here; name the stream it is, `parent = …`"))
            }
        };
        if !there && !self.known.broken {
            self.known.errors.at(base, message);
        }
        there
    }
}

impl Known<'_> {
    /// The type of a parent; level 0 is the nearest.
    pub(crate) fn level(&self, level: usize) -> TokenStream {
        let nearest = self.parent.to_token_stream();
        (0..level).fold(nearest, |below, _| quote!(<#below as __rt::StreamType>::Parent))
    }
}

/// The wire path of a field, a constant expression of type `FieldPath`.
pub(crate) fn path(words: &[Ident], of: &TokenStream, base: &Ident) -> TokenStream {
    let (steps, last) = words.split_at(words.len().saturating_sub(1));
    let last = last.iter().map(unraw);
    let mut at = of.clone();
    let mut before = TokenStream::new();
    for (i, step) in steps.iter().enumerate() {
        let name = unraw(step);
        let param = if i == 0 { quote!(|#base: &#at| &#base.#step) } else { quote!(|from| &from.#step) };
        before.extend(quote!(.then(#name, #param)));
        at = quote!(_);
    }
    quote!(const { &__rt::Wire::<#of>::of()#before #(.last(#last))* }.path())
}

fn unraw(ident: &Ident) -> String {
    syn::ext::IdentExt::unraw(ident).to_string()
}

/// The identifier that an expression of fields, calls and indices begins with.
fn base(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => base(&field.base),
        Expr::MethodCall(call) => base(&call.receiver),
        Expr::Index(index) => base(&index.expr),
        _ => None,
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
    while !matches!(root, Root::Config | Root::Response | Root::Stream)
        && (matches!(root, Root::Parent(_) | Root::Record) || words.is_empty())
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

impl Leaf {
    /// Its path on the wire, in a record of that type.
    pub(crate) fn path(&self, of: &TokenStream) -> TokenStream {
        path(&self.words, of, &self.base)
    }

    /// The constant that holds its path.
    pub(crate) fn constant(&self) -> Ident {
        let name = self.local.to_string();
        Ident::new(&name.to_uppercase(), Span::call_site())
    }

    /// Tells what is wrong with the value, where the author names it.
    pub(crate) fn refuse(&self, errors: &Errors, what: &str) {
        let words = self.words.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        errors.at(self.words.first().unwrap_or(&self.base), format!("`{}.{words}`: {what}", self.base));
    }

    /// Whether two values read the same field.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.root == other.root && self.words == other.words
    }
}

/// Where a value stands, for the glue around it.
pub(crate) fn place(value: &Value) -> Span {
    match value {
        Value::Template(template) => glue(template.span),
        Value::Expr(expr) => glue(expr.span()),
    }
}
