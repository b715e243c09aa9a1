//! Combinations around what is sent in the body.

combination! {
    report_posted_by_window, [
        "POST method", "JSON body", "JSON body: interval bounds", "paging: values in the body", "paging: token from a body field",
        "incremental: datetime cursor", "incremental: window step", "auth: key in header", "records at a nested path", "constant header"
    ],
    { "key": "k3y-k3y" }, { "authorization": "Key k3y-k3y", "revision": "2024-10-15" },
    {
        r#"reports {"filter":{"from":"2024-01-01","to":"2024-01-31"},"page":{"size":2}}"# =>
            r#"{"data":{"rows":[{"id":1,"day":"2024-01-05"}]},"next":"n"}"#,
        r#"reports {"filter":{"from":"2024-01-01","to":"2024-01-31"},"page":{"cursor":"n","size":2}}"# => r#"{"data":{"rows":[]},"next":null}"#,
        r#"reports {"filter":{"from":"2024-02-01","to":"2024-02-10"},"page":{"size":2}}"# =>
            r#"{"data":{"rows":[{"id":2,"day":"2024-02-02"}]}}"#,
    },
    [r#"report {"id":1,"day":"2024-01-05"}"#, r#"report {"id":2,"day":"2024-02-02"}"#],
    #[derive(HttpStream)]
    #[http(path = "reports", method = POST, records = "data.rows")]
    #[paginate(token = "next", body = "page.cursor", size(count = 2, body = "page.size"))]
    struct Report {
        #[primary_key]
        id: u64,
        #[cursor(start = "2024-01-01", end = "2024-02-10", step = months(1), since(body = "filter.from"), until(body = "filter.to"))]
        day: NaiveDate,
    }
    #[source(base_url = "https://api.example.com/", auth = header("Authorization", config.key, prefix = "Key "), headers(revision = "2024-10-15"), streams(Report))]
    struct Api {
        key: Secret,
    }
}

combination! {
    campaigns_of_profiles, [
        "POST method", "JSON body", "JSON body: parent or partition value", "header from parent or partition", "header from config",
        "base URL chosen by config (if/lookup)", "parent stream", "parent: extra fields", "record filter", "record filter using config/interval",
        "paging: values in the body", "paging: token from a body field", "auth: bearer", "records at one field"
    ],
    { "token": "t0ken-t0ken", "client": "c1", "region": "Eu", "states": ["on"] }, { "authorization": "Bearer t0ken-t0ken", "client-id": "c1" },
    {
        "eu/profiles" => r#"[{"id":7,"country":"DE"}]"#,
        r#"eu/campaigns {"country":"DE","states":["on"]}"# => r#"{"rows":[{"id":1,"state":"on"},{"id":2,"state":"off"}],"nextToken":"x"}"#,
        r#"eu/campaigns {"country":"DE","nextToken":"x","states":["on"]}"# => r#"{"rows":[{"id":3,"state":"on"}]}"#,
    },
    [r#"campaign {"id":1,"state":"on"}"#, r#"campaign {"id":3,"state":"on"}"#, r#"profile {"id":7,"country":"DE"}"#],
    #[derive(HttpStream)]
    #[http(path = "profiles")]
    struct Profile {
        #[primary_key]
        id: u64,
        country: String,
    }
    #[derive(HttpStream)]
    #[http(
        path = "campaigns", parent = Profile, headers("X-Scope" = parent.id), body(country = parent.country, states = config.states),
        records = "rows", filter = config.states.contains(&record.state)
    )]
    #[paginate(token = "nextToken", body = "nextToken")]
    struct Campaign {
        #[primary_key]
        id: u64,
        state: String,
    }
    #[config]
    enum Region {
        Eu,
        Na,
    }
    #[source(
        base_url = match config.region { Region::Eu => "https://api.example.com/eu/", Region::Na => "https://api.example.com/na/" },
        auth = bearer(config.token), headers("Client-Id" = config.client), streams(Profile, Campaign)
    )]
    struct Api {
        token: Secret,
        client: String,
        region: Region,
        states: Vec<String>,
    }
}

