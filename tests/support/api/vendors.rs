//! Small copies of three vendors' APIs, as their documentation describes them: Mailchimp, SendGrid, Zendesk Talk.

use crate::server::Builder;
use crate::{Reply, Request};

use super::TOKEN;

/// Adds the routes of all three, under `/mailchimp`, `/sendgrid` and `/talk`.
pub(super) fn routes(mut server: Builder) -> Builder {
    for (pattern, name, rows) in MAILCHIMP {
        server = server.route(&format!("GET /mailchimp/{pattern}"), move |request| {
            // Any user and the token, in base64.
            welcome(request, "Basic YW55c3RyaW5nOmFwaS10b2tlbi1vZi10aGUtdGVzdHM=", || {
                let since =
                    request.query.iter().find(|(name, _)| name.starts_with("since")).map_or("", |(_, value)| value);
                let rows: Vec<&str> =
                    rows.iter().filter(|(at, _)| at.is_empty() || *at >= since).map(|(_, row)| *row).collect();
                Reply::json(format!(r#"{{"{name}":[{}],"total_items":{}}}"#, rows.join(","), rows.len()))
            })
        });
    }
    for (pattern, rows) in SUPPRESSIONS {
        server = server.route(&format!("GET /sendgrid/{pattern}"), move |request| {
            bearer(request, || {
                let bound = |name: &str| request.param(name).and_then(|value| value.parse::<i64>().ok());
                let within = |at: i64| {
                    bound("start_time").is_none_or(|start| at >= start) && bound("end_time").is_none_or(|end| at <= end)
                };
                let rows: Vec<&str> = rows.iter().filter(|(at, _)| within(*at)).map(|(_, row)| *row).collect();
                Reply::json(format!("[{}]", rows.join(",")))
            })
        });
    }
    for (pattern, body) in SENDGRID
        .iter()
        .map(|(pattern, body)| (format!("/sendgrid/{pattern}"), *body))
        .chain(TALK.iter().map(|(pattern, body)| (format!("/talk/{pattern}"), *body)))
    {
        server = server.route(&pattern.replacen('/', "GET /", 1), move |request| pages(request, body));
    }
    server
        .route("POST /sendgrid/marketing/contacts/exports", |request| bearer(request, || Reply::json(r#"{"id":"export-1"}"#)))
        .route("GET /sendgrid/marketing/contacts/exports/export-1", |request| {
            let host = request.header("host").unwrap_or_default().to_owned();
            bearer(request, || Reply::json(format!(r#"{{"id":"export-1","status":"ready","urls":["http://{host}/sendgrid/files/1"]}}"#)))
        })
        .route("GET /sendgrid/files/1", |_| {
            Reply::status(200).header("Content-Type", "application/x-ndjson").body(concat!(
                r#"{"CONTACT_ID":"c1","EMAIL":"ada@example.com","FIRST_NAME":"Ada","CREATED_AT":"2024-01-02T03:04:05Z"}"#,
                "\n",
                r#"{"CONTACT_ID":"c2","EMAIL":"grace@example.com","LAST_NAME":"Hopper","PHONE_NUMBER":null}"#,
                "\n",
            ))
        })
}

fn welcome(request: &Request, credentials: &str, answer: impl FnOnce() -> Reply) -> Reply {
    if request.header("authorization") == Some(credentials) {
        return answer();
    }
    Reply::json(r#"{"title":"API key invalid"}"#).with_status(401)
}

fn bearer(request: &Request, answer: impl FnOnce() -> Reply) -> Reply {
    welcome(request, &format!("Bearer {TOKEN}"), answer)
}

/// A body whose `{next}` is the URL of a second page, and that has `|` between the pages.
fn pages(request: &Request, body: &str) -> Reply {
    bearer(request, || {
        let host = request.header("host").unwrap_or_default();
        let second = request.param("page") == Some("2");
        let page = body.split('|').nth(usize::from(second)).unwrap_or(body);
        Reply::json(page.replace("{next}", &format!(r#""http://{host}{}?page=2""#, request.path)))
    })
}

/// Path, name of the list, and its rows with the moments that they are asked for by.
type Lists = &'static [(&'static str, &'static str, &'static [(&'static str, &'static str)])];

const MAILCHIMP: Lists = &[
    (
        "campaigns",
        "campaigns",
        &[
            (
                "2024-01-02T00:00:00+00:00",
                r#"{"id":"c1","type":"regular","create_time":"2024-01-02T00:00:00+00:00","send_time":"","status":"sent","emails_sent":2,"settings":{"subject_line":"Hello","title":""}}"#,
            ),
            (
                "2024-02-02T00:00:00+00:00",
                r#"{"id":"c2","type":"plaintext","create_time":"2024-02-02T00:00:00+00:00","send_time":"2024-02-03T00:00:00+00:00","status":"save","emails_sent":0}"#,
            ),
        ],
    ),
    ("automations", "automations", &[]),
    (
        "reports",
        "reports",
        &[(
            "2024-02-03T00:00:00+00:00",
            r#"{"id":"c1","emails_sent":2,"send_time":"2024-02-03T00:00:00+00:00","opens":{"opens_total":3,"open_rate":0.50,"last_open":""}}"#,
        )],
    ),
    (
        "reports/c1/email-activity",
        "emails",
        &[
            (
                "",
                r#"{"campaign_id":"c1","list_id":"l1","email_id":"e1","email_address":"ada@example.com","activity":[{"action":"open","timestamp":"2024-02-03T01:00:00+00:00","ip":"192.0.2.1"},{"action":"click","timestamp":"2024-02-03T01:01:00+00:00","url":"https://example.com/"}]}"#,
            ),
            (
                "",
                r#"{"campaign_id":"c1","list_id":"l1","email_id":"e2","email_address":"grace@example.com","activity":[]}"#,
            ),
        ],
    ),
    ("reports/c2/email-activity", "emails", &[]),
    (
        "reports/c1/unsubscribed",
        "unsubscribes",
        &[(
            "",
            r#"{"campaign_id":"c1","email_id":"e2","email_address":"grace@example.com","timestamp":"2024-02-04T00:00:00+00:00","reason":"None given"}"#,
        )],
    ),
    ("reports/c2/unsubscribed", "unsubscribes", &[]),
    (
        "lists",
        "lists",
        &[(
            "2024-01-01T00:00:00+00:00",
            r#"{"id":"l1","web_id":7,"name":"Readers","date_created":"2024-01-01T00:00:00+00:00","stats":{"member_count":2,"open_rate":12.5}}"#,
        )],
    ),
    (
        "lists/l1/members",
        "members",
        &[
            (
                "2024-01-05T00:00:00+00:00",
                r#"{"id":"e1","list_id":"l1","email_address":"ada@example.com","status":"subscribed","merge_fields":{"FNAME":"Ada"},"last_changed":"2024-01-05T00:00:00+00:00","tags":[]}"#,
            ),
            (
                "2024-02-04T00:00:00+00:00",
                r#"{"id":"e2","list_id":"l1","email_address":"grace@example.com","status":"unsubscribed","merge_fields":{},"last_changed":"2024-02-04T00:00:00+00:00"}"#,
            ),
        ],
    ),
    ("lists/l1/tag-search", "tags", &[("", r#"{"id":11,"name":"VIP"}"#)]),
    (
        "lists/l1/interest-categories",
        "categories",
        &[("", r#"{"id":"q1","list_id":"l1","title":"Topics","display_order":0,"type":"checkboxes"}"#)],
    ),
    (
        "lists/l1/interest-categories/q1/interests",
        "interests",
        &[(
            "",
            r#"{"id":"i1","category_id":"q1","list_id":"l1","name":"Rust","subscriber_count":"1","display_order":1}"#,
        )],
    ),
    (
        "lists/l1/segments",
        "segments",
        &[(
            "2024-01-06T00:00:00+00:00",
            r#"{"id":21,"list_id":"l1","name":"Active","member_count":1,"type":"saved","updated_at":"2024-01-06T00:00:00+00:00","options":{"match":"all","conditions":[]}}"#,
        )],
    ),
    (
        "lists/l1/segments/21/members",
        "members",
        &[(
            "",
            r#"{"id":"e1","list_id":"l1","email_address":"ada@example.com","last_changed":"2024-01-05T00:00:00+00:00"}"#,
        )],
    ),
];

const SUPPRESSIONS: &[(&str, &[(i64, &str)])] = &[
    (
        "suppression/bounces",
        &[
            (
                1_704_153_600,
                r#"{"created":1704153600,"email":"gone@example.com","reason":"550 no such user","status":"5.1.1"}"#,
            ),
            (
                1_709_251_200,
                r#"{"created":1709251200,"email":"full@example.com","reason":"452 mailbox full","status":"4.2.2"}"#,
            ),
        ],
    ),
    (
        "suppression/spam_reports",
        &[(1_704_240_000, r#"{"created":1704240000,"email":"cross@example.com","ip":"192.0.2.9"}"#)],
    ),
    ("suppression/unsubscribes", &[]),
    ("suppression/blocks", &[]),
    ("suppression/invalid_emails", &[]),
    (
        "asm/groups",
        &[(0, r#"{"id":5,"name":"News","description":"Monthly news","is_default":false,"unsubscribes":1}"#)],
    ),
    (
        "asm/suppressions",
        &[(
            1_704_326_400,
            r#"{"created_at":1704326400,"email":"no-news@example.com","group_id":5,"group_name":"News"}"#,
        )],
    ),
];

const SENDGRID: &[(&str, &str)] = &[
    (
        "marketing/lists",
        r#"{"result":[{"id":"a","name":"All","contact_count":2}],"_metadata":{"next":{next}}}|{"result":[{"id":"b","name":"Beta","contact_count":0}],"_metadata":{}}"#,
    ),
    (
        "marketing/segments/2.0",
        r#"{"results":[{"id":"s1","name":"Recent","contacts_count":1,"status":{"query_validation":"VALID"}}]}"#,
    ),
    (
        "marketing/stats/singlesends",
        r#"{"results":[{"id":"m1","aggregation":"total","stats":{"delivered":2,"opens":1}}],"_metadata":{}}"#,
    ),
    ("marketing/stats/automations", r#"{"results":[],"_metadata":{}}"#),
    (
        "marketing/singlesends",
        r#"{"result":[{"id":"m1","name":"Launch","status":"triggered","categories":[],"is_abtest":false,"created_at":"2024-01-02T03:04:05Z"}],"_metadata":{}}"#,
    ),
    (
        "templates",
        r#"{"result":[{"id":"t1","name":"Plain","generation":"dynamic","updated_at":"2024-01-02 03:04:05","versions":[]}],"_metadata":{}}"#,
    ),
    ("marketing/campaigns", r#"{"result":[],"_metadata":{}}"#),
];

const TALK: &[(&str, &str)] = &[
    ("addresses", r#"{"addresses":[{"id":1,"name":"Office","city":"Berlin"}],"next_page":null}"#),
    (
        "stats/agents_activity",
        r#"{"agents_activity":[{"agent_id":4,"name":"Ada","calls_accepted":3}],"next_page":null}"#,
    ),
    (
        "stats/incremental/calls",
        r#"{"calls":[{"id":1,"updated_at":"2024-01-02T00:00:00Z","direction":"inbound"},{"id":2,"updated_at":"2024-01-03T00:00:00Z","talk_time":61}],"count":2,"next_page":{next}}|{"calls":[{"id":2,"updated_at":"2024-01-03T00:00:00Z","talk_time":61}],"count":1,"next_page":{next}}"#,
    ),
    (
        "stats/incremental/legs",
        r#"{"legs":[{"id":10,"call_id":1,"updated_at":"2024-01-02T00:00:00Z","type":"agent"}],"count":1,"next_page":{next}}"#,
    ),
    (
        "greetings",
        r#"{"greetings":[{"id":"g1","name":"Hello","category_id":1}],"next_page":{next}}|{"greetings":[{"id":"g2","name":"Bye","category_id":2}],"next_page":null}"#,
    ),
    (
        "greeting_categories",
        r#"{"greeting_categories":[{"id":1,"name":"welcome"},{"id":2,"name":"voicemail"}],"next_page":null}"#,
    ),
    (
        "phone_numbers",
        r#"{"phone_numbers":[{"id":3,"number":"+493012345","capabilities":{"voice":true},"created_at":"2023-01-01T00:00:00Z"}],"next_page":null}"#,
    ),
    (
        "ivr",
        r#"{"ivrs":[{"id":7,"name":"Main","menus":[{"id":8,"name":"Start","default":true,"routes":[{"id":9,"keypress":"1","action":"group"},{"id":10,"keypress":"2","action":"voicemail"}]}]}],"next_page":null}"#,
    ),
    ("stats/account_overview", r#"{"account_overview":{"total_calls":12,"average_call_duration":61}}"#),
    ("stats/agents_overview", r#"{"agents_overview":{"total_calls_accepted":12}}"#),
    ("stats/current_queue_activity", r#"{"current_queue_activity":{"agents_online":1}}"#),
];
