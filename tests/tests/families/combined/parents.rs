//! Combinations around parents and partitions.

combination! {
    segments_three_deep, [
        "auth: bearer", "parent stream", "parent of a parent", "path/URL from parent or partition", "add field from parent or partition",
        "add field: current time / date format", "incremental: epoch cursor", "incremental: state per partition", "paging: offset", "records at one field"
    ],
    { "token": "t0ken-t0ken" }, { "authorization": "Bearer t0ken-t0ken" },
    {
        "workspaces?limit=2&offset=0" => r#"{"objects":[{"id":"w"}]}"#,
        "workspaces/w/groups?limit=2&offset=0" => r#"{"objects":[{"id":"g","name":"G"}]}"#,
        "workspaces/w/groups/g/users?limit=2&offset=0" => r#"{"objects":[{"id":1,"at":1704067200000},{"id":2,"at":1704067201000}]}"#,
        "workspaces/w/groups/g/users?limit=2&offset=2" => r#"{"objects":[]}"#,
    },
    [
        r#"group {"id":"g","name":"G"}"#, r#"member {"id":1,"at":1704067200000,"group":"G","late":true}"#,
        r#"member {"id":2,"at":1704067201000,"group":"G","late":true}"#, r#"workspace {"id":"w"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "workspaces", records = "objects")]
    #[paginate(offset, param = "offset", size(count = 2, param = "limit"))]
    struct Workspace {
        #[primary_key]
        id: String,
    }
    #[derive(HttpStream)]
    #[http(path = "workspaces" / parent.id / "groups", parent = Workspace, records = "objects")]
    #[paginate(offset, param = "offset", size(count = 2, param = "limit"))]
    struct Group {
        #[primary_key]
        id: String,
        name: String,
    }
    #[derive(HttpStream)]
    #[http(path = "workspaces" / grandparent.id / "groups" / parent.id / "users", parent = Group, records = "objects")]
    #[paginate(offset, param = "offset", size(count = 2, param = "limit"))]
    #[add(group = parent.name, late = now().date_naive() > NaiveDate::MIN)]
    struct Member {
        #[primary_key]
        id: u64,
        #[cursor(formats("epoch_millis"))]
        at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), streams(Workspace, Group, Member))]
    struct Api {
        token: Secret,
    }
}

