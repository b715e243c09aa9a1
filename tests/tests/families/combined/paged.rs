//! Combinations around pages.

combination! {
    logs_behind_links, [
        "auth: choice of methods (oneOf)", "auth: key in header", "base URL with config value", "backoff: from header", "error rules: by status code",
        "incremental: datetime cursor", "interval bounds in a query template", "expression: date functions in a request",
        "paging: Link/other header", "paging: follow next URL", "add field (constant / from record)", "query parameter from config"
    ],
    { "org": "acme", "login": { "Key": { "key": "k3y-k3y" } }, "kind": "user" }, { "authorization": "SSWS k3y-k3y" },
    {
        "acme/logs?filter=at+gt+%222024-01-01T00%3A00%3A00.000Z%22&kind=user" =>
            Reply::json(r#"[{"uuid":"a","at":"2024-02-01T00:00:00Z","actor":{"id":"x"}}]"#).header("link", "<https://api.example.com/acme/logs?after=1>; rel=\"next\""),
        "acme/logs?after=1" => Reply::json(r#"[{"uuid":"b","at":"2024-02-02T00:00:00Z","actor":{"id":"y"}}]"#).header("link", "<https://api.example.com/acme/logs>; rel=\"self\""),
    },
    [
        r#"log {"uuid":"a","at":"2024-02-01T00:00:00Z","actor":{"id":"x"},"by":"x"}"#,
        r#"log {"uuid":"b","at":"2024-02-02T00:00:00Z","actor":{"id":"y"},"by":"y"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "logs", params(filter = format!("at gt \"{}\"", slice.start.format("%Y-%m-%dT%H:%M:%S%.3fZ")), kind = config.kind))]
    #[paginate(link)]
    #[add(by = record.actor.id)]
    #[on(status = 429, rate_limited, wait_header = "x-rate-limit-reset")]
    struct Log {
        #[primary_key]
        uuid: String,
        #[cursor(start = "2024-01-01T00:00:00Z")]
        at: DateTime<Utc>,
        actor: Actor,
    }
    #[derive(Record)]
    struct Actor {
        id: String,
    }
    #[config]
    enum Login {
        Key { key: Secret },
        Token { token: Secret },
    }
    #[source(
        base_url = "https://api.example.com/{config.org}/",
        auth = match &config.login { Login::Key { key } => header("Authorization", key, prefix = "SSWS "), Login::Token { token } => bearer(token) },
        streams(Log)
    )]
    struct Api {
        org: String,
        login: Login,
        kind: String,
    }
}

combination! {
    subscriptions_with_offset_tokens, [
        "auth: basic", "base URL with config value", "constant query parameter", "error rules: by body predicate", "error rules: by message text",
        "incremental: datetime cursor", "incremental: epoch cursor", "interval bounds in a query template", "paging: token computed by an expression",
        "records through a wildcard path", "add field from parent or partition", "parent stream", "path/URL from parent or partition"
    ],
    { "site": "acme", "key": "k3y-k3y" }, { "authorization": "Basic azN5LWszeTo=" },
    {
        "acme/customers?limit=2" => r#"{"list":[{"customer":{"id":"c1"}}],"next_offset":null}"#,
        "acme/customers/c1/invoices?limit=2&updated=after+1704067200" => r#"{"list":[{"invoice":{"id":"i1","updated":1704067201}}],"next_offset":["1","2"]}"#,
        "acme/customers/c1/invoices?limit=2&updated=after+1704067200&offset=%5B%221%22%2C%222%22%5D" => r#"{"list":[{"invoice":{"id":"i2","updated":1704067202}}]}"#,
        "acme/addons" => Reply::status(400).body(r#"{"message":"not enabled for this site"}"#),
    },
    [
        r#"customer {"id":"c1"}"#, r#"invoice {"id":"i1","updated":1704067201,"customer":"c1"}"#,
        r#"invoice {"id":"i2","updated":1704067202,"customer":"c1"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "customers", params(limit = 2), records = "list.*.customer")]
    struct Customer {
        #[primary_key]
        id: String,
    }
    #[derive(HttpStream)]
    #[http(
        path = "customers" / parent.id / "invoices", parent = Customer, records = "list.*.invoice",
        params(limit = 2, updated = format!("after {}", slice.start.timestamp()))
    )]
    #[paginate(token = response.get("next_offset").filter(|next| !next.is_null()).map(|next| next.to_string()), param = "offset")]
    #[add(customer = parent.id)]
    struct Invoice {
        #[primary_key]
        id: String,
        #[cursor(start = "2024-01-01T00:00:00Z", formats("epoch_seconds"))]
        updated: DateTime<Utc>,
    }
    #[derive(HttpStream)]
    #[http(path = "addons", records = "list.*.addon")]
    #[on(status = 400, text = "not enabled", ignore)]
    #[on(body("api_error" = "site_moved"), fail = "the site has moved")]
    struct Addon {
        id: String,
    }
    #[source(base_url = "https://api.example.com/{config.site}/", auth = basic(config.key, ""), streams(Customer, Invoice, Addon))]
    struct Api {
        site: String,
        key: String,
    }
}

combination! {
    prospects_after_a_business_login, [
        "auth: login call, session token", "header from config", "error rules: by message text", "expression: conditional in a request",
        "cast values to the schema", "constant query parameter", "paging: token computed by an expression", "paging: follow next URL",
        "paging: stop by comparison / counts", "records at one field"
    ],
    { "user": "me", "password": "pa55word-pa55word", "unit": "0Uv" }, { "business-unit": "0Uv", "authorization": "Bearer fresh-fresh" },
    {
        r#"login {"password":"pa55word-pa55word","user":"me"}"# => r#"{"access_token":"fresh-fresh"}"#,
        "prospects?fields=id%2Cscore&deleted=all" => r#"{"values":[{"id":"1","score":"7"}],"nextPageUrl":"https://api.example.com/prospects?nextPageToken=x","left":1}"#,
        "prospects?nextPageToken=x" => r#"{"values":[{"id":"2","score":"8"}],"nextPageUrl":"https://api.example.com/prospects?nextPageToken=y","left":0}"#,
    },
    [r#"prospect {"id":1,"score":8}"#, r#"prospect {"id":2,"score":9}"#],
    #[derive(HttpStream)]
    #[http(path = "prospects", params(fields = fields().join(","), deleted = if config.unit.is_empty() { "false" } else { "all" }), records = "values")]
    #[paginate(next_url = response.text("nextPageUrl"), stop = response.integer("left") == Some(0))]
    #[transform(cast)]
    #[add(score = record.score + 1)]
    #[on(text = "Daily API rate limit met", fail = "the daily limit is used up")]
    struct Prospect {
        #[primary_key]
        id: u64,
        score: u32,
    }
    #[source(
        base_url = "https://api.example.com/",
        auth = session("https://api.example.com/login", fields(user = config.user, password = config.password), token = "access_token"),
        headers("Business-Unit" = config.unit), streams(Prospect)
    )]
    struct Api {
        user: String,
        password: Secret,
        unit: String,
    }
}

