//! One line of the matrix: the fault, and what has to come of it.

use std::time::Duration;

use connector_core::clock::VirtualClock;
use connector_core::sink::MemorySink;
use connector_core::{FailureType, Limits};
use connector_tests::{Builder, Fault, Reply, Server, Turn};
use serde_json::{Value, json};

use super::run::Ran;
use connector_core::cancel::Cancel;

/// What the closures of a row may use besides the request.
#[derive(Clone)]
pub(crate) struct Kit {
    pub(crate) clock: VirtualClock,
    pub(crate) sink: MemorySink,
    pub(crate) cancel: Cancel,
}

/// The two servers of a row: the API, and a host that is not its.
pub(crate) struct World {
    pub(crate) api: Server,
    pub(crate) other: Server,
}

type Routes = Box<dyn Fn(Builder, &Kit) -> Builder + Send + Sync>;
type Script = Box<dyn Fn(&World) + Send + Sync>;
type Configure = Box<dyn Fn(&World, &mut Value) + Send + Sync>;
type Also = Box<dyn Fn(&Ran) + Send + Sync>;

/// A fault and its outcome.
pub(crate) struct Row {
    pub(crate) fault: &'static str,
    pub(crate) routes: Vec<Routes>,
    pub(crate) script: Vec<Script>,
    pub(crate) configure: Vec<Configure>,
    pub(crate) limits: fn(&mut Limits),
    pub(crate) also: Vec<Also>,
    pub(crate) real_time: bool,
    pub(crate) slow_reader: Option<Duration>,
    pub(crate) server_gone: bool,
    pub(crate) streams: &'static [&'static str],
    pub(crate) catalog: Option<Value>,
    pub(crate) requests: usize,
    pub(crate) waits: Vec<f64>,
    pub(crate) ids: Vec<u64>,
    pub(crate) fails: Option<(FailureType, &'static [&'static str])>,
    pub(crate) note: &'static str,
}

/// The stream's path on the server.
pub(crate) const ITEMS: &str = "GET /v1/items";

impl Row {
    /// A row in which one request brings the three records of the API's only page.
    pub(crate) fn new(fault: &'static str) -> Self {
        Self {
            fault,
            routes: Vec::new(),
            script: Vec::new(),
            configure: Vec::new(),
            limits: |_| (),
            also: Vec::new(),
            real_time: false,
            slow_reader: None,
            server_gone: false,
            streams: &["items"],
            catalog: None,
            requests: 1,
            waits: Vec::new(),
            ids: vec![0, 1, 2],
            fails: None,
            note: "",
        }
    }

    /// The answers to the first requests for the stream.
    pub(crate) fn first<T: Into<Turn>>(self, turns: impl IntoIterator<Item = T>) -> Self {
        let turns: Vec<Turn> = turns.into_iter().map(Into::into).collect();
        self.script(move |world| {
            for turn in &turns {
                world.api.next(ITEMS, turn.clone());
            }
        })
    }

    /// The same answer to every request for the stream.
    pub(crate) fn always(self, turn: impl Into<Turn>) -> Self {
        let turn = turn.into();
        self.first(std::iter::repeat_n(turn, 40))
    }

    pub(crate) fn fault(self, fault: Fault) -> Self {
        self.first([fault])
    }

    pub(crate) fn body(self, body: impl Into<Vec<u8>>) -> Self {
        self.first([Reply::json(body)])
    }

    pub(crate) fn script(mut self, script: impl Fn(&World) + Send + Sync + 'static) -> Self {
        self.script.push(Box::new(script));
        self
    }

    pub(crate) fn routes(mut self, routes: impl Fn(Builder, &Kit) -> Builder + Send + Sync + 'static) -> Self {
        self.routes.push(Box::new(routes));
        self
    }

    pub(crate) fn configure(mut self, change: impl Fn(&World, &mut Value) + Send + Sync + 'static) -> Self {
        self.configure.push(Box::new(change));
        self
    }

    pub(crate) fn set(self, key: &'static str, value: &'static str) -> Self {
        self.configure(move |_, config| config[key] = json!(value))
    }

    pub(crate) fn limits(mut self, limits: fn(&mut Limits)) -> Self {
        self.limits = limits;
        self
    }

    /// The server's limits run in real time; waits of the framework are noted all the same.
    pub(crate) fn real_time(mut self) -> Self {
        self.real_time = true;
        self
    }

    /// The reader of the output stops for so long after the first records.
    pub(crate) fn slow_reader(mut self, pause: Duration) -> Self {
        self.slow_reader = Some(pause);
        self.real_time()
    }

    /// Nobody listens where the API was.
    pub(crate) fn server_gone(mut self) -> Self {
        self.server_gone = true;
        self.requests(0)
    }

    pub(crate) fn both_streams(mut self) -> Self {
        self.streams = &["items", "others"];
        self
    }

    pub(crate) fn catalog(mut self, catalog: Value) -> Self {
        self.catalog = Some(catalog);
        self
    }

    /// How many requests the API sees.
    pub(crate) fn requests(mut self, requests: usize) -> Self {
        self.requests = requests;
        self
    }

    /// The waits of the framework, in seconds.
    pub(crate) fn waits(mut self, seconds: &[f64]) -> Self {
        self.waits = seconds.to_vec();
        self
    }

    /// The ids of the records that come out, in their order, of all streams.
    pub(crate) fn ids(mut self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.ids = ids.into_iter().collect();
        self
    }

    /// The stream `items` fails, and this is said; without records unless [`ids`](Self::ids) says more.
    pub(crate) fn fails(mut self, who: FailureType, parts: &'static [&'static str]) -> Self {
        self.fails = Some((who, parts));
        self.ids([])
    }

    /// What else is worth a word in the table.
    pub(crate) fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// What else has to hold.
    pub(crate) fn also(mut self, also: impl Fn(&Ran) + Send + Sync + 'static) -> Self {
        self.also.push(Box::new(also));
        self
    }

    /// The lines of the records end in these bytes of data, exactly.
    pub(crate) fn data(self, data: &'static [&'static str]) -> Self {
        self.also(move |ran| assert_eq!(ran.data(), data))
    }

    /// This stands in the log.
    pub(crate) fn logs(self, count: usize, part: &'static str) -> Self {
        self.also(move |ran| {
            let found: Vec<_> = ran.logs().into_iter().filter(|line| line.contains(part)).collect();
            assert_eq!(found.len(), count, "{part:?} in {:#?}", ran.logs());
        })
    }

    /// The platform is told of the rate limit.
    pub(crate) fn limited(self) -> Self {
        self.also(|ran| {
            let told = ran.lines.iter().any(|line| {
                let status = &line["trace"]["stream_status"];
                status["status"] == "RUNNING"
                    && status["reasons"][0]["type"] == "RATE_LIMITED"
                    && status["reasons"][0]["rate_limited"]["quota_reset"].is_i64()
            });
            assert!(told, "{}", ran.output);
        })
    }
}
