//! Whose config the methods are over, which is known when all values have been seen.

use super::Hooks;
use crate::input::serde::glue;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;

/// Whose config a stream reads.
pub(super) enum Config {
    Given(TokenStream),
    /// That of the source which lists the stream; where the author's `config` stands.
    Listed(TokenStream, Span),
    /// None in particular, or any with these bounds.
    Any(Option<TokenStream>),
}

impl Config {
    pub(super) fn tokens(&self) -> TokenStream {
        match self {
            Self::Given(ty) | Self::Listed(ty, _) => ty.clone(),
            Self::Any(_) => quote!(__C),
        }
    }

    /// A signature with the config's type in the place of `__C`. That of a listing source stands at the author's `config`, all of it, so
    /// that rustc tells a missing source once and there.
    pub(super) fn place(&self, tokens: TokenStream) -> TokenStream {
        let at = match self {
            Self::Listed(_, span) => Some(glue(*span)),
            _ => None,
        };
        placed(tokens, &self.tokens(), at)
    }
}

impl Hooks<'_> {
    /// The config that the values read.
    pub(super) fn config_type(&self) -> Config {
        let (http, item) = (&self.stream.http, self.stream.item);
        match (http.ty("config"), self.config) {
            (Some((_, Type::ImplTrait(bound))), _) => Config::Any(Some(bound.bounds.to_token_stream())),
            (Some((_, ty)), _) => Config::Given(ty.to_token_stream()),
            (None, Some(span)) => {
                let (_, type_generics, _) = item.generics.split_for_impl();
                let ident = &item.ident;
                Config::Listed(quote!(<#ident #type_generics as __rt::Listed>::Config), span)
            }
            (None, None) => Config::Any(None),
        }
    }
}

fn placed(tokens: TokenStream, config: &TokenStream, at: Option<Span>) -> TokenStream {
    let place = |mut tree| {
        if let TokenTree::Ident(ident) = &tree
            && ident == "__C"
            && config.to_string() != "__C"
        {
            return placed(config.clone(), &TokenStream::new(), at);
        }
        if let TokenTree::Group(group) = &tree {
            let mut inner = Group::new(group.delimiter(), placed(group.stream(), config, at));
            inner.set_span(group.span());
            tree = TokenTree::Group(inner);
        }
        if let Some(span) = at {
            tree.set_span(span);
        }
        TokenStream::from(tree)
    };
    tokens.into_iter().map(place).collect()
}
