//! Streams that are read once for each record of another.

use crate::kit::read;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "teams", records = "data.teams")]
struct Team {
    #[primary_key]
    id: u64,
    name: String,
}

#[derive(HttpStream)]
#[http(path = "teams/{parent.id}/users", parent = Team, records = "data.*.members", params(team = parent.name))]
#[add(team = parent.name)]
struct User {
    #[primary_key]
    id: String,
}

#[derive(HttpStream)]
#[http(path = "users" / parent.id / "posts", parent = User, headers("X-Team" = grandparent.id))]
#[add(user = parent.id, team = grandparent.name)]
struct Post {
    #[primary_key]
    id: u64,
}

#[source(name = "source-parents", base_url = "https://api.example.com/", streams(Team, User, Post))]
struct Parents {}

#[test]
fn three_levels() {
    let sync = read::<Parents>(json!({}), |url, _| {
        Reply::json(match url {
            "teams" => r#"{"data":{"teams":[{"id":1,"name":"a b"}]}}"#,
            "teams/1/users?team=a+b" => r#"{"data":{"x":{"members":[{"id":"u/1"}]},"y":{"members":[{"id":"u2"}]}}}"#,
            "users/u%2F1/posts" => r#"[{"id":7}]"#,
            "users/u2/posts" => "[]",
            other => panic!("{other}"),
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"post {"id":7,"user":"u/1","team":"a b"}"#,
            r#"team {"id":1,"name":"a b"}"#,
            r#"user {"id":"u/1","team":"a b"}"#,
            r#"user {"id":"u2","team":"a b"}"#,
        ]
    );
    assert_eq!(sync.header("x-team").iter().filter(|team| **team == "1").count(), 2);
}

#[derive(HttpStream)]
#[http(path = "projects")]
struct Project {
    #[primary_key]
    gid: String,
    tags: Vec<String>,
}

/// Called otherwise on the wire.
#[derive(HttpStream)]
#[http(path = "projects/{parent.gid}/tasks", parent = Project)]
struct Task {
    #[primary_key]
    #[serde(rename = "task_gid")]
    gid: String,
    #[serde(rename = "labels")]
    tags: Vec<String>,
}

/// Of a project or of a task: the API knows both by one kind of id.
#[derive(HttpStream)]
#[http(path = "attachments", parent = [Project, Task], params(parent = parent.gid))]
#[add(of = parent.gid)]
struct Attachment {
    #[primary_key]
    id: u64,
}

/// Below a stream of several parents.
#[derive(HttpStream)]
#[http(path = "attachments/{parent.id}/views", parent = Attachment)]
struct View {
    #[primary_key]
    id: u64,
}

/// The same id may be that of a project and of a task here, which are asked for in different ways.
#[derive(HttpStream)]
#[http(path = "{partition.kind}/{parent.gid}/comments", parent = [Project(kind = "projects"), Task(kind = "tasks", )])]
#[add(kind = partition.kind)]
struct Comment {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = "2024-01-01", end = "2024-02-01T00:00:00Z")]
    at: DateTime<Utc>,
}

/// Once for each tag of either.
#[derive(HttpStream)]
#[http(path = "tags/{partition.tag}", parent = [Task, Project], params(of = parent.gid))]
#[partition(tag = parent.tags)]
struct Tagged {
    #[primary_key]
    id: u64,
}

/// Two at a time, whichever they are of.
#[derive(HttpStream)]
#[http(path = "batch", parent = [Project, Task], group = 2, params(ids = parent.gid.join(",")))]
struct Batch {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-union",
    base_url = "https://api.example.com/",
    streams(Attachment, Batch, Comment, Project(config), Tagged, Task, View)
)]
struct Union {}

fn union(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "projects" => r#"[{"gid":"1","tags":["x"]},{"gid":"2","tags":[]}]"#,
        "projects/1/tasks" => r#"[{"task_gid":"7","labels":["x","y"]},{"task_gid":"2","labels":["x"]}]"#,
        "projects/2/tasks" => "[]",
        "attachments?parent=1" => r#"[{"id":10}]"#,
        "attachments?parent=7" => r#"[{"id":70}]"#,
        "attachments/10/views" => r#"[{"id":100}]"#,
        "projects/2/comments?since=2024-01-01T00%3A00%3A00Z" => r#"[{"id":5,"at":"2024-01-05T00:00:00Z"}]"#,
        "tasks/2/comments?since=2024-01-01T00%3A00%3A00Z" => r#"[{"id":6,"at":"2024-01-06T00:00:00Z"}]"#,
        other if other.starts_with("tasks/2/comments?since=2024-01-06") => r#"[{"id":6,"at":"2024-01-06T00:00:00Z"}]"#,
        _ => "[]",
    })
}

