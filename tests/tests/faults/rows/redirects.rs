//! Redirects here and there, cookies, next pages elsewhere.

use connector_core::FailureType::{Config, System};
use connector_tests::Reply;

use crate::api::TOKEN;
use crate::bodies::PAGE;
use crate::row::{ITEMS, Row};

fn away(auth: &'static str, fault: &'static str) -> Row {
    Row::new(fault)
        .set("auth", auth)
        .script(|world| world.api.next(ITEMS, Reply::status(302).header("Location", world.other.url("/v1/items"))))
        .also(move |ran| {
            assert_eq!(ran.other_requests.len(), 1);
            let names: Vec<_> = ran.other_requests[0].request.headers.iter().map(|(name, _)| name.as_str()).collect();
            assert!(
                !names.iter().any(|name| ["authorization", "x-api-key", "cookie", "referer"].contains(name)),
                "{names:?}"
            );
            // Known to the API itself in the way that the row says.
            let sent = format!("{:?}", ran.requests[0].request);
            assert!(sent.contains("s3cret") || sent.contains("Basic "), "{sent}");
        })
        .note("the other host gets no credentials")
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("302 to another path of the same host")
            .script(|world| world.api.next(ITEMS, Reply::status(302).header("Location", "/v2/items")))
            .routes(|api, _| {
                api.route("GET /v2/items", |request| {
                    let known = request.header("authorization") == Some(&format!("Bearer {TOKEN}"));
                    if known { Reply::json(PAGE) } else { Reply::status(401) }
                })
            })
            .requests(2),
        away("bearer", "302 to another host, with a bearer token"),
        away("header", "302 to another host, with a key in a header"),
        away("query", "302 to another host, with a key in the query"),
        away("cookie", "302 to another host, with a key in a cookie"),
        away("basic", "302 to another host, with a password"),
        Row::new("302 to another host, which asks for credentials")
            .script(|world| {
                world.api.next(ITEMS, Reply::status(302).header("Location", world.other.url("/v1/items")));
                world.other.next(ITEMS, Reply::status(401));
            })
            .fails(Config, &["401", "redirected without credentials", "allowed_hosts"]),
        Row::new("302 to itself, for ever")
            .always(Reply::status(302).header("Location", "/v1/items"))
            .requests(11)
            .fails(System, &["GET http://", "redirected more than 10 times"]),
        Row::new("302 to `file:///etc/passwd`")
            .first([Reply::status(302).header("Location", "file:///etc/passwd")])
            .fails(System, &["redirected to a URL of the scheme `file`"]),
        Row::new("302 without a `Location`").always(Reply::status(302)).fails(System, &["302", "leads nowhere"]),
        Row::new("a session cookie, wanted back with the second page")
            .routes(|api, _| {
                api.route(ITEMS, |request| match (request.param("page"), request.header("cookie")) {
                    (None, _) => Reply::json(r#"{"items":[{"id":0}],"next":"b"}"#)
                        .header("Set-Cookie", "sid=1; Path=/; HttpOnly"),
                    (_, Some("sid=1")) => Reply::json(r#"{"items":[{"id":1}]}"#),
                    _ => Reply::status(403),
                })
            })
            .requests(2)
            .ids([0, 1]),
        Row::new("a next page on another host")
            .set("pages", "url")
            .script(|world| {
                let next = world.other.url("/v1/items");
                world.api.next(ITEMS, Reply::json(format!(r#"{{"items":[{{"id":0}}],"next":"{next}"}}"#)));
            })
            .fails(System, &["stream `items`", "the next page is at `http://", "allowed_hosts"])
            .ids([0])
            .also(|ran| assert!(ran.other_requests.is_empty())),
        Row::new("a next page at what is no URL")
            .set("pages", "url")
            .first([Reply::json(r#"{"items":[{"id":0}],"next":"http://[:::"}"#)])
            .fails(System, &["stream `items`", "next"])
            .ids([0]),
    ]
}
