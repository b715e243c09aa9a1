//! The faults that are told, by their texts; where they stand is what the ui tests of the workspace are for.

use super::faults;

fn one(source: &str, text: &str) {
    let found = faults(source);
    assert!(found.len() == 1 && found[0].contains(text), "expected one fault with `{text}`, found {found:#?}");
}

fn stream(attributes: &str) -> String {
    format!("#[derive(HttpStream)] {attributes} struct User {{ #[primary_key] id: u64, #[cursor] at: DateTime<Utc> }}")
}

#[test]
fn keys() {
    one(&stream(r#"#[http(pth = "users")]"#), "`http` has no key `pth`; did you mean `path`?");
    one(&stream(r#"#[http(request_params(a = 1))]"#), "did you mean `params`?");
    one(&stream(r#"#[http(frobnicate = "users")]"#), "`http` has no key `frobnicate`; it has name, namespace, path");
    one(&stream(r#"#[http(path = "a", path = "b")]"#), "`path` is given twice");
    one(&stream(r#"#[http(path)]"#), r#"`path` is written `path = "users/{parent.id}/posts"`"#);
    one(&stream(r#"#[http(path = )]"#), "`path` lacks its value");
    one(&stream(r#"#[http(path = "a" params(a = 1))]"#), "is not a Rust expression");
    one(&stream(r#"#[http(name = 7)]"#), "`name` takes a string");
    one(&stream(r#"#[http(method = GOT)]"#), "did you mean `GET`?");
    let cursor = |order: &str| format!("#[derive(HttpStream)] struct A {{ #[cursor(order = {order})] at: String }}");
    one(&cursor("ascendin"), "did you mean `ascending`?");
    one(&cursor("\"ascending\""), "it is one of unordered, ascending, descending");
    assert!(faults(&cursor("config.order()")).is_empty());
    one(&stream(r#"#[http = "users"]"#), "`http` is written with parentheses");
    one(&stream(r#"#[http(params(a = config.))]"#), "`config .` is not a Rust expression");
    one(&stream(r#"#[http(params(a))]"#), "`a` lacks its value");
}

#[test]
fn all_at_once() {
    let source = r#"
        #[derive(HttpStream)]
        #[http(nme = "users", path = "users/{id}", pth = "x", params(a = config., b = 2 c = 3), method = GOT)]
        #[paginate(token = "next", sise(count = 10))]
        struct User { #[primary_key] id: Option<u64>, #[cursor(sinc = "a")] at: DateTime<Utc> }
    "#;
    let found = faults(source);
    assert_eq!(found.len(), 9, "{found:#?}");
}

#[test]
fn values() {
    one(
        &stream(r#"#[http(path = "users/{id}")]"#),
        "`{id}` names nothing: a placeholder begins with `config`, `parent`, `partition` or `slice`; did you mean `{config.id}`?",
    );
    one(&stream(r#"#[http(path = "users/{id}", parent = User)]"#), "did you mean `{parent.id}`?");
    one(&stream(r#"#[http(path = "users/{parnt.id}", parent = User)]"#), "did you mean `{parent.id}`?");
    one(&stream(r#"#[http(path = "users/{parent.id}")]"#), "`parent` is unknown here; name the stream it is");
    one(&stream(r#"#[http(path = "users/{parent}", parent = User)]"#), "`parent` alone is no value");
    one(
        &stream(r#"#[http(params(a = slice.begin))]"#),
        "a slice has no `begin`; it has `start`, `end` and `incremental`",
    );
    one(&stream(r#"#[http(parnt = User, path = "{parent.id}")]"#), "did you mean `parent`?");
    one(
        "#[derive(HttpStream)] #[http(params(a = slice.start))] struct A { id: u64 }",
        "`slice` has bounds only in a stream with a #[cursor]",
    );
    one(
        "#[derive(HttpStream)] #[http(parent = User)] struct A { #[cursor(start = parent.at)] at: String }",
        "`parent` is not known here",
    );
    one(&stream(r#"#[http(path = "users/{")]"#), "without its other half");
}

#[test]
fn streams() {
    one(&stream(r#"#[http(body(a = 1), form(b = 2))]"#), "`form` and `body` exclude each other");
    one(&stream(r#"#[http(method = GET, body(a = 1))]"#), "a GET request has no body");
    one(&stream(r#"#[http(name = "")]"#), "`name` is empty");
    one("#[derive(HttpStream)] struct A { #[cursor] a: String, #[cursor] b: String }", "a stream has one cursor");
    one("#[derive(HttpStream)] struct A { #[primary_key] id: Option<u64> }", "the primary key `id` cannot be optional");
    one(
        "#[derive(HttpStream)] struct A { #[primary_key] #[serde(skip)] id: u64 }",
        "has no place of its own in the JSON record",
    );
    one("#[derive(HttpStream)] struct A { #[http(path = \"a\")] id: u64 }", "#[http] belongs to the struct");
    one("#[derive(HttpStream)] struct A { #[cursor] #[cursor] id: u64 }", "#[cursor] is given twice");
    one(
        "#[derive(HttpStream)] #[cursor(since = \"a\")] struct A { id: u64 }",
        "on a struct, #[cursor] names its field",
    );
    one("#[derive(HttpStream)] #[primary_key] struct A { id: u64 }", "on a struct, #[primary_key] names its fields");
    one("#[derive(HttpStream)] struct A { #[primary_key(id)] id: u64 }", "on a field, #[primary_key] takes nothing");
    one("#[derive(HttpStream)] enum A { B }", "a stream is a struct with named fields");
    one("#[derive(Record)] #[serde(rename_all = \"camel\")] struct A { id: u64 }", "serde knows no case `camel`");
}

#[test]
fn pagination() {
    one(&stream(r#"#[paginate]"#), "nothing names the next page");
    one(&stream(r#"#[paginate(token = "a")]"#), "`token` is never sent");
    one(&stream(r#"#[paginate(pages, offset, param = "b")]"#), "`offset` and `pages` exclude each other");
    one(&stream(r#"#[paginate(next_url = "a", param = "b")]"#), "a next page's URL is asked as it is");
    one(&stream(r#"#[paginate(token = "a", param = "b", header = "c")]"#), "`header` and `param` exclude each other");
    one(&stream(r#"#[paginate(pages, param = "p", size(count = 10))]"#), "this page size is never sent");
    one(&stream(r#"#[paginate(pages, param = "p", size(param = "n"))]"#), "`size` lacks its `count`");
    one(&stream(r#"#[paginate(token = "a", param = "b", start = 1)]"#), "`start` belongs to `pages` or `offset`");
    one(&stream(r#"#[paginate(pages, param = "p", per_page = 10)]"#), "did you mean `size`?");
    one(&stream(r#"#[paginate(pages = 1, param = "p")]"#), "`pages` takes no value");
}

#[test]
fn sources() {
    let source = |arguments: &str| format!("#[source({arguments})] struct Example {{ token: Secret }}");
    one(&source(r#"base_url = "https://a""#), "`source` lacks its streams");
    one(&source("streams(User)"), "`source` lacks its base URL");
    one(&source(r#"base_url = "https://a", streams()"#), "a source has one stream at least");
    one(&source(r#"base_url = "https://a", streams(User, User)"#), "the stream `User` is listed twice");
    one(&source(r#"base_url = "https://a", streams(User), authh = bearer(config.token)"#), "did you mean `auth`?");
    one(
        &source(r#"base_url = "https://a", streams(User), auth = baerer(config.token)"#),
        "there is no authenticator `baerer`; did you mean `bearer`?",
    );
    one(
        &source(r#"base_url = "https://a", streams(User), auth = bearer()"#),
        "`bearer` is written `bearer(config.api_token)`",
    );
    one(
        &source(r#"base_url = "https://a", streams(User), auth = oauth2(client = config.token, url = "b")"#),
        "`oauth2` has no key `client`",
    );
    one(
        &source(r#"base_url = "https://a", streams(User), auth = oauth2(secret = config.token, url = "b")"#),
        "`oauth2` has no key `secret`; did you mean `client_secret`?",
    );
    one(
        &source(r#"base_url = "https://a", streams(User), auth = oauth2(client_id = config.token)"#),
        "`oauth2` lacks its `url`",
    );
    one(&source(r#"base_url = "https://{region}", streams(User)"#), "did you mean `{config.region}`?");
    one(&source(r#"base_url = "https://a", streams(User, 7)"#), "a stream is named by its type");
}

/// Whatever is typed, the macros answer.
#[test]
fn half_typed_attributes_never_panic() {
    let whole = r#"name = "users" , path = "u/{parent.id}" / parent . id , params ( a = config . b , "c" = slice . start ) , parent = User"#;
    let words: Vec<&str> = whole.split(' ').collect();
    for end in 0..=words.len() {
        let part = words[..end].join(" ");
        let open = part.matches('(').count() - part.matches(')').count();
        let part = part + &")".repeat(open);
        faults(&stream(&format!("#[http({part})]")));
        faults(&format!("#[source({part})] struct Example {{ token: Secret }}"));
    }
}