combination! {
    issues_by_graphql, [
        "GraphQL body", "JSON body", "POST method", "auth: key in header", "paging: token from a body field", "paging: stop on a flag field",
        "paging: values in the body", "records at a nested path", "remove field", "add field: expression", "constant header"
    ],
    { "key": "lin-k3y-k3y" }, { "authorization": "lin-k3y-k3y", "x-client": "airbyte" },
    {
        r#"graphql {"query":"query($first: Int, $after: String) { issues }","variables":{"first":2}}"# =>
            r#"{"data":{"issues":{"nodes":[{"id":"a","title":"A b","url":"u"}],"pageInfo":{"endCursor":"c","hasNextPage":true}}}}"#,
        r#"graphql {"query":"query($first: Int, $after: String) { issues }","variables":{"after":"c","first":2}}"# =>
            r#"{"data":{"issues":{"nodes":[{"id":"b","title":"","url":"v"}],"pageInfo":{"endCursor":"d","hasNextPage":false}}}}"#,
    },
    [r#"issue {"id":"a","title":"A b","words":2}"#, r#"issue {"id":"b","title":"","words":0}"#],
    #[derive(HttpStream)]
    #[http(
        path = "graphql", graphql = "query($first: Int, $after: String) { issues }", body("variables.first" = 2), records = "data.issues.nodes"
    )]
    #[paginate(token = "data.issues.pageInfo.endCursor", body = "variables.after", stop("data.issues.pageInfo.hasNextPage" = false))]
    #[add(words = record.title.split_whitespace().count())]
    #[remove(url)]
    struct Issue {
        #[primary_key]
        id: String,
        title: String,
        url: String,
    }
    #[source(base_url = "https://api.example.com/", auth = header("Authorization", config.key), headers("X-Client" = "airbyte"), streams(Issue))]
    struct Api {
        key: Secret,
    }
}

