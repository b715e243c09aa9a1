//! A stop while the server is silent, wherever it is silent.

use std::time::Duration;

use connector_core::FailureType::Transient;
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

pub(crate) fn rows() -> Vec<Row> {
    let page = Reply::json(PAGE);
    vec![
        stopped("silent before the answer", page.clone().fault(Fault::Silence)),
        stopped("silent in the body", page.clone().fault(Fault::Stall(9))),
        stopped(
            "silent in a body that connector code reads",
            page.clone().header("X-Read-Whole", "1").fault(Fault::Stall(9)),
        ),
        stopped("silent in the body of a failure", page.with_status(500).fault(Fault::Stall(9))),
    ]
}
