//! `auth = …`: the authenticators that have a name here, and any expression of type `Auth`.

use super::scope::Scope;
use crate::attributes::Value;
use crate::attributes::value::borrowed;
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::keys::{AUTHENTICATORS, Authenticator, FUNCTIONS, Key, SENT, Shape, hint, nearest};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, Lit};

/// The expression, with the arguments of known authenticators passed by reference. They are known at the top and at the ends of a
/// `match`, an `if` or a block.
pub(crate) fn auth(value: &Value, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    match value {
        Value::Expr(expr) => authenticator(expr, scope, errors),
        Value::Template(template) => {
            errors.spanned(template.span, "an authenticator was expected: `auth = bearer(config.api_token)`");
            None
        }
    }
}

fn authenticator(expr: &Expr, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    match expr {
        Expr::Match(matched) => {
            let scrutinee = scope.expr(&matched.expr)?;
            let arms: Option<Vec<_>> = matched
                .arms
                .iter()
                .map(|arm| {
                    let pattern = &arm.pat;
                    let body = authenticator(&arm.body, scope, errors)?;
                    Some(quote!(#pattern => #body,))
                })
                .collect();
            let arms = arms?;
            Some(quote!(match #scrutinee { #(#arms)* }))
        }
        Expr::Block(block) if block.label.is_none() => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(inner, None)] => authenticator(inner, scope, errors),
            _ => scope.expr(expr),
        },
        Expr::If(branches) => {
            let condition = scope.expr(&branches.cond)?;
            let yes = match branches.then_branch.stmts.as_slice() {
                [syn::Stmt::Expr(inner, None)] => authenticator(inner, scope, errors)?,
                _ => branches.then_branch.to_token_stream(),
            };
            let no = match &branches.else_branch {
                Some((_, no)) => authenticator(no, scope, errors)?,
                None => quote!(__rt::Auth::none()),
            };
            Some(quote!(if #condition { #yes } else { #no }))
        }
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) if name.to_string().starts_with(char::is_lowercase) => known(name, call, scope, errors),
                _ => scope.expr(expr),
            },
            _ => scope.expr(expr),
        },
        other => scope.expr(other),
    }
}

/// A call of one of our own, as a value of type `Auth`.
fn known(name: &Ident, call: &ExprCall, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    if name == "all" {
        // Each is read, so that all faults are told.
        let parts: Vec<_> = call.args.iter().map(|part| authenticator(part, scope, errors)).collect();
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        return Some(quote_spanned!(glue(name.span())=> __rt::authenticators::all([#(#parts),*])));
    }
    let builder = builder(name, call, scope, errors)?;
    Some(quote_spanned!(glue(name.span())=> __rt::into_auth(#builder)))
}

/// The builder that the call stands for: positional arguments first, then a method for each key.
fn builder(name: &Ident, call: &ExprCall, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    let names = || AUTHENTICATORS.iter().map(|known| known.name);
    let Some(table) = AUTHENTICATORS.iter().find(|known| name == known.name) else {
        let message = match nearest(&name.to_string(), names()) {
            Some(meant) => format!("there is no authenticator `{name}`; did you mean `{meant}`?"),
            None => format!(
                "there is no authenticator `{name}`; there are {}, and `{{ … }}` takes any value of type `Auth`",
                names().collect::<Vec<_>>().join(", ")
            ),
        };
        errors.at(name, message);
        return None;
    };
    let mut keys = Keys { table, given: Vec::new(), calls: TokenStream::new(), whole: true };
    let mut positional = Vec::new();
    for argument in &call.args {
        match argument {
            value if positional.len() < table.arguments.len() => {
                let secret = table.arguments[positional.len()] != "name";
                positional.push(if secret { credential(value, scope) } else { value_of(value, scope) });
            }
            keyed => match keys.key(keyed, scope, errors) {
                Some(tokens) => keys.calls.extend(tokens),
                None => keys.whole = false,
            },
        }
    }
    if positional.len() != table.arguments.len() {
        errors.at(call, format!("`{name}` is written `{}`", table.example));
        return None;
    }
    let positional = positional.into_iter().collect::<Option<Vec<_>>>()?;
    let given = |due: &Key| {
        let other = if due.name == "token" { "token_header" } else { due.name };
        keys.given.contains(&due.name) || keys.given.contains(&other)
    };
    let lacking = table.keys.iter().filter(|key| key.default == "due" && !given(key));
    for due in lacking.filter(|_| keys.whole) {
        errors.at(name, format!("`{name}` lacks its `{}`: `{}`", due.name, due.example));
    }
    let (function, calls) = (Ident::new(table.name, name.span()), &keys.calls);
    keys.whole.then(|| quote_spanned!(glue(name.span())=> __rt::authenticators::#function(#(#positional),*)#calls))
}

/// The keys of one authenticator.
struct Keys {
    table: &'static Authenticator,
    given: Vec<&'static str>,
    calls: TokenStream,
    whole: bool,
}

impl Keys {
    /// One argument with a key: `url = …`, `json`, `fields(audience = "…")` or `password(config.user, config.password)`.
    fn key(&mut self, argument: &Expr, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
        let head = match argument {
            Expr::Assign(assign) => &*assign.left,
            Expr::Call(call) => &*call.func,
            other => other,
        };
        let key = self.find(head, errors)?;
        let span = glue(head.span());
        let method = Ident::new(self.method(key.name), head.span());
        match (key.shape, argument) {
            (Shape::Flag, Expr::Path(_)) if key.name == "basic_client" => {
                Some(quote_spanned!(span=> .client_auth(__rt::ClientAuth::Basic)))
            }
            (Shape::Flag, Expr::Path(_)) => Some(quote_spanned!(span=> .#method())),
            (Shape::Value, Expr::Assign(assign)) => {
                let value = match key.name {
                    "life_seconds" if self.table.name == "session" => {
                        let seconds = scope.expr(&assign.right)?;
                        quote!(__rt::life(#seconds))
                    }
                    "life_seconds" => scope.expr(&assign.right)?,
                    "assertion" | "client_assertion" => token(&assign.right, scope, errors)?,
                    name if CREDENTIALS.contains(&name) => credential(&assign.right, scope)?,
                    _ => value_of(&assign.right, scope)?,
                };
                let method = Ident::new(self.method(key.name), head.span());
                Some(quote_spanned!(span=> .#method(#value)))
            }
            (Shape::Choice(words), Expr::Assign(assign)) => {
                let word = assign.right.to_token_stream().to_string();
                let Some(word) = words.iter().find(|known| **known == word) else {
                    errors.at(
                        &assign.right,
                        format!("`{word}` is no value of `{}`; it is one of {}", key.name, words.join(", ")),
                    );
                    return None;
                };
                let word = Ident::new(word, assign.right.span());
                Some(quote_spanned!(span=> .#method(__rt::Method::#word)))
            }
            (Shape::Keys(_), Expr::Call(call)) => {
                let sent = sent(call, scope, errors)?;
                Some(quote_spanned!(span=> .#method(#sent)))
            }
            (Shape::Arguments(names), Expr::Call(call)) if call.args.len() == names.len() => {
                let secret = CREDENTIALS.contains(&key.name);
                let one = |value: &Expr| if secret { credential(value, scope) } else { value_of(value, scope) };
                let values: Option<Vec<_>> = call.args.iter().map(one).collect();
                let values = values?;
                Some(quote_spanned!(span=> .#method(#(#values),*)))
            }
            (Shape::Values, Expr::Call(call)) => {
                call.args.iter().map(|value| named(value, &method, key, scope, errors)).collect()
            }
            _ => {
                errors.at(argument, format!("`{}` is written `{}`", key.name, key.example));
                None
            }
        }
    }

    /// The builder's method for a key: a key for several values has a method for each.
    fn method(&self, key: &'static str) -> &'static str {
        match (self.table.name, key) {
            ("session", "life_seconds") => "life",
            ("session", "expires") => "life_at",
            (_, "fields") => "field",
            (_, "params") => "param",
            (_, "headers") => "extra_header",
            (_, "claims") => "claim",
            (_, "token_headers") => "token_header",
            (_, other) => other,
        }
    }

    fn find(&mut self, head: &Expr, errors: &Errors) -> Option<&'static Key> {
        let name = head.to_token_stream().to_string();
        let table = self.table;
        let Some(key) = table.keys.iter().find(|key| key.name == name) else {
            let known = || table.keys.iter().map(|key| key.name);
            let message = match crate::keys::synonym(table.name, &name).or_else(|| nearest(&name, known())) {
                Some(meant) => format!("`{}` has no key `{name}`; did you mean `{meant}`?", table.name),
                None if table.keys.is_empty() => format!("`{}` takes no keys: `{}`", table.name, table.example),
                None => {
                    format!("`{}` has no key `{name}`; it has {}", table.name, known().collect::<Vec<_>>().join(", "))
                }
            };
            errors.at(head, message);
            return None;
        };
        if self.given.contains(&key.name) {
            errors.at(head, format!("`{name}` is given twice"));
            return None;
        }
        self.given.push(key.name);
        Some(key)
    }
}

/// The keys whose values may be secrets, or templates over them.
const CREDENTIALS: &[&str] =
    &["url", "client_id", "client_secret", "refresh_token", "access_token", "expires", "password", "basic"];

/// `sent(header = "X-Token", prefix = "Token ")`: one place at most, and a prefix.
fn sent(call: &ExprCall, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    let (mut place, mut prefix) = (None, None);
    for argument in &call.args {
        let Expr::Assign(assign) = argument else {
            errors.at(argument, r#"`sent` is written `sent(header = "X-Token", prefix = "Token ")`"#);
            return None;
        };
        let name = assign.left.to_token_stream().to_string();
        let known = || SENT.iter().map(|key| key.name);
        let Some(key) = SENT.iter().find(|key| key.name == name) else {
            let hint = hint(&name, known(), || format!("it has {}", known().collect::<Vec<_>>().join(", ")));
            errors.at(&assign.left, format!("`sent` has no key `{name}`; {hint}"));
            return None;
        };
        let value = value_of(&assign.right, scope)?;
        let method = Ident::new(key.name, assign.left.span());
        let taken = if key.name == "prefix" { &mut prefix } else { &mut place };
        if taken.is_some() {
            errors.at(&assign.left, format!("`{name}` is one place too many: a token is sent once"));
            return None;
        }
        *taken = Some((method, value));
    }
    let span = glue(call.func.span());
    let place = match place {
        Some((method, value)) => quote_spanned!(span=> __rt::Sent::#method(#value)),
        None => quote_spanned!(span=> __rt::Sent::bearer()),
    };
    let prefix = prefix.map(|(method, value)| quote_spanned!(span=> .#method(#value)));
    Some(quote_spanned!(span=> #place #prefix))
}

/// One value under a name of the author's own.
fn named(value: &Expr, method: &Ident, key: &Key, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    let Expr::Assign(assign) = value else {
        errors.at(value, format!("`{}` is written `{}`", key.name, key.example));
        return None;
    };
    let name = match &*assign.left {
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => text.value(),
        other => other.to_token_stream().to_string(),
    };
    let value = if matches!(key.name, "claims" | "token_headers") {
        let value = value_of(&assign.right, scope)?;
        quote!(__rt::json_value(#value))
    } else {
        credential(&assign.right, scope)?
    };
    Some(quote_spanned!(glue(assign.left.span())=> .#method(#name, #value)))
}

/// A signed token, which is no authenticator yet.
fn token(expr: &Expr, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
    if let Expr::Call(call) = expr
        && let Expr::Path(path) = &*call.func
        && let Some(name) = path.path.get_ident().filter(|name| *name == "jwt")
    {
        return builder(name, call, scope, errors);
    }
    errors.at(
        expr,
        "an assertion is a signed token: `assertion = jwt(Rs256, config.private_key, claims(iss = config.issuer))`",
    );
    None
}

/// A value that may be a secret: a template over secrets is one, too, and so is what a function of ours makes of one.
fn credential(expr: &Expr, scope: &mut Scope<'_>) -> Option<TokenStream> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => {
            let template = scope.template_of(text);
            match template.constant() {
                Some(_) => scope.value(&Value::Template(template)),
                None => scope.secret(&template),
            }
        }
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Path(path) => {
                match path.path.get_ident().filter(|name| FUNCTIONS.iter().any(|known| name == known)) {
                    Some(name) => {
                        let values: Vec<_> = call.args.iter().map(|value| credential(value, scope)).collect();
                        let values = values.into_iter().collect::<Option<Vec<_>>>()?;
                        Some(quote_spanned!(glue(name.span())=> &__rt::credentials::#name(#(#values),*)))
                    }
                    None => value_of(expr, scope),
                }
            }
            _ => value_of(expr, scope),
        },
        _ => value_of(expr, scope),
    }
}

fn value_of(expr: &Expr, scope: &mut Scope<'_>) -> Option<TokenStream> {
    if let Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) = expr {
        let template = scope.template_of(text);
        return scope.value(&Value::Template(template));
    }
    if let Expr::Path(path) = expr
        && let Some(algorithm) = path.path.get_ident().filter(|ident| ALGORITHMS.iter().any(|known| ident == known))
    {
        return Some(quote_spanned!(glue(algorithm.span())=> __rt::Algorithm::#algorithm));
    }
    let tokens = scope.expr(expr)?;
    Some(if matches!(expr, Expr::Array(_)) { tokens } else { borrowed(expr, &tokens) })
}

const ALGORITHMS: &[&str] = &["Hs256", "Hs384", "Hs512", "Rs256", "Rs384", "Rs512", "Es256", "Es384"];