combination! {
    videos_by_graphql, [
        "GraphQL body", "POST method", "auth: bearer", "base URL with config value", "paging: token computed by an expression",
        "paging: values in the body", "paging: stop on a flag field", "records through a wildcard path"
    ],
    { "token": "t0ken-t0ken", "site": "acme" }, { "authorization": "Bearer t0ken-t0ken" },
    {
        r#"acme/graphql {"query":"{ videos }","variables":{"skip":0}}"# => r#"{"data":{"videos":{"edges":[{"node":{"id":1}},{"node":{"id":2}}],"more":true}}}"#,
        r#"acme/graphql {"query":"{ videos }","variables":{"skip":2}}"# => r#"{"data":{"videos":{"edges":[{"node":{"id":3}}],"more":false}}}"#,
    },
    [r#"video {"id":1}"#, r#"video {"id":2}"#, r#"video {"id":3}"#],
    #[derive(HttpStream)]
    #[http(path = "graphql", graphql = "{ videos }", body("variables.skip" = 0), records = "data.videos.edges.*.node")]
    #[paginate(token = response.flag("data.videos.more").then_some(page.total), body = "variables.skip")]
    struct Video {
        #[primary_key]
        id: u64,
    }
    #[source(base_url = "https://api.example.com/{config.site}/", auth = bearer(config.token), streams(Video))]
    struct Api {
        token: Secret,
        site: String,
    }
}

combination! {
    events_by_form, [
        "form / text body", "POST method", "auth: bearer", "base URL with config value", "path with config value", "incremental: epoch cursor",
        "incremental: window step", "interval bounds in a query template", "add field from interval/config", "paging: offset", "constant header"
    ],
    { "token": "t0ken-t0ken", "tenant": "acme", "set": "s/1" }, { "accept": "application/json" },
    {
        "acme/sets/s%2F1?range=1704067200-1704153599&limit=2&offset=0 kind=all" => r#"[{"id":1,"at":1704067201},{"id":2,"at":1704067202}]"#,
        "acme/sets/s%2F1?range=1704067200-1704153599&limit=2&offset=2 kind=all" => "[]",
        "acme/sets/s%2F1?range=1704153600-1704153600&limit=2&offset=0 kind=all" => r#"[{"id":3,"at":1704153600}]"#,
    },
    [
        r#"event {"id":1,"at":1704067201,"day":"2024-01-01"}"#, r#"event {"id":2,"at":1704067202,"day":"2024-01-01"}"#,
        r#"event {"id":3,"at":1704153600,"day":"2024-01-02"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "sets/{config.set}", params(range = format!("{}-{}", slice.start.timestamp(), slice.end.timestamp())), form(kind = "all"))]
    #[paginate(offset, param = "offset", size(count = 2, param = "limit"))]
    #[add(day = slice.start.date_naive())]
    struct Event {
        #[primary_key]
        id: u64,
        #[cursor(start = "2024-01-01T00:00:00Z", end = "2024-01-02T00:00:00Z", step = days(1), granularity = seconds(1), formats("epoch_seconds"))]
        at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/{config.tenant}/", auth = bearer(config.token), headers(Accept = "application/json"), streams(Event))]
    struct Api {
        token: Secret,
        tenant: String,
        set: String,
    }
}

combination! {
    keywords_by_rpc, [
        "POST method", "JSON body", "auth: key in query", "error rules: by body predicate", "error rules: by status code", "paging: page number",
        "paging: values in the body", "paging: stop by comparison / counts", "expression: string/number functions", "records at a nested path"
    ],
    { "token": "t0ken-t0ken", "domain": "EXAMPLE.com" }, {},
    {
        r#"v4?token=t0ken-t0ken {"params":{"domain":"example.com","page":1}}"# => r#"{"result":{"data":[{"id":1}],"summary":{"total":3}}}"#,
        r#"v4?token=t0ken-t0ken {"params":{"domain":"example.com","page":2}}"# => r#"{"result":{"data":[{"id":2},{"id":3}],"summary":{"total":3}}}"#,
    },
    [r#"keyword {"id":1}"#, r#"keyword {"id":2}"#, r#"keyword {"id":3}"#],
    #[derive(HttpStream)]
    #[http(path = "v4", body("params.domain" = config.domain.to_lowercase()), records = "result.data")]
    #[paginate(pages, body = "params.page", stop = Some(i64::try_from(page.total).unwrap_or(i64::MAX)) >= response.integer("result.summary.total"))]
    #[on(body("error.code" = 32017), ignore)]
    #[on(status = 402, fail = "no credits are left")]
    struct Keyword {
        #[primary_key]
        id: u64,
    }
    #[source(base_url = "https://api.example.com/", auth = query("token", config.token), streams(Keyword))]
    struct Api {
        token: Secret,
        domain: String,
    }
}

combination! {
    transactions_by_page, [
        "POST method", "JSON body", "JSON body: interval bounds", "auth: basic", "base URL chosen by config (if/lookup)", "constant header",
        "incremental: datetime cursor", "incremental: several cursor formats", "paging: page number", "expression: date functions in a request"
    ],
    { "key": "k3y-k3y", "secret": "s3cret-s3cret", "sandbox": true }, { "x-version": "6" },
    {
        r#"sandbox/search?per_page=2&page=1 {"created":{"max":"2024/01/03","min":"2024/01/01"}}"# =>
            r#"[{"id":"a","created":"2024-01-01T10:00:00Z"},{"id":"b","created":"01/02/2024"}]"#,
        r#"sandbox/search?per_page=2&page=2 {"created":{"max":"2024/01/03","min":"2024/01/01"}}"# => "[]",
    },
    [r#"transaction {"id":"a","created":"2024-01-01T10:00:00Z"}"#, r#"transaction {"id":"b","created":"01/02/2024"}"#],
    #[derive(HttpStream)]
    #[http(
        path = "search", method = POST,
        body("created.min" = slice.start.format("%Y/%m/%d").to_string(), "created.max" = slice.end.format("%Y/%m/%d").to_string())
    )]
    #[paginate(pages, param = "page", size(count = 2, param = "per_page"))]
    struct Transaction {
        #[primary_key]
        id: String,
        #[cursor(start = "2024-01-01T00:00:00Z", end = "2024-01-03T00:00:00Z", formats("rfc3339", "%d/%m/%Y"))]
        created: DateTime<Utc>,
    }
    #[source(
        base_url = if config.sandbox { "https://api.example.com/sandbox/" } else { "https://api.example.com/" },
        auth = basic(config.key, config.secret), headers("X-Version" = 6), streams(Transaction)
    )]
    struct Api {
        key: String,
        secret: Secret,
        sandbox: bool,
    }
}
