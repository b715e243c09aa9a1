//! The attributes of a source, of its config and of nested records.

use super::{Attribute, Bare, CRATE, Key, Shape, key, several};

const QUOTA: &[Key] = &[
    key(
        "requests",
        Shape::Value,
        "How many; a stream's `weight` says how many one of its requests counts for.",
        "due",
        "requests = 100",
    ),
    key("seconds", Shape::Value, "In how many seconds.", "due", "seconds = 60"),
    key(
        "window",
        Shape::Choice(&["moving", "fixed"]),
        "`moving`: in any stretch of that length. `fixed`: in each full minute, hour, day (UTC) of it.",
        "`moving`, which is safe for both",
        "window = fixed",
    ),
    key("streams", Shape::Streams, "Only for these streams, together.", "all", "streams(Search, Suggestion)"),
];

const LIMIT_HEADERS: &[Key] = &[
    key(
        "remaining",
        Shape::Text,
        "How many requests are left.",
        "`RateLimit-Remaining`, `X-RateLimit-Remaining` …",
        r#"remaining = "X-Budget-Left""#,
    ),
    key(
        "reset",
        Shape::Text,
        "When the quota is full again: seconds, a date, a moment since 1970. Once nothing is left, nothing is sent until then.",
        "`RateLimit-Reset`, `X-RateLimit-Reset` …",
        r#"reset = "X-Budget-Reset""#,
    ),
    key(
        "retry_after",
        Shape::Text,
        "How long to wait before asking again.",
        "`Retry-After`",
        r#"retry_after = "X-Retry-In""#,
    ),
    key(
        "pause",
        Shape::Text,
        "How long nothing is to be sent after this answer, also after a success; obeyed up to a minute.",
        "`Backoff`, `X-Backoff`",
        r#"pause = "X-Slow-Down""#,
    ),
];

const ADVANCED_AUTH: &[Key] = &[
    key(
        "consent_url",
        Shape::Text,
        "Where the user agrees; may hold the platform's templates (`{{ client_id_value }}`), or else gets the usual query.",
        "due",
        r#"consent_url = "https://login.example.com/authorize""#,
    ),
    key(
        "access_token_url",
        Shape::Text,
        "Where the code is changed for tokens.",
        "due",
        r#"access_token_url = "https://login.example.com/token""#,
    ),
    key(
        "scope",
        Shape::Text,
        "The scopes to ask for, as the API takes them.",
        "none",
        r#"scope = "read offline_access""#,
    ),
    key(
        "client_id",
        Shape::Text,
        "Where in the config the client's id goes, by dotted path.",
        "`client_id`",
        r#"client_id = "credentials.client_id""#,
    ),
    key(
        "client_secret",
        Shape::Text,
        "Where in the config the client's secret goes.",
        "`client_secret`",
        r#"client_secret = "credentials.client_secret""#,
    ),
    key(
        "output",
        Shape::NamedTexts,
        "What the token endpoint answers, by dotted path, and where in the config it goes.",
        "due",
        r#"output(refresh_token = "credentials.refresh_token")"#,
    ),
    key(
        "input",
        Shape::NamedTexts,
        "Values that the addresses need as `{{ name }}`, and where in the config they are.",
        "none",
        r#"input(subdomain = "subdomain")"#,
    ),
    key(
        "headers",
        Shape::NamedTexts,
        "Headers of the token request.",
        "none",
        r#"headers(Accept = "application/json")"#,
    ),
    key(
        "params",
        Shape::NamedTexts,
        "Parameters of the token request.",
        "the usual ones, unless the URL has templates",
        r#"params(grant_type = "authorization_code", "{{ auth_code_key }}" = "{{ auth_code_value }}")"#,
    ),
    key(
        "keys",
        Shape::TextsOf(&["client_id", "client_secret", "scope", "state", "auth_code", "redirect_uri", "token_expiry"]),
        "The API's own names of these.",
        "the standard's",
        r#"keys(client_id = "app_id", auth_code = "auth_code")"#,
    ),
    key(
        "predicate",
        Shape::NamedTexts,
        "Only if the config has this value at this path: the flow belongs to one of several ways to log in.",
        "always",
        r#"predicate("credentials.type" = "OAuth")"#,
    ),
];

