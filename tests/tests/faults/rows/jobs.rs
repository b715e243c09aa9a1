//! Reports that are made on request.

use connector_core::FailureType::{System, Transient};
use connector_tests::{Fault, Reply, Turn};

use crate::row::{ITEMS, Row};

const CREATE: &str = "POST /v1/reports";
const POLL: &str = "GET /v1/reports/r1";
const FILE: &str = "GET /v1/files/1";

fn report(fault: &'static str) -> Row {
    Row { streams: &["reports"], ..Row::new(fault) }
}

fn says(state: &str) -> Reply {
    Reply::json(format!(r#"{{"state":"{state}","urls":null}}"#))
}

/// The answers to the first requests of a step.
fn answers<T: Into<Turn>>(row: Row, step: &'static str, turns: impl IntoIterator<Item = T>) -> Row {
    let turns: Vec<Turn> = turns.into_iter().map(Into::into).collect();
    row.script(move |world| {
        for turn in &turns {
            world.api.next(step, turn.clone());
        }
    })
}

fn poll<T: Into<Turn>>(fault: &'static str, turns: impl IntoIterator<Item = T>) -> Row {
    answers(report(fault), POLL, turns)
}

/// The result is on another host.
fn elsewhere(fault: &'static str) -> Row {
    report(fault).script(|world| {
        let url = world.other.url("/v1/items");
        world.api.next(POLL, Reply::json(format!(r#"{{"state":"READY","urls":["{url}"]}}"#)));
    })
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        poll("a job that is under way at first", [says("QUEUED"), says("QUEUED")]).requests(5).waits(&[5.0; 3]),
        poll("a job that asks for patience: `Retry-After: 20`", [says("QUEUED").header("Retry-After", "20")])
            .requests(4)
            .waits(&[5.0, 20.0]),
        poll("a status that is answered with 202 and no body", [Reply::status(202)]).requests(4).waits(&[5.0; 2]),
        poll("a job that is slow: a poll every 5 minutes", std::iter::repeat_n(says("QUEUED"), 4))
            .set("every", "300")
            .requests(7)
            .waits(&[300.0; 5])
            .also(|ran| assert!(ran.of("STATE").len() >= 3, "{}", ran.output))
            .note("the last safe STATE is repeated every 10 minutes"),
        poll("a job that fails twice", [says("FAILED"), says("EXPIRED")])
            .requests(7)
            .waits(&[5.0, 1.0, 5.0, 2.0, 5.0])
            .logs(2, "creating another job")
            .note("the third job's result is read"),
        poll("a job that fails, for ever", std::iter::repeat_n(says("FAILED"), 9))
            .requests(6)
            .waits(&[5.0, 1.0, 5.0, 2.0, 5.0])
            .fails(
                Transient,
                &["stream `reports`", "/v1/reports/r1", "id=r1", "ended as `FAILED`", "3 jobs were tried"],
            ),
        poll("a job that never ends", std::iter::repeat_n(says("QUEUED"), 40))
            .requests(21)
            .waits(&[5., 5., 5., 5., 5., 5., 1., 5., 5., 5., 5., 5., 5., 2., 5., 5., 5., 5., 5., 5.])
            .fails(Transient, &["is still `QUEUED` after 30 s", "3 jobs were tried"]),
        poll("a status that the stream does not know", [says("PAUSED")]).requests(2).waits(&[5.0]).fails(
            System,
            &["`state` is `PAUSED`", "running `QUEUED`; done `READY`; empty `NO_DATA`; failed `FAILED`, `EXPIRED`"],
        ),
        poll("an answer to the poll without a status", [Reply::json("{}")])
            .requests(2)
            .waits(&[5.0])
            .fails(System, &["tells no status of the job", "has no `state`"]),
        poll("a job that ends without data, as the stream knows", [says("NO_DATA")]).requests(2).waits(&[5.0]).ids([]),
        poll("a job that is done and has no results", [says("READY")])
            .requests(2)
            .waits(&[5.0])
            .fails(System, &["the job is done", "no results at `urls`"]),
        poll(
            "429 with `Retry-After: 7` and 500 to the poll",
            [Reply::status(429).header("Retry-After", "7"), Reply::status(500)],
        )
        .requests(5)
        .waits(&[5.0, 7.0, 1.0, 4.0, 4.95])
        .limited(),
        poll("404 to the poll", [Reply::status(404)])
            .requests(5)
            .waits(&[5.0, 1.0, 5.0])
            .note("another job is created"),
        answers(report("503 to the creation of the job"), CREATE, [Reply::status(503)]).requests(4).waits(&[1.0, 5.0]),
        answers(report("a job that is created without an id"), CREATE, [Reply::json("{}")])
            .requests(1)
            .fails(System, &["POST http://", "created a job, but the answer has no `id`"]),
        answers(report("a result that is cut off in the middle"), FILE, [Fault::Truncate(12)])
            .requests(4)
            .waits(&[5.0, 1.0]),
        answers(report("a result whose URL has expired: 403"), FILE, [Reply::status(403)])
            .requests(6)
            .waits(&[5.0, 1.0, 5.0])
            .note("another job is created"),
        elsewhere("a result on another host")
            .requests(2)
            .waits(&[5.0])
            .also(|ran| {
                let names: Vec<_> =
                    ran.other_requests[0].request.headers.iter().map(|(name, _)| name.as_str()).collect();
                assert!(!names.contains(&"authorization"), "{names:?}");
            })
            .note("it is asked without credentials"),
        elsewhere("a result on another host, which wants credentials")
            .script(|world| world.other.next(ITEMS, Reply::status(401)))
            .requests(5)
            .waits(&[5.0, 1.0, 5.0])
            .note("another job is created"),
        report("a stop while the job is under way")
            .routes(|api, kit| {
                let cancel = kit.cancel.clone();
                api.route(POLL, move |_| {
                    cancel.cancel("the sync was asked to stop");
                    says("QUEUED")
                })
            })
            .requests(2)
            .waits(&[5.0])
            .fails(Transient, &["stream `reports`", "asked to stop"]),
    ]
}
