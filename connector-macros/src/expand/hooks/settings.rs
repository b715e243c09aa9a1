//! `fn settings`: what is fixed for a sync.

use super::{Hooks, config, of_slice};
use crate::attributes::{Entries, Value};
use crate::expand::scope::{SETTING, Scope};
use crate::expand::{auth, cursor, format, job, paginate, rules, transform};
use crate::input::serde::glue;
use crate::model::Given;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

impl Hooks<'_> {
    pub(super) fn settings(&mut self) {
        let stream = self.stream;
        let mut scope = Scope::new(self.known, "settings", SETTING);
        let body = stream.http.get("body").or_else(|| stream.http.get("form"));
        let method = match (stream.http.choice("method"), body) {
            (Some((method, _)), _) if method != "GET" => Some(Ident::new(method, Span::call_site())),
            (None, Some(_)) => Some(Ident::new("POST", Span::call_site())),
            _ => None,
        };
        let method = method.map(|method| quote!(.method(__rt::Method::#method)));
        let records = match stream.http.given_as("records") {
            Given::Value(_, value) if of_slice(value) => None,
            Given::Value(_, value @ Value::Expr(syn::Expr::Array(_))) => {
                scope.value(value).map(|paths| quote!(.records_any(#paths)))
            }
            Given::Value(_, value) => scope.value(value).map(|path| quote!(.records(#path))),
            _ => None,
        };
        let paginator = paginate::paginator(&stream.paginate, &mut scope).map(|pages| quote!(.paginate(#pages)));
        let (cursor, mut functions) = cursor::settings(stream, &mut scope).unwrap_or_default();
        let job = job::setting(&stream.job, &mut scope, &mut functions);
        rules::functions(&stream.rules, &mut functions);
        let rules = rules::rules(&stream.rules, &mut scope);
        let others = self.other_settings(&mut scope);
        let transform = transform::transform(&stream.transform).map(|transform| quote!(.transform(#transform)));
        let parts = quote!(#method #records #transform #paginator #job #cursor #rules #others);
        let functions = (!functions.is_empty()).then(|| quote!(use __rt::times::{#(#functions),*};));
        if !parts.is_empty() {
            let config = config(&scope);
            self.method(
                quote!(fn settings(#config: &__C) -> __rt::Result<__rt::Settings>),
                quote!(#functions __rt::Ok(__rt::Settings::new()#parts)),
            );
        }
        self.close(scope);
    }

    /// The keys that are a setting of the same name.
    fn other_settings(&self, scope: &mut Scope<'_>) -> TokenStream {
        let http = &self.stream.http;
        let part = |entry: &crate::attributes::Entry| {
            Some(match entry.key {
                "drop_duplicates" => quote!(.drop_duplicates()),
                "remembered_keys" => {
                    let keys = scope.owned(http.value("remembered_keys")?.1)?;
                    quote!(.remembered_keys(#keys))
                }
                "records_optional" => quote!(.records_optional()),
                "unchecked" => quote!(.unchecked()),
                "graphql" => quote!(.graphql()),
                "format" | "csv" | "charset" => format::setting(entry.key, http, scope)?,
                "misfit" => {
                    let misfit = Ident::new(&cursor::pascal(http.choice("misfit")?.0), Span::call_site());
                    quote!(.misfit(__rt::Misfit::#misfit))
                }
                "group" => {
                    let records = scope.owned(http.value("group")?.1)?;
                    quote!(.group(#records))
                }
                "field_list" => field_list(http.keys("field_list")?, scope)?,
                "enabled" => {
                    let (key, value) = http.value("enabled")?;
                    let enabled = scope.owned(value)?;
                    quote_spanned!(glue(key.span())=> .enabled(#enabled))
                }
                "encoding" => {
                    let encoding = http.keys("encoding")?;
                    let keep = encoding.text("keep").map(|keep| quote!(.keep(#keep)));
                    let percent = matches!(encoding.choice("spaces"), Some(("percent", _)));
                    let spaces = percent.then(|| quote!(.spaces_as_percent()));
                    quote!(.encoding(__rt::QueryEncoding::new()#keep #spaces))
                }
                "weight" => {
                    let weight = scope.owned(http.value("weight")?.1)?;
                    quote!(.weight(#weight))
                }
                "auth" => {
                    let auth = auth::auth(http.value("auth")?.1, scope, self.known.errors)?;
                    quote!(.auth(#auth))
                }
                _ => return None,
            })
        };
        http.iter().filter_map(part).collect()
    }
}

/// The list of fields that requests send.
fn field_list(list: &Entries, scope: &mut Scope<'_>) -> Option<TokenStream> {
    let begin = match list.function("names") {
        Some(_) => quote!(asked()),
        None => quote!(new(__rt::field_names::<Self>())),
    };
    let place = paginate::place(list)?;
    let mut limit = |key: &str| {
        let (ident, value) = list.value(key)?;
        let (limit, count) = (Ident::new(key, glue(ident.span())), scope.owned(value)?);
        Some(quote_spanned!(glue(ident.span())=> .#limit(#count)))
    };
    let (at_most, characters) = (limit("at_most"), limit("characters"));
    let always = list.texts("always").iter().map(|name| quote!(.always(#name)));
    Some(quote!(.field_list(__rt::FieldList::#begin.to(#place) #at_most #characters #(#always)*)))
}
