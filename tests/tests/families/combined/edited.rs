//! Combinations around what is done with records.

combination! {
    lines_of_orders, [
        "auth: key in header", "base URL with config value", "extract: explode nested array, copying parent fields", "cast values to the schema",
        "incremental: datetime cursor", "incremental: bounds in query", "paging: follow next URL", "records at one field", "remove field", "add field from interval/config"
    ],
    { "shop": "acme", "key": "k3y-k3y", "currency": "EUR" }, { "x-token": "k3y-k3y" },
    {
        "acme/orders?updated_min=2024-01-01T00%3A00%3A00Z" =>
            r#"{"orders":[{"id":1,"updated":"2024-02-01T00:00:00Z","lines":[{"sku":"a","price":"1.10","note":"x"},{"sku":"b","price":"2"}]},{"id":2,"updated":"2024-02-02T00:00:00Z","lines":[]}],"next":"/acme/orders?page=2"}"#,
        "acme/orders?page=2" => r#"{"orders":[{"id":3,"updated":"2024-02-03T00:00:00Z","lines":[{"sku":"c","price":1e2}]}],"next":null}"#,
    },
    [
        r#"line {"order_id":1,"updated":"2024-02-01T00:00:00Z","sku":"a","price":1.10,"currency":"EUR"}"#,
        r#"line {"order_id":1,"updated":"2024-02-01T00:00:00Z","sku":"b","price":2,"currency":"EUR"}"#,
        r#"line {"order_id":3,"updated":"2024-02-03T00:00:00Z","sku":"c","price":1e2,"currency":"EUR"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "orders", records = "orders")]
    #[paginate(next_url = "next")]
    #[transform(explode = "lines", copy(order_id = "id", updated = "updated"), cast)]
    #[remove(note)]
    #[add(currency = config.currency)]
    #[primary_key(order_id, sku)]
    struct Line {
        order_id: u64,
        sku: String,
        price: f64,
        note: Option<String>,
        #[cursor(start = "2024-01-01T00:00:00Z", since = "updated_min")]
        updated: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/{config.shop}/", auth = header("X-Token", config.key), streams(Line))]
    struct Api {
        shop: String,
        key: Secret,
        currency: String,
    }
}

combination! {
    profiles_of_json_api, [
        "auth: key in header", "constant header", "constant query parameter", "flatten / rename keys", "transform: flatten / rename / snake_case keys (vendor rules)",
        "incremental: datetime cursor", "interval bounds in a query template", "paging: follow next URL", "record filter", "record filter using config/interval",
        "add field (constant / from record)", "records at one field", "error rules: by status code"
    ],
    { "key": "k3y-k3y", "hidden": "spam" }, { "authorization": "Key k3y-k3y", "revision": "2024" },
    {
        "profiles?page%5Bsize%5D=2&filter=greater-than%28updated%2C2024-01-01T00%3A00%3A00Z%29" =>
            r#"{"data":[{"type":"profile","id":"a","attributes":{"firstName":"F","updatedAt":"2024-02-01T00:00:00Z"}},{"type":"spam","id":"b","attributes":{"firstName":null,"updatedAt":"2024-02-01T00:00:00Z"}}],"links":{"next":"https://api.example.com/profiles?cursor=1"}}"#,
        "profiles?cursor=1" => r#"{"data":[],"links":{"next":null}}"#,
    },
    [r#"profile {"type":"profile","id":"a","first_name":"F","updated_at":"2024-02-01T00:00:00Z","label":"profile a"}"#],
    #[derive(HttpStream)]
    #[http(
        path = "profiles", params("page[size]" = 2, filter = "greater-than(updated,{slice.start})"), records = "data",
        filter = record.kind != config.hidden
    )]
    #[paginate(next_url = "links.next")]
    #[transform(lift("attributes"), keys = snake_case)]
    #[add(label = "{record.kind} {record.id}")]
    #[on(status = 403, ignore)]
    struct Profile {
        #[primary_key]
        id: String,
        #[serde(rename = "type")]
        kind: String,
        first_name: Option<String>,
        #[cursor(start = "2024-01-01T00:00:00Z")]
        updated_at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/", auth = header("Authorization", config.key, prefix = "Key "), headers(revision = 2024), streams(Profile))]
    struct Api {
        key: Secret,
        hidden: String,
    }
}

combination! {
    rates_of_days, [
        "auth: key in query", "query parameter from config", "incremental: datetime cursor", "incremental: window step", "interval bounds in path",
        "extract: object map (id -> record) -> records with key as field", "extract: wrap record(s) under one key", "add field from interval/config", "records at one field"
    ],
    { "key": "k3y-k3y", "base": "EUR" }, {},
    {
        "historical/2024-01-01.json?base=EUR&app_id=k3y-k3y" => r#"{"rates":{"USD":1.1050,"JPY":156}}"#,
        "historical/2024-01-02.json?base=EUR&app_id=k3y-k3y" => r#"{"rates":{"USD":1.0950}}"#,
    },
    [
        r#"rate {"currency":"JPY","rate":156,"day":"2024-01-01"}"#, r#"rate {"currency":"USD","rate":1.0950,"day":"2024-01-02"}"#,
        r#"rate {"currency":"USD","rate":1.1050,"day":"2024-01-01"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "historical/{slice.start}.json", params(base = config.base), records = "rates")]
    #[transform(entries = "currency", wrap = "rate")]
    #[add(day = slice.start)]
    #[primary_key(currency, day)]
    #[cursor(field = day, start = "2024-01-01", end = "2024-01-02", step = days(1), missing = include)]
    struct Rate {
        currency: String,
        rate: f64,
        #[serde(default)]
        day: NaiveDate,
    }
    #[source(base_url = "https://api.example.com/", auth = query("app_id", config.key), streams(Rate))]
    struct Api {
        key: Secret,
        base: String,
    }
}

combination! {
    tables_of_a_base, [
        "auth: bearer", "path with config value", "parent stream", "path/URL from parent or partition", "records at one field", "paging: token from a body field",
        "flatten / rename keys", "cast values to the schema", "transform: drop/null empty values", "parent: extra fields", "add field from parent or partition"
    ],
    { "token": "t0ken-t0ken", "base": "app 1" }, { "authorization": "Bearer t0ken-t0ken" },
    {
        "meta/app%201/tables" => r#"{"tables":[{"id":"tbl","name":"Deals"}]}"#,
        "app%201/tbl" => r#"{"records":[{"id":"rec1","fields":{"Amount (EUR)":"12.50","Due":"31.12.2024","Note":""}}],"offset":"o"}"#,
        "app%201/tbl?offset=o" => r#"{"records":[{"id":"rec2","fields":{"Amount (EUR)":7}}]}"#,
    },
    [
        r#"row {"id":"rec1","amount_eur":12.50,"due":"2024-12-31","table":"Deals"}"#, r#"row {"id":"rec2","amount_eur":7,"table":"Deals"}"#,
        r#"table {"id":"tbl","name":"Deals"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "meta" / config.base / "tables", records = "tables")]
    struct Table {
        #[primary_key]
        id: String,
        name: String,
    }
    #[derive(HttpStream)]
    #[http(path = config.base / parent.id, parent = Table, records = "records")]
    #[paginate(token = "offset", param = "offset")]
    #[transform(lift("fields"), keys = snake_case, empty(strings = drop), cast, dates("%d.%m.%Y"))]
    #[add(table = parent.name)]
    struct Row {
        #[primary_key]
        id: String,
        amount_eur: f64,
        due: Option<NaiveDate>,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), streams(Table, Row))]
    struct Api {
        token: Secret,
        base: String,
    }
}

combination! {
    tags_of_projects, [
        "auth: bearer", "base URL with config value", "parent stream", "path/URL from parent or partition", "extract: list of scalars -> records",
        "extract: wrap record(s) under one key", "add field from parent or partition", "paging: page number"
    ],
    { "token": "t0ken-t0ken", "host": "acme" }, { "authorization": "Bearer t0ken-t0ken" },
    {
        "acme/projects?page=1" => r#"[{"id":1}]"#,
        "acme/projects?page=2" => "[]",
        "acme/projects/1/tags" => r#"{"tags":["red","green",3]}"#,
    },
    [
        r#"project {"id":1}"#, r#"tag {"tag":"green","project":1}"#, r#"tag {"tag":"red","project":1}"#, r#"tag {"tag":3,"project":1}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "projects")]
    #[paginate(pages, param = "page")]
    struct Project {
        #[primary_key]
        id: u64,
    }
    #[derive(HttpStream)]
    #[http(path = "projects/{parent.id}/tags", parent = Project, records = "tags")]
    #[transform(wrap = "tag")]
    #[add(project = parent.id)]
    #[primary_key(project, tag)]
    struct Tag {
        tag: String,
    }
    #[source(base_url = "https://api.example.com/{config.host}/", auth = bearer(config.token), streams(Project, Tag))]
    struct Api {
        token: Secret,
        host: String,
    }
}

combination! {
    insights_of_levels, [
        "auth: bearer", "constant query parameter", "records path from config/partition", "partition by constant list", "partition by config list",
        "partition: cartesian product", "path/URL from parent or partition", "query parameter from parent or partition",
        "request: query list derived from the stream schema (field list)", "add field from parent or partition", "extract: tolerate null/missing/alternate shape"
    ],
    { "token": "t0ken-t0ken", "accounts": ["1"] }, { "authorization": "Bearer t0ken-t0ken" },
    {
        "stats/ads?account=1&fields=id%2Cclicks" => r#"{"data":{"ads":{"rows":[{"id":1,"clicks":5}]}}}"#,
        "stats/sets?account=1&fields=id%2Cclicks" => r#"{"data":{"sets":{"rows":null}}}"#,
    },
    [r#"stat {"id":1,"clicks":5,"level":"ads"}"#],
    #[derive(HttpStream)]
    #[http(
        path = "stats/{partition.level}", params(account = partition.account, fields = fields().join(",")),
        records = "data.{partition.level}.rows", records_optional
    )]
    #[partition(account = config.accounts, level = ["ads", "sets"])]
    #[add(level = partition.level)]
    struct Stat {
        #[primary_key]
        id: u64,
        clicks: u64,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), streams(Stat))]
    struct Api {
        token: Secret,
        accounts: Vec<String>,
    }
}

