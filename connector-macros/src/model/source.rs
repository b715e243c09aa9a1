//! A source as its attribute says it.

use crate::attributes::{self, Entries, StreamRef};
use crate::errors::Errors;
use crate::keys::{SOURCE, hint};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

/// A source.
pub(crate) struct Source {
    pub(crate) krate: TokenStream,
    pub(crate) entries: Entries,
    /// The rules about answers, for all streams.
    pub(crate) rules: Vec<Entries>,
}

impl Source {
    /// Reads and checks the attribute's arguments.
    pub(crate) fn new(arguments: TokenStream, attributes: &[syn::Attribute], errors: &Errors) -> Self {
        let mut entries = Entries::at(proc_macro2::Span::call_site());
        attributes::arguments(arguments, &SOURCE, &mut entries, errors);
        let krate = entries.module("crate").map_or_else(|| quote!(::connector_http), ToTokens::to_token_stream);
        let mut source = Self { krate, entries, rules: super::rules(attributes, errors) };
        source.complete(errors);
        source.listed_once(errors);
        source
    }

    /// The streams, in the author's order.
    pub(crate) fn streams(&self) -> &[StreamRef] {
        self.entries.streams("streams")
    }

    /// The functions that find further streams, if there are some.
    pub(crate) fn functions(&self) -> Option<(&proc_macro2::Ident, &[syn::Expr])> {
        self.entries.stream_functions("streams").filter(|(_, functions)| !functions.is_empty())
    }

    /// What no source can do without.
    fn complete(&self, errors: &Errors) {
        if self.entries.broken {
            return;
        }
        let span = proc_macro2::Span::call_site();
        if self.entries.get("base_url").is_none() {
            errors.spanned(span, "`source` lacks its base URL: `base_url = \"https://api.example.com/v1/\"`");
        }
        if let (Some(entry), Some(flow)) = (self.entries.get("advanced_auth"), self.entries.keys("advanced_auth"))
            && !flow.broken
        {
            for due in ["consent_url", "access_token_url", "output"].iter().filter(|due| flow.get(due).is_none()) {
                errors.at(&entry.ident, format!("`advanced_auth` lacks its `{due}`"));
            }
        }
        for (key, quota) in self.entries.all_keys("quota") {
            self.quota(key, quota, errors);
        }
        match self.entries.get("streams") {
            None => errors.spanned(span, "`source` lacks its streams: `streams(User, Order)`"),
            Some(entry) if self.streams().is_empty() && self.functions().is_none() => {
                errors.at(&entry.ident, "a source has one stream at least: `streams(User, Order)`")
            }
            Some(_) => {}
        }
    }

    /// A quota is whole, and of streams that are listed.
    fn quota(&self, key: &syn::Ident, quota: &Entries, errors: &Errors) {
        if !quota.broken && (quota.get("requests").is_none() || quota.get("seconds").is_none()) {
            errors.at(key, "a quota is a number of requests in a time: `quota(requests = 100, seconds = 60)`");
        }
        let name = |stream: &StreamRef| stream.path.to_token_stream().to_string().replace(' ', "");
        let listed: Vec<String> = self.streams().iter().map(name).collect();
        for stream in quota.streams("streams") {
            let given = name(stream);
            if stream.config.is_some() {
                errors.at(&stream.path, format!("a quota names its streams by their types alone: `streams({given})`"));
            } else if !listed.contains(&given) {
                let hint =
                    hint(&given, listed.iter().map(String::as_str), || format!("there are {}", listed.join(", ")));
                errors.at(&stream.path, format!("`{given}` is no stream of this source; {hint}"));
            }
        }
    }

    /// A stream is listed once; the second is left out.
    fn listed_once(&mut self, errors: &Errors) {
        let mut seen = BTreeSet::new();
        self.entries.retain_streams(|stream| {
            let name = stream.path.to_token_stream().to_string();
            let first = seen.insert(name.clone());
            if !first {
                errors.at(&stream.path, format!("the stream `{}` is listed twice", name.replace(' ', "")));
            }
            first
        });
    }
}