#[test]
fn records_of_several_parents() {
    let sync = read::<Union>(json!({}), union).sorted();
    assert_eq!(sync.error, None);
    let of = |path: &str| -> Vec<&str> {
        let all = sync.requests.iter().filter_map(|request| request.strip_prefix("GET "));
        all.filter(|url| url.starts_with(path)).collect()
    };
    // Task 2 is of project 1, and so another partition than project 2.
    assert_eq!(of("attachments?").len(), 4, "{:?}", of("attachments?"));
    assert_eq!(of("attachments/"), ["attachments/10/views", "attachments/70/views"]);
    assert_eq!(
        of("tags"),
        ["tags/x?of=1", "tags/x?of=2", "tags/x?of=7", "tags/y?of=7"],
        "the list of each parent, under its own name"
    );
    assert_eq!(of("batch"), ["batch?ids=1%2C2", "batch?ids=7%2C2"], "tasks are of another level than projects");
    assert_eq!(
        sync.records[..4],
        [
            r#"attachment {"id":10,"of":"1"}"#,
            r#"attachment {"id":70,"of":"7"}"#,
            r#"comment {"id":5,"at":"2024-01-05T00:00:00Z","kind":"projects"}"#,
            r#"comment {"id":6,"at":"2024-01-06T00:00:00Z","kind":"tasks"}"#,
        ]
    );
    assert!(sync.records.contains(&r#"view {"id":100}"#.to_owned()));
    // Each parent is read once, and each partition goes on where it was.
    let keys = sync.state("comment")["partitions"]["groups"][0]["keys"].clone();
    assert!(keys.as_str().is_some_and(|keys| keys.contains(r#""projects","1""#)), "{keys}");
    let next = crate::kit::read_from::<Union>(json!({}), &sync.states(), union);
    assert_eq!(next.error, None);
    let since = |request: &&String| request.contains("comments?since=2024-02-01");
    assert_eq!(next.requests.iter().filter(since).count(), 4, "{:?}", next.requests);
    assert_eq!(next.requests.iter().filter(|request| *request == "GET projects").count(), 1);
}

#[derive(HttpStream)]
#[http(path = "invoices", records = "data")]
#[remove(lines)]
struct Invoice {
    #[primary_key]
    id: String,
    lines: Option<Lines>,
}

/// The first of them, and whether there are more.
#[derive(Record)]
struct Lines {
    data: Vec<Line>,
    has_more: bool,
}

/// Its first page stands in the invoice.
#[derive(HttpStream)]
#[http(
    path = "invoices/{parent.id}/lines",
    parent = Invoice,
    first_page = parent.lines,
    records = "data",
    params(limit = 2)
)]
#[paginate(token = record.id, param = "starting_after", stop = !response.flag("has_more"))]
#[add(invoice = parent.id)]
struct Line {
    #[primary_key]
    id: u64,
}

#[source(name = "source-invoices", base_url = "https://api.example.com/", streams(Invoice(config), Line))]
struct Invoices {}

#[test]
fn first_pages_in_the_parents_records() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "invoices" => {
                r#"{"data":[
                    {"id":"a","lines":{"data":[{"id":1},{"id":2}],"has_more":true}},
                    {"id":"b","lines":{"data":[{"id":5}],"has_more":false}},
                    {"id":"c","lines":null},
                    {"id":"d","lines":{"data":[],"has_more":false}}
                ]}"#
            }
            "invoices/a/lines?limit=2&starting_after=2" => r#"{"data":[{"id":3},{"id":4}],"has_more":true}"#,
            "invoices/a/lines?limit=2&starting_after=4" => r#"{"data":[{"id":9}],"has_more":false}"#,
            // Without the field, nothing is known of it.
            "invoices/c/lines?limit=2" => r#"{"data":[{"id":7}],"has_more":false}"#,
            other => panic!("{other}"),
        })
    };
    let sync = read::<Invoices>(json!({}), answer).sorted();
    assert_eq!(sync.error, None);
    assert_eq!(sync.requests.len(), 4, "{:?}", sync.requests);
    let lines: Vec<_> = sync.records.iter().filter_map(|record| record.strip_prefix("line ")).collect();
    let line = |id: u64, invoice: &str| format!(r#"{{"id":{id},"invoice":"{invoice}"}}"#);
    let all = [(1, "a"), (2, "a"), (3, "a"), (4, "a"), (5, "b"), (7, "c"), (9, "a")];
    assert_eq!(lines, all.map(|(id, invoice)| line(id, invoice)));
    assert!(sync.records.contains(&r#"invoice {"id":"a"}"#.to_owned()), "{:?}", sync.records);

    // What stands there is no page of lines: the slice fails, and says where that was.
    let odd = read::<Invoices>(json!({}), |_, _| Reply::json(r#"{"data":[{"id":"a","lines":{"items":[]}}]}"#));
    let error = odd.error.unwrap();
    assert!(error.contains("the first page, which the parent's record held: "), "{error}");
}

#[derive(HttpStream)]
#[http(path = "groups", enabled = config.groups.is_empty())]
struct Group {
    #[primary_key]
    id: u64,
}

/// The groups that the config names, each by a request of its own.
#[derive(HttpStream)]
#[http(path = "groups/{partition.id}")]
#[partition(id = config.groups)]
struct NamedGroup {
    #[primary_key]
    id: u64,
}

/// Of the groups that are named, or else of all.
#[derive(HttpStream)]
#[http(path = "groups/{parent.id}/members", parent = [Group, NamedGroup])]
struct Member {
    #[primary_key]
    id: u64,
}

#[source(name = "source-groups", base_url = "https://api.example.com/", streams(Group, NamedGroup, Member))]
struct Groups {
    groups: Vec<u64>,
}

#[test]
fn one_of_several_parents_by_config() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "groups" => r#"[{"id":1},{"id":2}]"#,
            "groups/7" => r#"{"id":7}"#,
            _ => "[]",
        })
    };
    let named = read::<Groups>(json!({"groups": [7]}), answer).sorted();
    assert_eq!(
        (named.error, named.requests),
        (None, vec!["GET groups/7".to_owned(), "GET groups/7/members".to_owned()])
    );
    let all = read::<Groups>(json!({"groups": []}), answer).sorted();
    assert_eq!(all.requests, ["GET groups", "GET groups/1/members", "GET groups/2/members"]);
}

