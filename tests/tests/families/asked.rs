//! What is no constant: streams and fields that the config or the API decides, and what asks for them.

use crate::kit::BASE;
use connector_core::protocol::{Catalog, ConfiguredCatalog, Status};
use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest, Summary};
use connector_http::prelude::*;
use connector_http::transport::{Memory, Reply, SharedTransport};
use serde_json::{Value, json};
use std::sync::Arc;

/// A table, as the API lists it.
#[derive(serde::Deserialize)]
struct Table {
    id: String,
    name: String,
    columns: Vec<Column>,
}

#[derive(serde::Deserialize)]
struct Column {
    name: String,
    kind: String,
}

/// The rows of a table.
#[derive(HttpStream)]
#[http(config = Base, made_of = Table, path = "tables/{stream.id}/rows", records = "rows", params(table = stream.name.to_uppercase()))]
#[paginate(token = "next", param = "after")]
#[add(table = stream.id, base = config.base)]
struct Row {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: DateTime<Utc>,
}

/// Days of a report that the config names; nothing is asked for them.
#[derive(HttpStream)]
#[http(made_of = String, path = "reports/{stream}")]
struct Report {
    #[primary_key]
    day: NaiveDate,
}

/// A stream that is a constant.
#[derive(HttpStream)]
#[http(name = "users", path = "users")]
struct User {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-base",
    base_url = "https://api.example.com/",
    auth = bearer(config.token),
    streams(User, Self::tables, Self::reports),
    catalog_lock = "tests/families/asked.lock.json"
)]
struct Base {
    token: Secret,
    base: String,
    #[serde(default)]
    reports: Vec<String>,
}

impl Base {
    async fn tables(&self, api: &ApiClient) -> Result<StreamList<Self>> {
        let path = Path::new().text("bases/").segment(&self.base)?.text("/tables");
        let tables: Vec<Table> = api.get(path).param("limit", &100).json().await?;
        let mut streams = StreamList::new();
        for table in tables {
            let mut fields = SchemaFields::new();
            for Column { name, kind } in &table.columns {
                match kind.as_str() {
                    "number" => fields.field::<Option<f64>>(name),
                    "moment" => fields.field::<Option<DateTime<Utc>>>(name),
                    _ => fields.field::<Option<String>>(name),
                }
            }
            streams.add_with_fields::<Row>(table.name.clone(), table, fields);
        }
        Ok(streams)
    }

    async fn reports(&self, _: &ApiClient) -> Result<StreamList<Self>> {
        let mut streams = StreamList::new();
        for report in &self.reports {
            streams.add::<Report>(format!("report_{report}"), report.clone());
        }
        Ok(streams)
    }
}

const TABLES: &str = r#"[
    {"id":"t1","name":"invoices","columns":[{"name":"id","kind":"text"},{"name":"total","kind":"number"},{"name":"due","kind":"moment"}]},
    {"id":"t 2","name":"notes","columns":[{"name":"text","kind":"text"}]}
]"#;

