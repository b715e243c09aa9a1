//! Combinations around cursors, windows and answers that are no records.

combination! {
    projects_with_errors, [
        "auth: basic", "base URL with config value", "config value with default", "constant header", "constant query parameter",
        "error rules: by body predicate", "error rules: by status code", "incremental: bounds in query", "incremental: datetime cursor",
        "next-page token in a request template", "paging: token from a body field", "paging: stop on a flag field", "records at a nested path", "remove field"
    ],
    { "user": "me", "key": "k3y-k3y", "host": "acme" }, { "accept": "application/json", "authorization": "Basic bWU6azN5LWszeQ==" },
    {
        "acme/projects?sort=asc&since=2024-01-01&view=all" => r#"{"result":{"rows":[{"id":1,"at":"2024-02-01","secret":"x"}],"more":true},"next":"p2"}"#,
        "acme/projects?sort=asc&since=2024-01-01&cursor=after%3Ap2&view=all" =>
            r#"{"result":{"rows":[{"secret":"y","id":2,"at":"2024-02-02"}],"more":false},"next":"p3"}"#,
        "acme/gone" => Reply::status(404).body("{}"),
        "acme/locked" => r#"{"error":{"code":"no_access"}}"#,
    },
    [r#"project {"id":1,"at":"2024-02-01"}"#, r#"project {"id":2,"at":"2024-02-02"}"#],
    #[derive(HttpStream)]
    #[http(
        path = "projects", records = "result.rows",
        params(sort = "asc", since = slice.start, cursor = page.token.map(|token| format!("after:{token}")), view = config.view.as_deref().unwrap_or("all"))
    )]
    #[paginate(token = "next", stop("result.more" = false))]
    #[remove(secret)]
    struct Project {
        #[primary_key]
        id: u64,
        #[cursor(start = "2024-01-01")]
        at: NaiveDate,
        secret: String,
    }
    #[derive(HttpStream)]
    #[http(path = "gone")]
    #[on(status = 404, ignore)]
    struct Gone {
        id: u64,
    }
    #[derive(HttpStream)]
    #[http(path = "locked", records = "rows")]
    #[on(body("error.code" = "no_access"), ignore)]
    struct Locked {
        id: u64,
    }
    #[source(
        base_url = "https://api.example.com/{config.host}/", auth = basic(config.user, config.key), headers(Accept = "application/json"),
        streams(Project, Gone, Locked)
    )]
    struct Api {
        user: String,
        key: Secret,
        host: String,
        view: Option<String>,
    }
}

combination! {
    articles_by_month, [
        "incremental: datetime cursor", "incremental: window step", "interval bounds in path", "interval bounds in a query template",
        "expression: string/number functions", "query parameter from config", "records at a nested path", "auth: key in query"
    ],
    { "key": "k3y-k3y", "share": "web" }, {},
    {
        "archive/2023/12.json?share=WEB&from=20231215&api-key=k3y-k3y" => r#"{"response":{"docs":[{"id":"a","at":"2023-12-20"}]}}"#,
        "archive/2024/1.json?share=WEB&from=20240115&api-key=k3y-k3y" => r#"{"response":{"docs":[{"id":"b","at":"2024-01-20"}]}}"#,
    },
    [r#"article {"id":"a","at":"2023-12-20"}"#, r#"article {"id":"b","at":"2024-01-20"}"#],
    #[derive(HttpStream)]
    #[http(
        path = "archive/{slice.start.format(\"%Y\").to_string()}/{slice.start.format(\"%-m\").to_string()}.json", records = "response.docs",
        params(share = config.share.to_uppercase(), from = slice.start.format("%Y%m%d").to_string())
    )]
    struct Article {
        #[primary_key]
        id: String,
        #[cursor(start = "2023-12-15", end = "2024-02-10", step = months(1))]
        at: NaiveDate,
    }
    #[source(base_url = "https://api.example.com/", auth = query("api-key", config.key), streams(Article))]
    struct Api {
        key: Secret,
        share: String,
    }
}

