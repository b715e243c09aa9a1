//! A stop while the server is silent, wherever it is silent.

use std::time::Duration;

use connector_core::FailureType::Transient;
use connector_core::cancel::Cancel;
use connector_tests::{Fault, Reply};

use crate::bodies::PAGE;
use crate::row::{ITEMS, Row};

/// The server goes silent, and shortly after the sync is asked to stop.
fn stopped(fault: &'static str, reply: Reply) -> Row {
    Row::new(fault)
        .routes(move |api, kit| {
            let (cancel, reply) = (kit.cancel.clone(), reply.clone());
            api.route(ITEMS, move |_| {
                let cancel = cancel.clone();
                std::thread::spawn(move || {
                    // Whatever the server sends shall be there before.
                    std::thread::sleep(Duration::from_millis(150));
                    cancel.cancel("the sync was asked to stop");
                });
                reply.clone()
            })
        })
        .fails(Transient, &["stream `items`", "asked to stop", "goes on from the last state"])
}

/// The sync is asked to stop while the token endpoint is asked.
fn renewal(fault: &'static str, answer: impl Fn(&Cancel) -> Reply + Send + Sync + Clone + 'static) -> Row {
    Row::new(fault)
        .set("auth", "oauth2")
        .set("refresh_token", "refresh-0")
        .configure(|world, config| config["token_url"] = world.api.url("/token").into())
        .routes(move |api, kit| {
            let (cancel, answer) = (kit.cancel.clone(), answer.clone());
            api.route("POST /token", move |_| answer(&cancel))
        })
        .fails(Transient, &["stream `items`", "asked to stop"])
}

pub(crate) fn rows() -> Vec<Row> {
    let page = Reply::json(PAGE);
    let stop = "the sync was asked to stop";
    vec![
        renewal("in the middle of the exchange of a refresh token that can be used once", move |cancel| {
            cancel.cancel(stop);
            // The stream ends before the answer comes.
            std::thread::sleep(Duration::from_millis(300));
            Reply::json(r#"{"access_token":"access-1","expires_in":3600,"refresh_token":"refresh-1"}"#)
        })
        .also(|ran| {
            let told = ran.of("CONTROL")[0].pointer("/control/connectorConfig/config/refresh_token").unwrap();
            assert_eq!(told, "refresh-1");
        })
        .note("the CONTROL message with the new refresh token is written all the same"),
        renewal("while the token endpoint fails", move |cancel| {
            cancel.cancel(stop);
            Reply::status(503)
        }),
        stopped("silent before the answer", page.clone().fault(Fault::Silence)),
        stopped("silent in the body", page.clone().fault(Fault::Stall(9))),
        stopped(
            "silent in a body that connector code reads",
            page.clone().header("X-Read-Whole", "1").fault(Fault::Stall(9)),
        ),
        stopped("silent in the body of a failure", page.with_status(500).fault(Fault::Stall(9))),
    ]
}