/// The API; the first request for the tables meets a busy server.
fn api(seen: &[String], url: &str) -> Reply {
    match url {
        "bases/b1/tables?limit=100" if seen.len() < 2 => Reply::status(503).header("retry-after", "0"),
        "bases/b1/tables?limit=100" => Reply::json(TABLES),
        "tables/t1/rows?table=INVOICES" => {
            Reply::json(r#"{"rows":[{"id":1,"at":"2024-05-01T00:00:00Z","total":1.50}],"next":"n2"}"#)
        }
        "tables/t1/rows?table=INVOICES&after=n2" => {
            Reply::json(r#"{"rows":[{"id":2,"at":"2024-05-02T00:00:00Z","total":2}]}"#)
        }
        "tables/t%202/rows?table=NOTES" => Reply::json(r#"{"rows":[{"id":7,"at":"2024-05-03T00:00:00Z","text":"a"}]}"#),
        "users" => Reply::json(r#"[{"id":9}]"#),
        "reports/sales" => Reply::json(r#"[{"day":"2024-05-01"}]"#),
        _ => Reply::status(404),
    }
}

/// What is asked for, URL by URL below the base.
struct Asked {
    connector: Connector,
    memory: Memory,
    runtime: tokio::runtime::Runtime,
}

impl Asked {
    fn of<S: Source>(answer: fn(&[String], &str) -> Reply) -> Self {
        let seen = std::sync::Mutex::new(Vec::new());
        let memory = Memory::answering(move |request| {
            let mut seen = seen.lock().unwrap();
            seen.push(request.url.as_str().trim_start_matches(BASE).to_owned());
            answer(&seen, seen.last().unwrap())
        });
        let connector = Connector::of::<S>().with_extension(SharedTransport(Arc::new(memory.clone())));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { connector, memory, runtime }
    }

    fn requests(&self) -> Vec<String> {
        let url = |seen: &connector_http::transport::Seen| seen.url.as_str().trim_start_matches(BASE).to_owned();
        let mut urls: Vec<String> = self.memory.seen().iter().map(url).collect();
        urls.sort();
        urls
    }

    fn discover(&self, config: Value) -> connector_core::Result<Catalog> {
        self.runtime.block_on(self.connector.discover_with(config))
    }

    fn read(&self, config: Value, catalog: Option<ConfiguredCatalog>) -> (Summary, Vec<String>) {
        let sink = MemorySink::new();
        let request = ReadRequest { catalog, ..ReadRequest::all(config) };
        let summary = self.runtime.block_on(self.connector.read(request, sink.clone())).unwrap();
        let text = String::from_utf8(sink.bytes()).unwrap();
        let mut lines: Vec<String> = text.lines().filter_map(line).collect();
        lines.sort();
        (summary, lines)
    }
}

/// `stream data` of a record, `stream state` of a state.
fn line(line: &str) -> Option<String> {
    let message: Value = serde_json::from_str(line).unwrap();
    match message["type"].as_str()? {
        "RECORD" => Some(format!("{} {}", message["record"]["stream"].as_str()?, message["record"]["data"])),
        "STATE" => {
            let stream = &message["state"]["stream"];
            let state = stream["stream_state"].get("cursor").or(stream["stream_state"].get("at"))?;
            Some(format!("{} state {state}", stream["stream_descriptor"]["name"].as_str()?))
        }
        _ => None,
    }
}

fn config() -> Value {
    json!({ "token": "t0ken", "base": "b1", "reports": ["sales"] })
}

/// A configured catalog of some streams.
fn catalog(names: &[&str]) -> ConfiguredCatalog {
    let streams = names.iter().map(|name| {
        json!({ "stream": { "name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"] },
            "sync_mode": "incremental", "destination_sync_mode": "append" })
    });
    let text = json!({ "streams": streams.collect::<Vec<_>>() }).to_string();
    ConfiguredCatalog::parse(text.as_bytes()).unwrap()
}

#[test]
fn streams_of_the_api_and_the_config() {
    let asked = Asked::of::<Base>(api);
    assert!(asked.connector.asks());
    let found = serde_json::to_value(asked.discover(config()).unwrap()).unwrap();
    let names: Vec<&str> = found["streams"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["users", "invoices", "notes", "report_sales"]);
    let invoices = &found["streams"][1];
    assert_eq!(invoices["source_defined_primary_key"], json!([["id"]]));
    assert_eq!(invoices["default_cursor_field"], json!(["at"]));
    let fields = &invoices["json_schema"]["properties"];
    assert_eq!(fields["id"]["type"], "integer", "a field of the struct stays as the struct says");
    assert_eq!(fields["total"], json!({ "type": ["number", "null"] }));
    assert_eq!(fields["due"]["airbyte_type"], "timestamp_with_timezone");
    assert_eq!(fields["table"]["type"], "string");
    assert!(found["streams"][2]["json_schema"]["properties"].get("total").is_none());
    let tables = "bases/b1/tables?limit=100";
    assert_eq!(asked.requests(), [tables, tables], "asked again after the 503, and nothing else");
    let token = asked.memory.seen()[0].headers.get("authorization").cloned().unwrap();
    assert_eq!(token.to_str().unwrap(), "Bearer t0ken");

    let (summary, lines) = asked.read(config(), None);
    assert_eq!(summary.error().map(|error| error.to_string()), None);
    let lines: Vec<&str> = lines.iter().filter(|line| !line.contains(" state ")).map(String::as_str).collect();
    assert_eq!(
        lines,
        [
            r#"invoices {"at":"2024-05-01T00:00:00Z","base":"b1","id":1,"table":"t1","total":1.5}"#,
            r#"invoices {"at":"2024-05-02T00:00:00Z","base":"b1","id":2,"table":"t1","total":2}"#,
            r#"notes {"at":"2024-05-03T00:00:00Z","base":"b1","id":7,"table":"t 2","text":"a"}"#,
            r#"report_sales {"day":"2024-05-01"}"#,
            r#"users {"id":9}"#,
        ]
    );
}

#[test]
fn only_those_who_read_them_ask() {
    let asked = Asked::of::<Base>(api);
    let (summary, lines) = asked.read(config(), Some(catalog(&["users"])));
    assert!(summary.error().is_none());
    assert_eq!(
        (lines.as_slice(), asked.requests().as_slice()),
        (&[r#"users {"id":9}"#.to_owned()][..], &["users".to_owned()][..])
    );
    let status = asked.runtime.block_on(asked.connector.check(config()));
    assert_eq!((status.status, asked.requests().len()), (Status::Succeeded, 2), "check reads the constant stream");
    let constants = serde_json::to_value(asked.connector.discover()).unwrap();
    assert_eq!(constants["streams"].as_array().unwrap().len(), 1);
}

#[test]
fn an_api_that_does_not_tell_fails_those_streams_only() {
    let asked =
        Asked::of::<Base>(|_, url| if url == "users" { Reply::json(r#"[{"id":9}]"#) } else { Reply::status(403) });
    let (summary, lines) = asked.read(config(), Some(catalog(&["users", "invoices"])));
    assert_eq!(lines, [r#"users {"id":9}"#]);
    let error = summary.error().unwrap().to_string();
    assert!(error.contains("invoices") && error.contains("bases/b1/tables") && error.contains("403"), "{error}");
    let error = asked.discover(config()).unwrap_err().to_string();
    assert!(error.contains("403"), "{error}");
    let odd = Asked::of::<Base>(|_, _| Reply::json(r#"{"tables":1}"#));
    let error = odd.discover(config()).unwrap_err().to_string();
    assert!(error.contains("does not understand") && error.contains("bases/b1/tables"), "{error}");
    let twice = Asked::of::<Base>(|_, _| Reply::json(r#"[{"id":"a","name":"users","columns":[]}]"#));
    let error = twice.discover(config()).unwrap_err().to_string();
    assert!(error.contains("two streams are called `users`"), "{error}");
    let nameless = Asked::of::<Base>(|_, _| Reply::json(r#"[{"id":"a","name":"","columns":[]}]"#));
    assert!(nameless.discover(config()).unwrap_err().to_string().contains("has no name"));
    let (summary, _) = Asked::of::<Base>(api).read(config(), Some(catalog(&["invoices", "invoises"])));
    let error = summary.error().unwrap().to_string();
    assert!(error.contains("did you mean `invoices`?"), "{error}");
}

mod made_only {
    use connector_http::prelude::*;

    #[derive(HttpStream)]
    #[http(made_of = String, path = "lists/{stream}")]
    struct Item {
        #[primary_key]
        id: u64,
    }

    #[source(base_url = "https://api.example.com/", streams = Self::lists)]
    pub(super) struct Lists {
        #[serde(default)]
        broken: bool,
    }

    impl Lists {
        async fn lists(&self, api: &ApiClient) -> Result<StreamList<Self>> {
            assert!(!self.broken, "a bug of the author's");
            let mut streams = StreamList::new();
            for list in api.get("lists").json::<Vec<String>>().await? {
                streams.add::<Item>(list.clone(), list);
            }
            Ok(streams)
        }
    }
}

#[test]
fn check_reads_a_stream_that_it_asked_for() {
    let lists = Asked::of::<made_only::Lists>(|_, url| match url {
        "lists" => Reply::json(r#"["a","b"]"#),
        "lists/a" => Reply::json(r#"[{"id":1}]"#),
        _ => Reply::status(500),
    });
    let status = lists.runtime.block_on(lists.connector.check(json!({})));
    assert_eq!((status.status, status.message), (Status::Succeeded, None));
    assert_eq!(lists.requests(), ["lists", "lists/a"]);
    let refusing = Asked::of::<made_only::Lists>(|_, url| match url {
        "lists" => Reply::json(r#"["a"]"#),
        _ => Reply::status(401),
    });
    let status = refusing.runtime.block_on(refusing.connector.check(json!({})));
    assert!(status.status == Status::Failed && status.message.unwrap().contains("lists/a"));
    let status = refusing.runtime.block_on(refusing.connector.check(json!({ "broken": true })));
    assert!(status.message.unwrap().contains("a bug of the author's"));
}

mod custom_fields {
    use connector_http::prelude::*;
    use std::collections::BTreeMap;

    #[derive(serde::Deserialize)]
    struct Property {
        name: String,
        r#type: String,
    }

    /// People.
    #[derive(HttpStream)]
    #[http(name = "contacts", path = "contacts", records = "results", schema = Self::properties)]
    struct Contact {
        #[primary_key]
        id: u64,
        properties: BTreeMap<String, Option<String>>,
    }

    impl Contact {
        async fn properties(config: &Crm, api: &ApiClient) -> Result<SchemaFields> {
            let found: Vec<Property> = api.post("properties").body(|body| body.set("of", &config.kind))?.json().await?;
            let mut fields = SchemaFields::within(["properties"]);
            for Property { name, r#type } in found {
                match r#type.as_str() {
                    "date" => fields.field::<Option<NaiveDate>>(name),
                    _ => fields.field::<Option<String>>(name),
                }
            }
            Ok(fields)
        }
    }

    #[source(base_url = "https://api.example.com/", streams(Contact))]
    pub(super) struct Crm {
        kind: String,
    }
}

#[test]
fn a_schema_of_the_account() {
    let crm = Asked::of::<custom_fields::Crm>(|_, url| match url {
        "properties" => Reply::json(r#"[{"name":"born","type":"date"},{"name":"x.y","type":"text"}]"#),
        "contacts" => Reply::json(r#"{"results":[{"id":1,"properties":{"born":"2001-02-03","x.y":null}}]}"#),
        _ => Reply::status(500),
    });
    let catalog = serde_json::to_value(crm.discover(json!({ "kind": "contact" })).unwrap()).unwrap();
    let properties = &catalog["streams"][0]["json_schema"]["properties"]["properties"]["properties"];
    assert_eq!(
        properties,
        &json!({ "born": { "type": ["string", "null"], "format": "date" }, "x.y": { "type": ["string", "null"] } })
    );
    let body = crm.memory.seen()[0].body.clone().unwrap();
    assert_eq!(&body[..], br#"{"of":"contact"}"#);
    let (summary, lines) = crm.read(json!({ "kind": "contact" }), None);
    assert!(summary.error().is_none());
    assert_eq!(lines, [r#"contacts {"id":1,"properties":{"born":"2001-02-03","x.y":null}}"#]);
    assert_eq!(crm.requests(), ["contacts", "properties"], "a read asks for no schema");
}