combination! {
    exports_of_lines, [
        "auth: key in header", "constant query parameter", "incremental: bounds in query", "incremental: custom time format",
        "incremental: datetime cursor", "incremental: several cursor formats", "incremental: window step", "response format other than JSON"
    ],
    { "key": "k3y-k3y" }, { "api-key": "k3y-k3y" },
    {
        "export?type=open&startDate=2024-01-01+00%3A00%3A00&endDate=2024-01-02+00%3A00%3A00" =>
            "{\"id\":1,\"at\":\"2024-01-01 10:00:00 +00:00\"}\n{\"id\":2,\"at\":\"2024-01-01T11:00:00Z\"}\n",
        "export?type=open&startDate=2024-01-02+00%3A00%3A00&endDate=2024-01-02+12%3A00%3A00" => "",
    },
    [r#"open {"id":1,"at":"2024-01-01 10:00:00 +00:00"}"#, r#"open {"id":2,"at":"2024-01-01T11:00:00Z"}"#],
    #[derive(HttpStream)]
    #[http(path = "export", params("type" = "open"), format = json_lines)]
    struct Open {
        #[primary_key]
        id: u64,
        #[cursor(
            start = "2024-01-01T00:00:00Z", end = "2024-01-02T12:00:00Z", step = days(1), since = "startDate", until = "endDate",
            formats("%Y-%m-%d %H:%M:%S %z", "rfc3339"), format = "%Y-%m-%d %H:%M:%S"
        )]
        at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/", auth = header("Api-Key", config.key), streams(Open))]
    struct Api {
        key: Secret,
    }
}

