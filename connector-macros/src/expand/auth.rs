//! `auth = …`: the authenticators that have a name here, and any expression of type `Auth`.

use super::scope::Scope;
use crate::attributes::Value;
use crate::attributes::value::borrowed;
use crate::errors::Errors;
use crate::input::serde::glue;
use crate::keys::{AUTHENTICATORS, nearest};
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

/// A call of one of our own: positional arguments first, then `key = value` for its builder.
fn known(name: &Ident, call: &ExprCall, scope: &mut Scope<'_>, errors: &Errors) -> Option<TokenStream> {
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
    let mut positional = Vec::new();
    let mut keyed = TokenStream::new();
    let mut given = Vec::new();
    let mut whole = true;
    for argument in &call.args {
        match argument {
            Expr::Assign(assign) => match keyed_argument(table, &assign.left, &assign.right, &mut given, scope, errors)
            {
                Some(tokens) => keyed.extend(tokens),
                None => whole = false,
            },
            value => match value_of(value, scope) {
                Some(tokens) => positional.push(tokens),
                None => whole = false,
            },
        }
    }
    if positional.len() != table.arguments.len() {
        let message = format!("`{name}` is written `{}`", table.example);
        errors.at(call, message);
        return None;
    }
    for due in table.keys.iter().filter(|key| key.default == "due" && !given.contains(&key.name)) {
        if whole {
            errors.at(name, format!("`{name}` lacks its `{}`: `{}`", due.name, due.example));
        }
    }
    let function = Ident::new(table.name, name.span());
    whole.then(|| quote_spanned!(glue(name.span())=> __rt::into_auth(__rt::auth::#function(#(#positional),*)#keyed)))
}

fn keyed_argument(
    table: &crate::keys::Authenticator,
    left: &Expr,
    right: &Expr,
    given: &mut Vec<&'static str>,
    scope: &mut Scope<'_>,
    errors: &Errors,
) -> Option<TokenStream> {
    let name = left.to_token_stream().to_string();
    let Some(key) = table.keys.iter().find(|key| key.name == name) else {
        let known = || table.keys.iter().map(|key| key.name);
        let message = match nearest(&name, known()) {
            Some(meant) => format!("`{}` has no key `{name}`; did you mean `{meant}`?", table.name),
            None if table.keys.is_empty() => format!("`{}` takes no keys: `{}`", table.name, table.example),
            None => format!("`{}` has no key `{name}`; it has {}", table.name, known().collect::<Vec<_>>().join(", ")),
        };
        errors.at(left, message);
        return None;
    };
    if given.contains(&key.name) {
        errors.at(left, format!("`{name}` is given twice"));
        return None;
    }
    given.push(key.name);
    let method = Ident::new(key.name, left.span());
    let value = value_of(right, scope)?;
    Some(quote_spanned!(glue(left.span())=> .#method(#value)))
}

fn value_of(expr: &Expr, scope: &mut Scope<'_>) -> Option<TokenStream> {
    if let Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) = expr {
        let template = scope.template_of(text);
        return scope.value(&Value::Template(template));
    }
    let tokens = scope.expr(expr)?;
    Some(if matches!(expr, Expr::Array(_)) { tokens } else { borrowed(expr, &tokens) })
}
