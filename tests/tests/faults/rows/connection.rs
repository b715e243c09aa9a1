//! 5xx, and connections that are refused, reset, cut off, silent.

use std::time::Duration;

use connector_core::FailureType::{Config, Transient};
use connector_core::Limits;
use connector_tests::{Fault, Reply};

use crate::bodies::PAGE;
use crate::row::{ITEMS, Row};

/// Limits for rows in which the time is real.
fn quick(limits: &mut Limits) {
    limits.first_byte_timeout = Duration::from_secs(20);
    limits.idle_timeout = Duration::from_millis(500);
}

pub(crate) fn rows() -> Vec<Row> {
    let bursts = [500, 502, 503, 504].map(Reply::status);
    vec![
        Row::new("500, 502, 503, 504, then well").first(bursts).requests(5).waits(&[1.0, 2.0, 4.0, 8.0]),
        Row::new("503, for ever")
            .always(Reply::status(503).body("down for maintenance"))
            .requests(5)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(
                Transient,
                &[
                    "stream `items`",
                    "GET http://",
                    "/v1/items",
                    "503",
                    "down for maintenance",
                    "tried 5 times",
                    "try again later",
                ],
            ),
        Row::new("connection refused, for ever")
            .server_gone()
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(Transient, &["stream `items`", "GET http://", "could not connect", "refused", "tried 5 times"]),
        Row::new("the host's name does not exist")
            .configure(|_, config| config["base_url"] = "http://no.such.host.invalid/".into())
            .requests(0)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(Transient, &["GET http://no.such.host.invalid/items", "name cannot be found"]),
        Row::new("reset before the answer").fault(Fault::ResetBefore).requests(2),
        Row::new("closed before the answer").fault(Fault::CloseBefore).requests(2),
        Row::new("reset before the answer, twice")
            .first([Fault::ResetBefore, Fault::ResetBefore])
            .requests(3)
            .waits(&[2.0]),
        Row::new("closed before the answer, for ever")
            .always(Fault::CloseBefore)
            .requests(5)
            .waits(&[2.0, 4.0, 8.0])
            .fails(Transient, &["stream `items`", "GET http://", "lost its connection", "tried 5 times"]),
        Row::new("reset in the middle of the body").fault(Fault::ResetAfter(12)).requests(2).waits(&[1.0]),
        Row::new("closed in the middle of the body").fault(Fault::Truncate(12)).requests(2).waits(&[1.0]),
        Row::new("closed in the middle of a chunked body")
            .first([Reply::json(PAGE).chunked().fault(Fault::Truncate(12))])
            .requests(2)
            .waits(&[1.0]),
        Row::new("closed in the middle of a body without a length")
            .first([Reply::json(&PAGE[..12]).until_close()])
            .requests(2)
            .waits(&[1.0]),
        Row::new("closed after the answer, unannounced").fault(Fault::CloseAfter),
        Row::new("a `Content-Length` that is too large").fault(Fault::Length(1000)).requests(2).waits(&[1.0]),
        Row::new("not HTTP").fault(Fault::Garbage(b"SSH-2.0-nonsense\r\n".to_vec())).requests(2),
        Row::new("silent for 60 s, then well")
            .routes(|api, kit| {
                let clock = kit.clock.clone();
                let asked = std::sync::atomic::AtomicUsize::new(0);
                api.route(ITEMS, move |_| {
                    if asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0 {
                        return Reply::json(PAGE);
                    }
                    clock.advance(Duration::from_secs(60));
                    Reply::json(PAGE).fault(Fault::Silence)
                })
            })
            .requests(2)
            .waits(&[1.0]),
        Row::new("silent for 60 s, for ever")
            .routes(|api, kit| {
                let clock = kit.clock.clone();
                api.route(ITEMS, move |_| {
                    clock.advance(Duration::from_secs(60));
                    Reply::json(PAGE).fault(Fault::Silence)
                })
            })
            .requests(5)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(Transient, &["stream `items`", "GET http://", "no answer within 60 s", "tried 5 times"]),
        Row::new("a body that stalls, once").real_time().limits(quick).fault(Fault::Stall(7)).requests(2).waits(&[1.0]),
        Row::new("a body that stalls, for ever (here for 500 ms; 60 s by default)")
            .real_time()
            .limits(quick)
            .always(Fault::Stall(7))
            .requests(5)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(
                Transient,
                &["stream `items`", "GET http://", "stopped sending in the middle of the body", "tried 5 times"],
            ),
        Row::new("a body that drips, 3 bytes at a time").fault(Fault::Drip(3, Duration::from_millis(2))),
        Row::new("a body that drips too slowly to end (here 1 byte in 50 ms)")
            .real_time()
            .limits(quick)
            .script(|world| world.api.next(ITEMS, Fault::Drip(1, Duration::from_millis(50))))
            .requests(2)
            .waits(&[1.0]),
        Row::new("TLS is spoken to a server without it")
            .configure(|world, config| config["base_url"] = world.api.url("/v1/").replace("http:", "https:").into())
            .limits(|limits| limits.connect_timeout = Duration::from_millis(300))
            .requests(0)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(Transient, &["GET https://", "could not connect"]),
        Row::new("501").always(Reply::status(501)).fails(Transient, &["501"]),
        Row::new("407").always(Reply::status(407)).fails(Transient, &["407", "proxy"]),
        Row::new("400 with a reason")
            .always(Reply::status(400).body(r#"{"error":"no such field"}"#))
            .fails(connector_core::FailureType::System, &["400", "no such field", "check the config"]),
        Row::new("401 that shows the token it was given")
            .always(Reply::status(401).body(format!("bad token {}", crate::api::TOKEN)))
            .fails(Config, &["401", "bad token ***", "check the credentials"]),
    ]
}