combination! {
    messages_by_seek, [
        "auth: bearer", "parent stream", "query parameter from parent or partition", "paging: token computed by an expression",
        "paging: token from the last record", "incremental: datetime cursor", "incremental: state per partition", "remove field", "records at one field"
    ],
    { "token": "t0ken-t0ken" }, {},
    {
        "channels" => r#"{"items":[{"id":"c"}]}"#,
        "messages?channel=c&limit=2" => r#"{"items":[{"id":9,"at":"2024-01-03T00:00:00Z","raw":1},{"id":8,"at":"2024-01-02T00:00:00Z","raw":2}]}"#,
        "messages?channel=c&limit=2&before=1704153600000-8" => r#"{"items":[{"id":7,"at":"2024-01-01T00:00:00Z","raw":3}]}"#,
    },
    [
        r#"channel {"id":"c"}"#, r#"message {"id":7,"at":"2024-01-01T00:00:00Z"}"#, r#"message {"id":8,"at":"2024-01-02T00:00:00Z"}"#,
        r#"message {"id":9,"at":"2024-01-03T00:00:00Z"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "channels", records = "items")]
    struct Channel {
        #[primary_key]
        id: String,
    }
    #[derive(HttpStream)]
    #[http(path = "messages", parent = Channel, params(channel = parent.id), records = "items")]
    #[paginate(
        token = (page.count == 2).then(|| format!("{}-{}", record.at.timestamp_millis(), record.id)), param = "before",
        size(count = 2, param = "limit")
    )]
    #[remove(raw)]
    struct Message {
        #[primary_key]
        id: u64,
        #[cursor]
        at: DateTime<Utc>,
        raw: u64,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), streams(Channel, Message))]
    struct Api {
        token: Secret,
    }
}

combination! {
    contacts_found_beyond_the_limit, [
        "POST method", "JSON body", "JSON body: interval bounds", "paging: values in the body", "paging: offset", "paging: reset / split interval on limit",
        "incremental: epoch cursor", "incremental: datetime cursor", "records at one field", "auth: bearer"
    ],
    { "token": "t0ken-t0ken" }, {},
    {
        r#"search {"after":0,"filter":{"gte":1704067200000},"limit":2}"# => r#"{"results":[{"id":1,"at":1704067200001},{"id":2,"at":1704067200002}]}"#,
        r#"search {"after":2,"filter":{"gte":1704067200000},"limit":2}"# => r#"{"results":[{"id":3,"at":1704067200003},{"id":4,"at":1704067200004}]}"#,
        r#"search {"after":0,"filter":{"gte":1704067200004},"limit":2}"# => r#"{"results":[{"id":4,"at":1704067200004}]}"#,
    },
    [
        r#"contact {"id":1,"at":1704067200001}"#, r#"contact {"id":2,"at":1704067200002}"#, r#"contact {"id":3,"at":1704067200003}"#,
        r#"contact {"id":4,"at":1704067200004}"#, r#"contact {"id":4,"at":1704067200004}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "search", method = POST, body("filter.gte" = slice.start.timestamp_millis()), records = "results")]
    #[paginate(offset, body = "after", size(count = 2, body = "limit"), reset_after = 4)]
    struct Contact {
        #[primary_key]
        id: u64,
        #[cursor(start = "2024-01-01T00:00:00Z", formats("epoch_millis"), order = ascending)]
        at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), streams(Contact))]
    struct Api {
        token: Secret,
    }
}
