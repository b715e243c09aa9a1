//! What `auth = …` knows by name.

use super::{Key, Shape, key};

#[cfg_attr(not(test), allow(dead_code, reason = "the reference is written by a test"))]
/// An authenticator of `auth = …`: its positional arguments, and the methods of its builder as keys (`default` is `due` where one
/// must be given).
pub(crate) struct Authenticator {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) keys: &'static [Key],
    pub(crate) doc: &'static str,
    pub(crate) example: &'static str,
}

const PREFIX: &[Key] = &[key("prefix", Shape::Value, "Text before the credential.", "", r#"prefix = "Token token=""#)];

/// Where a token goes that is obtained first: in `sent(…)`.
pub(crate) const SENT: &[Key] = &[
    key("header", Shape::Value, "In this header.", "`Authorization`", r#"header = "X-Token""#),
    key("param", Shape::Value, "As this query parameter.", "", r#"param = "token""#),
    key("cookie", Shape::Value, "As this cookie.", "", r#"cookie = "sid""#),
    key("body", Shape::Value, "As this field of the body, by dotted path.", "", r#"body = "auth.token""#),
    key("prefix", Shape::Value, "What stands before it.", "nothing; `Bearer ` without a place", r#"prefix = "Token ""#),
];

const fn sent() -> Key {
    key(
        "sent",
        Shape::Keys(SENT),
        "Where the token goes.",
        "`Authorization: Bearer …`",
        r#"sent(header = "X-Token", prefix = "Token ")"#,
    )
}

/// What `auth = …` knows by name.
pub(crate) const AUTHENTICATORS: &[Authenticator] = &[
    Authenticator { name: "none", arguments: &[], keys: &[], doc: "No credentials.", example: "none()" },
    Authenticator {
        name: "bearer",
        arguments: &["token"],
        keys: &[],
        doc: "`Authorization: Bearer …`.",
        example: "bearer(config.api_token)",
    },
    Authenticator {
        name: "header",
        arguments: &["name", "value"],
        keys: PREFIX,
        doc: "A header of any name.",
        example: r#"header("X-Api-Key", config.key, prefix = "Key ")"#,
    },
    Authenticator {
        name: "query",
        arguments: &["name", "value"],
        keys: &[],
        doc: "A query parameter.",
        example: r#"query("api_key", config.key)"#,
    },
    Authenticator {
        name: "cookie",
        arguments: &["name", "value"],
        keys: &[],
        doc: "A cookie.",
        example: r#"cookie("sid", config.key)"#,
    },
    Authenticator {
        name: "body",
        arguments: &["name", "value"],
        keys: &[],
        doc: "A field of the request's body, by dotted path.",
        example: r#"body("auth.key", config.key)"#,
    },
    Authenticator {
        name: "basic",
        arguments: &["user", "password"],
        keys: &[],
        doc: "`Authorization: Basic …`; the password may be empty.",
        example: r#"basic(config.user, config.password)"#,
    },
    Authenticator {
        name: "oauth2",
        arguments: &[],
        keys: &[
            key(
                "url",
                Shape::Value,
                "The token endpoint's URL.",
                "due",
                r#"url = "https://login.example.com/oauth/token""#,
            ),
            key("client_id", Shape::Value, "The client's id.", "", "client_id = config.client_id"),
            key("client_secret", Shape::Value, "The client's secret.", "", "client_secret = config.client_secret"),
            key(
                "refresh_token",
                Shape::Value,
                "The refresh token; without it the client's own credentials are the grant.",
                "",
                "refresh_token = config.refresh_token",
            ),
            key(
                "access_token",
                Shape::Value,
                "An access token that is already there.",
                "",
                "access_token = config.access_token",
            ),
            key("expires", Shape::Value, "When that access token ends.", "", "expires = config.token_expires"),
            key("scopes", Shape::Value, "The scopes to ask for.", "", r#"scopes = ["read"]"#),
            key(
                "scope_separator",
                Shape::Value,
                "What stands between scopes, where it is no space.",
                "",
                r#"scope_separator = ",""#,
            ),
            key(
                "grant_type",
                Shape::Value,
                "Another value of `grant_type` than the grant's own.",
                "",
                r#"grant_type = "account_credentials""#,
            ),
            key(
                "keep_refresh_token",
                Shape::Value,
                "The refresh token can be used once: the new one is written to this path of the config.",
                "",
                r#"keep_refresh_token = "refresh_token""#,
            ),
            key(
                "keep_access_token",
                Shape::Arguments(&["token", "expires"]),
                "Writes the access token and its end to these paths of the config, too.",
                "",
                r#"keep_access_token("access_token", "token_expires")"#,
            ),
            key(
                "password",
                Shape::Arguments(&["user", "password"]),
                "A user's name and password are the grant.",
                "",
                "password(config.user, config.password)",
            ),
            key(
                "assertion",
                Shape::Value,
                "A signed token is the grant.",
                "",
                "assertion = jwt(Rs256, config.private_key, claims(iss = config.issuer))",
            ),
            key(
                "client_assertion",
                Shape::Value,
                "The client proves itself by a signed token instead of a secret.",
                "",
                "client_assertion = jwt(Rs256, config.private_key, claims(iss = config.client_id, sub = config.client_id))",
            ),
            key(
                "fields",
                Shape::Values,
                "Further fields of the token request.",
                "",
                r#"fields(audience = "https://api.example.com")"#,
            ),
            key(
                "params",
                Shape::Values,
                "Query parameters of the token request.",
                "",
                "params(account_id = config.account)",
            ),
            key(
                "headers",
                Shape::Values,
                "Further headers of the token request.",
                "",
                r#"headers("X-Client" = config.client_id)"#,
            ),
            key("json", Shape::Flag, "The token request is JSON instead of a form.", "", "json"),
            key(
                "basic_client",
                Shape::Flag,
                "The client proves itself by basic authentication instead of fields.",
                "",
                "basic_client",
            ),
            key(
                "request_names",
                Shape::Arguments(&["client id", "client secret", "refresh token"]),
                "Own names of these fields of the token request.",
                "",
                r#"request_names("id", "secret", "token")"#,
            ),
            key(
                "answer_names",
                Shape::Arguments(&["access token", "expires", "refresh token"]),
                "Own places of these in the answer, by dotted path.",
                "",
                r#"answer_names("data.token", "data.expires_in", "data.refresh")"#,
            ),
            sent(),
        ],
        doc: "OAuth 2.0 (RFC 6749): a refresh token, or client credentials.",
        example: r#"oauth2(url = config.token_url, client_id = config.client_id, client_secret = config.client_secret, refresh_token = config.refresh_token)"#,
    },
    Authenticator {
        name: "session",
        arguments: &["url"],
        keys: &[
            key(
                "fields",
                Shape::Values,
                "Fields of the login request.",
                "",
                "fields(user = config.user, password = config.password)",
            ),
            key(
                "params",
                Shape::Values,
                "Query parameters of the login request.",
                "",
                "params(account = config.account)",
            ),
            key("headers", Shape::Values, "Headers of the login request.", "", r#"headers("X-Api-Key" = config.key)"#),
            key(
                "method",
                Shape::Choice(&["GET", "POST", "PUT"]),
                "The method of the login request.",
                "`POST`",
                "method = GET",
            ),
            key(
                "basic",
                Shape::Arguments(&["user", "password"]),
                "Basic authentication of the login request.",
                "",
                "basic(config.user, config.password)",
            ),
            key("form", Shape::Flag, "The fields are a form instead of JSON.", "", "form"),
            key(
                "token",
                Shape::Value,
                "Where the token is in the answer, by dotted path.",
                "due",
                r#"token = "data.token""#,
            ),
            key(
                "life_seconds",
                Shape::Value,
                "How long a token lives; without it, it is renewed when it is refused.",
                "",
                "life_seconds = 3600",
            ),
            key(
                "token_header",
                Shape::Value,
                "The token is in this header of the answer, not in its body.",
                "",
                r#"token_header = "X-Session""#,
            ),
            key(
                "expires",
                Shape::Value,
                "Where the answer says how long the token lives, by dotted path: seconds, or when it ends.",
                "",
                r#"expires = "data.expires_in""#,
            ),
            sent(),
        ],
        doc: "A login by POST, whose answer has the token.",
        example: r#"session("https://api.example.com/login", fields(user = config.user, password = config.password), token = "token")"#,
    },
    Authenticator {
        name: "jwt",
        arguments: &["algorithm", "key"],
        keys: &[
            key(
                "claims",
                Shape::Values,
                "Claims; `iat` and `exp` are added.",
                "",
                r#"claims(iss = config.issuer, aud = "example")"#,
            ),
            key("token_headers", Shape::Values, "Headers of the token.", "", "token_headers(kid = config.key_id)"),
            key("life_seconds", Shape::Value, "How long a token lives.", "1200", "life_seconds = 600"),
            key("key_in_base64", Shape::Flag, "The shared secret is given in base64.", "", "key_in_base64"),
            sent(),
        ],
        doc: "A token signed here (RFC 7519): Hs256, Hs384, Hs512, Rs256, Rs384, Rs512, Es256 or Es384.",
        example: "jwt(Hs256, config.secret, claims(iss = config.issuer))",
    },
    Authenticator {
        name: "rotate",
        arguments: &["tokens"],
        keys: &[sent()],
        doc: "Several tokens, a list of secrets or one with commas between, each with its own quota: a limited one is put aside until its reset, a refused one (401) is not used any more.",
        example: "rotate(config.tokens)",
    },
    Authenticator {
        name: "all",
        arguments: &["first", "second"],
        keys: &[],
        doc: "Several of these at once.",
        example: r#"all(bearer(config.token), header("X-Account", config.account))"#,
    },
];

/// What a credential's value may call by its bare name.
pub(crate) const FUNCTIONS: &[&str] = &["base64", "sha256", "hmac_sha256"];