combination! {
    surveys_when_enabled, [
        "stream enabled by config", "auth: key in header", "config value with default", "constant query parameter", "paging: stop by comparison / counts",
        "paging: page number", "extract: tolerate null/missing/alternate shape", "record filter"
    ],
    { "key": "k3y-k3y" }, { "x-api-key": "k3y-k3y" },
    {
        "surveys?per=2&page=1" => r#"{"items":[{"id":1,"open":true},{"id":2,"open":false}],"meta":{"pages":2}}"#,
        "surveys?per=2&page=2" => r#"{"data":{"items":[{"id":3,"open":true}]},"meta":{"pages":2}}"#,
    },
    [r#"survey {"id":1,"open":true}"#, r#"survey {"id":3,"open":true}"#],
    #[derive(HttpStream)]
    #[http(path = "surveys", params(per = config.size.unwrap_or(2)), records = ["items", "data.items"], filter = record.open)]
    #[paginate(pages, param = "page", stop = Some(i64::try_from(page.number).unwrap_or(0)) == response.integer("meta.pages"))]
    struct Survey {
        #[primary_key]
        id: u64,
        open: bool,
    }
    #[derive(HttpStream)]
    #[http(path = "answers", enabled = config.answers.unwrap_or(false))]
    struct Answer {
        #[primary_key]
        id: u64,
    }
    #[source(base_url = "https://api.example.com/", auth = header("X-Api-Key", config.key), streams(Survey, Answer))]
    struct Api {
        key: Secret,
        size: Option<u32>,
        answers: Option<bool>,
    }
}