/// `#[source(…)]`.
pub(crate) const SOURCE: Attribute = Attribute {
    name: "source",
    place: "the config's struct",
    doc: "A source: its config is the struct, its streams are listed here.",
    example: r#"#[source(name = "source-example", base_url = "https://api.example.com/v1/", streams(User, Order))]"#,
    open: false,
    bare: Bare::No,
    keys: &[
        key(
            "name",
            Shape::Text,
            "The source's name, as the platform knows it.",
            "the package's name",
            r#"name = "source-example""#,
        ),
        key("version", Shape::Text, "The source's version.", "the package's version", r#"version = "1.2.0""#),
        key(
            "documentation_url",
            Shape::Text,
            "Where its documentation is.",
            "none",
            r#"documentation_url = "https://docs.example.com""#,
        ),
        key(
            "base_url",
            Shape::Value,
            "The URL that all paths stand under: a template, or a value of the config (an option falls back on nothing: give it a default).",
            "",
            r#"base_url = "https://{config.region}.example.com/v1/""#,
        ),
        key("auth", Shape::Auth, "How requests are authenticated.", "not at all", "auth = bearer(config.api_token)"),
        key(
            "advanced_auth",
            Shape::Keys(ADVANCED_AUTH),
            "The OAuth login that a platform can run in place of asking for tokens: `advanced_auth` of the spec.",
            "none",
            r#"advanced_auth(consent_url = "https://login.example.com/authorize", access_token_url = "https://login.example.com/token", output(refresh_token = "refresh_token"))"#,
        ),
        key("headers", Shape::Values, "Headers of every request.", "none", r#"headers("X-Version" = 2)"#),
        key(
            "allowed_hosts",
            Shape::Texts,
            "Hosts besides the base URL's that credentials may be sent to.",
            "none",
            r#"allowed_hosts("files.example.com")"#,
        ),
        several(key(
            "quota",
            Shape::Keys(QUOTA),
            "Requests that all streams may make together in a time. It may be given several times; all of them hold. Tokens in rotation have one each.",
            "none",
            "quota(requests = 100, seconds = 60)",
        )),
        key(
            "limit_headers",
            Shape::Keys(LIMIT_HEADERS),
            "The API's own names for headers that tell of rate limits.",
            "the usual ones",
            r#"limit_headers(remaining = "X-Budget-Left", reset = "X-Budget-Reset")"#,
        ),
        key(
            "concurrency",
            Shape::Value,
            "How much is done side by side: so many streams, so many slices of each, so many requests in flight to one host.",
            "8 streams, 4 slices, 4 requests",
            "concurrency = 10",
        ),
        key(
            "requests_per_host",
            Shape::Value,
            "Requests in flight to one host at a time, where that is another number than the `concurrency`.",
            "the `concurrency`, or 4",
            "requests_per_host = 8",
        ),
        key(
            "roots",
            Shape::Choice(&["found", "system", "bundled"]),
            "Whose certificate authorities are trusted: the `system`'s, or the `bundled` ones. Certificates are always verified.",
            "`found`: the system's, or the bundled ones where it has none",
            "roots = bundled",
        ),
        key(
            "root_certificate",
            Shape::Value,
            "A certificate authority to trust besides, as PEM text; one that is none or empty is left out.",
            "none",
            "root_certificate = config.ca_certificate",
        ),
        key(
            "validate",
            Shape::Function,
            "A function over the config that refuses what its schema cannot tell, such as one field against another; before any request. Rules on single fields are schemars' attributes: `#[schemars(range(min = 1, max = 100))]`, `length(…)`, `regex(pattern = \"…\")`.",
            "the schema alone",
            "validate = Self::validate",
        ),
        key(
            "streams",
            Shape::Streams,
            "The streams; one of a library is handed its own config. A function among them, or in their place, finds streams that the config or the API decides, each `made_of` a value.",
            "",
            "streams(User, Order, billing::Invoice(&config.billing), Self::tables)",
        ),
        key(
            "check",
            Shape::Texts,
            "The streams whose first page `check` reads.",
            "the first without a parent",
            r#"check("users")"#,
        ),
        key(
            "global_state",
            Shape::Flag,
            "The states of all streams are emitted as one (GLOBAL), not one a stream.",
            "one a stream",
            "global_state",
        ),
        key(
            "catalog_lock",
            Shape::Text,
            "A file of the package that the catalog is committed in; the test that this makes fails when the catalog is another, and says whether that breaks its readers. `CATALOG_LOCK=additions cargo test` writes it, `CATALOG_LOCK=breaking` whatever changed.",
            "none",
            r#"catalog_lock = "catalog.lock.json""#,
        ),
        CRATE,
    ],
};

/// `#[record]`.
pub(crate) const RECORD: Attribute = Attribute {
    name: "record",
    place: "a struct or enum inside a record, under `#[derive(Record)]`",
    doc: "What serde's attributes do not say of it.",
    example: "#[record(crate = my::reexport)]",
    open: false,
    bare: Bare::No,
    keys: &[CRATE],
};

/// `#[config]`.
pub(crate) const CONFIG: Attribute = Attribute {
    name: "config",
    place: "a struct or enum inside the config",
    doc: "A type that stands in a source's config. An enum becomes a choice.",
    example: "#[config]",
    open: false,
    bare: Bare::No,
    keys: &[CRATE],
};
