//! The hooks that take an answer: where its records are, what they become, which page is next, and the author's functions.

use super::{Hooks, cx, of_slice};
use crate::attributes::Value;
use crate::expand::calls::call;
use crate::expand::scope::{NEXT, SLICE, Scope, place};
use crate::expand::{edit, paginate};
use crate::input::serde::glue;
use crate::model::Given;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

impl Hooks<'_> {
    /// The records' path, where it differs from slice to slice.
    pub(super) fn records_path(&mut self) {
        let Given::Value(_, value) = self.stream.http.given_as("records") else { return };
        if !of_slice(value) {
            return;
        }
        let mut scope = Scope::new(self.known, "records", SLICE);
        let path = match value {
            Value::Template(template) => scope.steps(template),
            Value::Expr(_) => scope.value(value),
        };
        if let Some(path) = path {
            let (locals, cx) = (scope.locals(), cx(scope.reads()));
            let path = quote_spanned!(place(value)=> __rt::text(#path));
            self.method(
                quote!(fn records_path(#cx: &__rt::Cx<'_, __C>) -> __rt::Result<__rt::Option<__rt::String>>),
                quote!(#locals __rt::Ok(__rt::Some(#path))),
            );
        }
        self.close(scope);
    }

    /// The hooks that are nothing but a function of the author.
    pub(super) fn functions(&mut self) {
        let http = &self.stream.http;
        if let Given::Function(key, function) = http.given_as("records") {
            let body = call(key, function, "records", &quote!(response, records));
            let signature = quote! {
                fn parse_response(response: &__rt::Response<'_>, records: &mut __rt::Records<'_>) -> __rt::Result<__rt::Parsed>
            };
            self.method(signature, body);
        }
        if let Some((key, function)) = http.function("next_page") {
            let body = call(key, function, "next_page", &quote!(page));
            self.method(next_page_token(false), body);
        } else {
            self.next_page();
        }
        if let Some((key, function)) = http.function("schema") {
            let body = call(key, function, "schema", &quote!(config, api));
            // It is handed the config, so it is that of the source, unless another is named.
            self.config.get_or_insert(key.span());
            let signature = quote! {
                fn schema<'a>(config: &'a __C, api: &'a __rt::ApiClient) -> __rt::BoxFuture<'a, __rt::Result<__rt::SchemaFields>>
            };
            self.method(signature, body);
        }
        if let Some((key, function)) = http.keys("field_list").and_then(|list| list.function("names")) {
            let body = call(key, function, "names", &quote!(config, api));
            self.config.get_or_insert(key.span());
            let signature = quote! {
                fn field_names<'a>(config: &'a __C, api: &'a __rt::ApiClient) -> __rt::BoxFuture<'a, __rt::Result<__rt::Vec<__rt::String>>>
            };
            self.method(signature, body);
        }
        if let (Some((key, function)), Some(state)) = (http.function("updated_state"), self.known.state) {
            let hook = Ident::new("own_state", key.span());
            let body = quote_spanned!(glue(key.span())=> __rt::hook::#hook::<#state, _>(#function, page, state));
            let signature = quote! {
                fn update_state(_: &__rt::Cx<'_, __C>, page: &__rt::Page<'_>, state: &mut __rt::StateDraft) -> __rt::Result<()>
            };
            self.method(signature, body);
        } else if let Some((key, function)) = http.function("updated_state") {
            let body = call(key, function, "updated_state", &quote!(page));
            let signature = quote! {
                fn get_updated_state(_: &__rt::Cx<'_, __C>, page: &__rt::Page<'_>) -> __rt::Result<__rt::Option<__rt::String>>
            };
            self.method(signature, body);
        }
        if let Some((key, function)) = http.function("classify") {
            let body = call(key, function, "classify", &quote!(answer));
            let signature = quote! {
                fn should_retry(answer: &__rt::Answer<'_>) -> __rt::Result<__rt::Option<__rt::Verdict>>
            };
            self.method(signature, body);
        }
    }

    /// The next page, where an expression computes it or ends it.
    fn next_page(&mut self) {
        let mut scope = Scope::new(self.known, "paginate", NEXT);
        if let Some(body) = paginate::computed(&self.stream.paginate, &mut scope) {
            let locals = scope.locals();
            self.method(next_page_token(scope.reads_cx()), quote!(#locals #body));
        }
        self.close(scope);
    }

    /// What is done with records before they leave.
    pub(super) fn edits(&mut self) {
        let (method, added, scopes) = edit::edits(self.stream, self.known);
        if let Some(method) = method {
            let (body, cx) = (method.body, cx(method.reads_cx));
            let row = edit::parameter("row", method.reads_row);
            let to = edit::parameter("added", method.adds);
            self.method(
                quote!(fn transform_record(#cx: &__rt::Cx<'_, __C>, #row: &__rt::Row<'_>, #to: &mut __rt::Added) -> __rt::Result<bool>),
                quote!(#body __rt::Ok(true)),
            );
        }
        for scope in scopes {
            self.close(scope);
        }
        self.added = added;
    }
}

fn next_page_token(reads_cx: bool) -> TokenStream {
    let cx = cx(reads_cx);
    quote! {
        fn next_page_token(#cx: &__rt::Cx<'_, __C>, page: &__rt::Page<'_>) -> __rt::Result<__rt::Option<__rt::PageToken>>
    }
}