combination! {
    balances_in_a_range, [
        "POST method", "JSON body", "base URL with config value", "incremental: bounds in body/header", "incremental: datetime cursor",
        "next-page token in a request template", "paging: offset", "records through a wildcard path"
    ],
    { "stage": "sandbox" }, {},
    {
        r#"sandbox/balances?at=first {"end":"2024-01-31","start":"2024-01-01"}"# => r#"{"accounts":{"a":{"rows":[{"id":1,"day":"2024-01-02"}]},"b":{"rows":[{"id":2,"day":"2024-01-03"}]}}}"#,
        r#"sandbox/balances?at=2 {"end":"2024-01-31","offset":2,"start":"2024-01-01"}"# => r#"{"accounts":{"a":{"rows":[]}}}"#,
    },
    [r#"balance {"id":1,"day":"2024-01-02"}"#, r#"balance {"id":2,"day":"2024-01-03"}"#],
    #[derive(HttpStream)]
    #[http(path = "balances", method = POST, params(at = page.token.unwrap_or("first")), records = "accounts.*.rows")]
    #[paginate(offset, body = "offset", not_on_first)]
    struct Balance {
        #[primary_key]
        id: u64,
        #[cursor(start = "2024-01-01", end = "2024-01-31", since(body = "start"), until(body = "end"))]
        day: NaiveDate,
    }
    #[source(base_url = "https://api.example.com/{config.stage}/", streams(Balance))]
    struct Api {
        stage: String,
    }
}

combination! {
    candles_of_symbols, [
        "auth: key in query", "incremental: bounds in query", "incremental: datetime cursor", "incremental: epoch cursor",
        "incremental: state per partition", "partition by config list", "query parameter from parent or partition", "records at one field"
    ],
    { "key": "k3y-k3y", "symbols": ["X", "Y"] }, {},
    {
        "candles?symbol=X&from=1704067200&to=1704153600&token=k3y-k3y" => r#"{"c":[{"t":1704067260,"v":1.0}]}"#,
        "candles?symbol=Y&from=1704067200&to=1704153600&token=k3y-k3y" => r#"{"c":[{"t":1704067320,"v":2.50}]}"#,
    },
    [r#"candle {"t":1704067260,"v":1.0}"#, r#"candle {"t":1704067320,"v":2.50}"#],
    #[derive(HttpStream)]
    #[http(path = "candles", params(symbol = partition.symbol), records = "c")]
    #[partition(symbol = config.symbols)]
    struct Candle {
        #[primary_key]
        #[cursor(start = "2024-01-01T00:00:00Z", end = "2024-01-02T00:00:00Z", since = "from", until = "to", formats("epoch_seconds"))]
        t: DateTime<Utc>,
        v: f64,
    }
    #[source(base_url = "https://api.example.com/", auth = query("token", config.key), streams(Candle))]
    struct Api {
        key: Secret,
        symbols: Vec<String>,
    }
}

combination! {
    records_of_studies, [
        "auth: OAuth client credentials", "add field (constant / from record)", "add field: current time / date format", "base URL with config value",
        "error rules: by status code", "incremental: bounds in query", "incremental: custom time format", "incremental: datetime cursor",
        "incremental: state per partition", "paging: page number", "paging: stop at total pages", "parent stream", "path/URL from parent or partition", "records at a nested path"
    ],
    { "id": "me", "secret": "s3cret-s3cret", "region": "eu" }, { "authorization": "Bearer fresh-fresh" },
    {
        r#"eu/token grant_type=client_credentials&client_id=me&client_secret=s3cret-s3cret"# => r#"{"access_token":"fresh-fresh","expires_in":3600}"#,
        "eu/study?page=1" => r#"{"_embedded":{"study":[{"id":"s"}]},"page_count":1}"#,
        "eu/study/s/record?from=2024-01-01+00%3A00%3A00&page=1" =>
            r#"{"_embedded":{"records":[{"id":1,"updated":"2024-02-01T00:00:00Z"}]},"page_count":2}"#,
        "eu/study/s/record?from=2024-01-01+00%3A00%3A00&page=2" =>
            r#"{"_embedded":{"records":[{"id":2,"updated":"2024-02-02T00:00:00Z"}]},"page_count":2}"#,
    },
    [
        r#"record {"id":1,"updated":"2024-02-01T00:00:00Z","study":"s","kind":"record","old":true}"#,
        r#"record {"id":2,"updated":"2024-02-02T00:00:00Z","study":"s","kind":"record","old":true}"#, r#"study {"id":"s"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "study", records = "_embedded.study")]
    #[paginate(pages, param = "page", total_pages = "page_count")]
    struct Study {
        #[primary_key]
        id: String,
    }
    #[derive(HttpStream)]
    #[http(path = "study/{parent.id}/record", parent = Study, records = "_embedded.records")]
    #[paginate(pages, param = "page", total_pages = "page_count")]
    #[add(study = parent.id, kind = "record", old = record.updated < now())]
    #[on(status = 403, ignore)]
    struct Record {
        #[primary_key]
        id: u64,
        #[cursor(start = "2024-01-01T00:00:00Z", since = "from", format = "%Y-%m-%d %H:%M:%S")]
        updated: DateTime<Utc>,
    }
    #[source(
        base_url = "https://api.example.com/{config.region}/",
        auth = oauth2(url = "https://api.example.com/eu/token", client_id = config.id, client_secret = config.secret), streams(Study, Record)
    )]
    struct Api {
        id: String,
        secret: Secret,
        region: String,
    }
}

combination! {
    leads_changed_or_all, [
        "different request for full and incremental", "incremental: datetime cursor", "auth: bearer", "constant query parameter",
        "cast values to the schema", "transform: drop/null empty values", "records at one field", "paging: token from a body field",
        "paging: drop slice parameters after page 1"
    ],
    { "token": "t0ken-t0ken" }, { "authorization": "Bearer t0ken-t0ken" },
    {
        "leads/all?batch=2" => r#"{"result":[{"id":"1","score":"9.50","mail":"","at":"2024-01-01T00:00:00Z"}],"nextPageToken":"n"}"#,
        "leads/all?nextPageToken=n" => r#"{"result":[{"id":2,"score":null,"mail":"m","at":"2024-01-02T00:00:00Z"}]}"#,
    },
    [
        r#"lead {"id":1,"score":9.50,"mail":null,"at":"2024-01-01T00:00:00Z"}"#,
        r#"lead {"id":2,"score":null,"mail":"m","at":"2024-01-02T00:00:00Z"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = if slice.incremental { "leads/changes" } else { "leads/all" }, params(batch = 2), records = "result")]
    #[paginate(token = "nextPageToken", param = "nextPageToken", first_only("batch"))]
    #[transform(empty(strings = null), cast)]
    struct Lead {
        #[primary_key]
        id: u64,
        score: Option<f64>,
        mail: Option<String>,
        #[cursor]
        at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), streams(Lead))]
    struct Api {
        token: Secret,
    }
}