combination! {
    quotes_of_symbols, [
        "auth: key in query", "partition by config list", "path with config value", "path/URL from parent or partition", "query parameter from config",
        "add field (constant / from record)", "add field from parent or partition"
    ],
    { "key": "k3y-k3y", "symbols": ["A", "B/C"], "market": "us", "precision": 4 }, {},
    {
        "last/us/A?precision=4&apikey=k3y-k3y" => r#"{"price":1.2300}"#,
        "last/us/B%2FC?precision=4&apikey=k3y-k3y" => r#"{"price":2e-5}"#,
    },
    [r#"quote {"price":1.2300,"symbol":"A","source":"last"}"#, r#"quote {"price":2e-5,"symbol":"B/C","source":"last"}"#],
    #[derive(HttpStream)]
    #[http(path = "last" / config.market / partition.symbol, params(precision = config.precision))]
    #[partition(symbol = config.symbols)]
    #[add(symbol = partition.symbol, source = "last")]
    #[primary_key(symbol)]
    struct Quote {
        price: f64,
    }
    #[source(base_url = "https://api.example.com/", auth = query("apikey", config.key), streams(Quote))]
    struct Api {
        key: Secret,
        symbols: Vec<String>,
        market: String,
        precision: u32,
    }
}

combination! {
    mailings_by_status, [
        "POST method", "base URL with config value", "constant query parameter", "partition by constant list", "partition by config list",
        "partition: cartesian product", "query parameter from parent or partition", "paging: offset", "records at one field", "auth: bearer"
    ],
    { "token": "t0ken-t0ken", "zone": "eu", "lists": [3, 4] }, { "authorization": "Bearer t0ken-t0ken" },
    {
        "eu/mails?format=json&list=3&status=sent&range=5&from=1" => r#"{"mails":[{"id":31}]}"#,
        "eu/mails?format=json&list=3&status=draft&range=5&from=1" => r#"{"mails":[]}"#,
        "eu/mails?format=json&list=4&status=sent&range=5&from=1" => r#"{"mails":[{"id":41}]}"#,
        "eu/mails?format=json&list=4&status=draft&range=5&from=1" => r#"{"mails":[{"id":42}]}"#,
    },
    [r#"mail {"id":31}"#, r#"mail {"id":41}"#, r#"mail {"id":42}"#],
    #[derive(HttpStream)]
    #[http(path = "mails", method = POST, params(format = "json", list = partition.list, status = partition.status), records = "mails")]
    #[partition(list = config.lists, status = ["sent", "draft"])]
    #[paginate(offset, start = 1, param = "from", size(count = 5, param = "range"))]
    struct Mail {
        #[primary_key]
        id: u64,
    }
    #[source(base_url = "https://api.example.com/{config.zone}/", auth = bearer(config.token), streams(Mail))]
    struct Api {
        token: Secret,
        zone: String,
        lists: Vec<u32>,
    }
}

combination! {
    metrics_of_accounts, [
        "auth: key in header", "partition by config list", "expression: conditional in a request", "expression: string/number functions",
        "query parameter from config", "query parameter from parent or partition", "config value with default"
    ],
    { "key": "k3y-k3y", "accounts": [7], "detailed": true }, { "x-auth": "k3y-k3y" },
    { "metrics?account=7&fields=a%2Cb%2Cc&zone=UTC" => r#"[{"id":1}]"# },
    [r#"metric {"id":1}"#],
    #[derive(HttpStream)]
    #[http(
        path = "metrics",
        params(account = partition.account, fields = if config.detailed { "a,b,c" } else { "a" }, zone = config.zone.as_deref().unwrap_or("utc").to_uppercase())
    )]
    #[partition(account = config.accounts)]
    struct Metric {
        #[primary_key]
        id: u64,
    }
    #[source(base_url = "https://api.example.com/", auth = header("X-Auth", config.key), streams(Metric))]
    struct Api {
        key: Secret,
        accounts: Vec<u32>,
        detailed: bool,
        zone: Option<String>,
    }
}

combination! {
    mentions_of_alerts, [
        "auth: key in header", "config value with default", "parent stream", "parent of a parent", "path/URL from parent or partition",
        "incremental: datetime cursor", "incremental: bounds in query", "incremental: start/end default relative to now",
        "incremental: state per partition", "paging: token from a body field", "query parameter from config", "records at one field"
    ],
    { "key": "k3y-k3y", "tone": "good" }, { "x-auth": "k3y-k3y" },
    {
        "accounts" => r#"{"accounts":[{"id":1}]}"#,
        "accounts/1/alerts?page=5" => r#"{"alerts":[{"id":2}]}"#,
        "accounts/1/alerts/2/mentions?tone=good" => r#"{"mentions":[{"id":3,"at":"2999-01-01T00:00:00Z"}],"_links":{"more":"c"}}"#,
        "accounts/1/alerts/2/mentions?tone=good&cursor=c" => r#"{"mentions":[{"id":4,"at":"2999-01-01T00:00:00Z"}]}"#,
    },
    [
        r#"account {"id":1}"#, r#"alert {"id":2}"#, r#"mention {"id":3,"at":"2999-01-01T00:00:00Z"}"#,
        r#"mention {"id":4,"at":"2999-01-01T00:00:00Z"}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "accounts", records = "accounts")]
    struct Account {
        #[primary_key]
        id: u64,
    }
    #[derive(HttpStream)]
    #[http(path = "accounts/{parent.id}/alerts", parent = Account, params(page = config.page.unwrap_or(5)), records = "alerts")]
    struct Alert {
        #[primary_key]
        id: u64,
    }
    #[derive(HttpStream)]
    #[http(
        path = "accounts" / grandparent.id / "alerts" / parent.id / "mentions", parent = Alert, params(tone = config.tone), records = "mentions"
    )]
    #[paginate(token = "_links.more", param = "cursor")]
    struct Mention {
        #[primary_key]
        id: u64,
        #[cursor(start = ago(days(30)), client_filter)]
        at: DateTime<Utc>,
    }
    #[source(base_url = "https://api.example.com/", auth = header("X-Auth", config.key), streams(Account, Alert, Mention))]
    struct Api {
        key: Secret,
        tone: Option<String>,
        page: Option<u32>,
    }
}

combination! {
    devices_of_networks, [
        "auth: bearer", "constant header", "parent stream", "parent of a parent", "path/URL from parent or partition", "paging: Link/other header",
        "paging: follow next URL", "add field (constant / from record)", "add field from parent or partition"
    ],
    { "token": "t0ken-t0ken" }, { "authorization": "Bearer t0ken-t0ken", "x-product": "p" },
    {
        "orgs" => r#"[{"id":1}]"#,
        "orgs/1/networks" => Reply::json(r#"[{"id":"n1"}]"#).header("link", "<https://api.example.com/orgs/1/networks?after=n1>; rel=next"),
        "orgs/1/networks?after=n1" => r#"[{"id":"n2"}]"#,
        "networks/n1/devices" => r#"[{"serial":"a"}]"#,
        "networks/n2/devices" => "[]",
    },
    [
        r#"device {"serial":"a","network":"n1","org":1,"kind":"device"}"#, r#"network {"id":"n1"}"#, r#"network {"id":"n2"}"#,
        r#"org {"id":1}"#,
    ],
    #[derive(HttpStream)]
    #[http(path = "orgs")]
    struct Org {
        #[primary_key]
        id: u64,
    }
    #[derive(HttpStream)]
    #[http(path = "orgs/{parent.id}/networks", parent = Org)]
    #[paginate(link)]
    struct Network {
        #[primary_key]
        id: String,
    }
    #[derive(HttpStream)]
    #[http(path = "networks/{parent.id}/devices", parent = Network)]
    #[paginate(link)]
    #[add(network = parent.id, org = grandparent.id, kind = "device")]
    struct Device {
        #[primary_key]
        serial: String,
    }
    #[source(base_url = "https://api.example.com/", auth = bearer(config.token), headers("X-Product" = "p"), streams(Org, Network, Device))]
    struct Api {
        token: Secret,
    }
}

combination! {
    tickets_after_login, [
        "auth: login call, session token", "POST method", "parent stream", "query parameter from parent or partition", "config value with default",
        "paging: token from the last record", "records at one field", "error rules: by status code"
    ],
    { "user": "me", "password": "pa55word-pa55word" }, { "x-session": "fresh-fresh" },
    {
        r#"login {"password":"pa55word-pa55word","user":"me"}"# => r#"{"session":"fresh-fresh"}"#,
        "events?size=2" => r#"{"list":[{"id":1}]}"#,
        "tickets?event=1" => r#"{"list":[{"id":5},{"id":6}]}"#,
        "tickets?event=1&after=6" => r#"{"list":[]}"#,
    },
    [r#"event {"id":1}"#, r#"ticket {"id":5}"#, r#"ticket {"id":6}"#],
    #[derive(HttpStream)]
    #[http(path = "events", method = POST, params(size = config.size.unwrap_or(2)), records = "list")]
    struct Event {
        #[primary_key]
        id: u64,
    }
    #[derive(HttpStream)]
    #[http(path = "tickets", method = POST, params(event = parent.id), parent = Event, records = "list")]
    #[paginate(last_record = "id", param = "after")]
    #[on(status = 404, ignore)]
    struct Ticket {
        #[primary_key]
        id: u64,
    }
    #[source(
        base_url = "https://api.example.com/",
        auth = session("https://api.example.com/login", fields(user = config.user, password = config.password), token = "session", sent(header = "X-Session", prefix = "")),
        streams(Event, Ticket)
    )]
    struct Api {
        user: String,
        password: Secret,
        size: Option<u32>,
    }
}