#[derive(HttpStream)]
#[http(path = "owners")]
struct Owner {
    #[primary_key]
    id: u64,
    #[serde(rename = "login")]
    name: String,
}

/// Of each owner in each project.
#[derive(HttpStream)]
#[http(
    path = "projects/{parent.gid}/shares",
    parent = Project,
    second_parent = Owner,
    params(owner = second_parent.name)
)]
#[add(owner = second_parent.id, project = parent.gid)]
struct Share {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = "2024-01-01", end = "2024-02-01T00:00:00Z")]
    at: DateTime<Utc>,
}

/// Below pairs.
#[derive(HttpStream)]
#[http(path = "shares/{parent.id}/uses", parent = Share)]
struct ShareUse {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-pairs",
    base_url = "https://api.example.com/",
    streams(Owner(config), Project(config), Share, ShareUse)
)]
struct Pairs {}

#[test]
fn pairs_of_two_parents() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "projects" => r#"[{"gid":"1","tags":[]},{"gid":"2","tags":[]}]"#,
            "owners" => r#"[{"id":7,"login":"a"},{"id":8,"login":"b"},{"id":7,"login":"a"}]"#,
            "projects/2/shares?owner=b&since=2024-01-01T00%3A00%3A00Z" => r#"[{"id":5,"at":"2024-01-05T00:00:00Z"}]"#,
            "shares/5/uses" => r#"[{"id":50}]"#,
            _ => "[]",
        })
    };
    let sync = read::<Pairs>(json!({}), answer).sorted();
    assert_eq!(sync.error, None);
    let shares: Vec<_> = sync.requests.iter().filter(|request| request.contains("/shares?")).collect();
    assert_eq!(shares.len(), 4, "each pair once: {shares:?}");
    assert!(sync.records.contains(&r#"share {"id":5,"at":"2024-01-05T00:00:00Z","owner":8,"project":"2"}"#.to_owned()));
    assert!(sync.records.contains(&r#"share_use {"id":50}"#.to_owned()), "{:?}", sync.records);
    let next = crate::kit::read_from::<Pairs>(json!({}), &sync.states(), answer);
    let since: Vec<_> = next.requests.iter().filter(|request| request.contains("since=2024-02-01")).collect();
    assert_eq!(since.len(), 4, "each goes on where it was: {:?}", next.requests);
}

#[derive(HttpStream)]
#[http(path = "people")]
struct Person {
    #[primary_key]
    id: u64,
    biography: String,
}

#[derive(HttpStream)]
#[http(path = "people/{parent.id}/notes", parent = Person, params = Self::look)]
struct Note {
    #[primary_key]
    id: u64,
}

impl Note {
    fn look<C>(cx: &Cx<'_, C>, params: &mut Params) -> Result<()> {
        let biography: Result<String> = cx.value_of_parent(0, &["biography"]);
        params.add("held", if biography.is_ok() { "yes" } else { "no" });
        Ok(())
    }
}

#[source(name = "source-notes", base_url = "https://api.example.com/", streams(Person, Note))]
struct Notes {}

/// Of a parent's record only what its sub-streams declare to use is held for them, however large the rest.
#[test]
fn what_no_sub_stream_uses_of_a_parent_is_not_held() {
    let sync = read::<Notes>(json!({}), |url, _| {
        Reply::json(match url {
            "people" => r#"[{"id":1,"biography":"long"}]"#,
            _ => "[]",
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(sync.requests, ["GET people", "GET people/1/notes?held=no"]);
    assert_eq!(sync.records, [r#"person {"id":1,"biography":"long"}"#]);
}
