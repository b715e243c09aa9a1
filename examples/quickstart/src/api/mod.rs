//! The API that the quickstart reads: HTTP/1.1 on loopback, a thread a connection, a bearer token, pages with tokens, and
//! now and then a 429 that asks for a second's patience.

mod data;
mod http;

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data::Data;
use http::{Question, answer};

/// What a client has to send as `Authorization: Bearer …`.
pub const TOKEN: &str = "quickstart-token";
/// Each so many-th request is told to wait a second.
const PATIENCE: usize = 30;
/// What an answer takes, so that there is something to watch.
const LATENCY: Duration = Duration::from_millis(25);

/// A running API.
#[derive(Clone)]
pub struct Api {
    port: u16,
    state: Arc<Mutex<State>>,
}

/// One request, as the API saw it.
#[derive(Clone)]
pub struct Seen {
    /// The stream that the path belongs to.
    pub stream: &'static str,
    /// The status of the answer.
    pub status: u16,
}

struct State {
    data: Data,
    log: Vec<Seen>,
}

impl Api {
    /// Listens on a free port of 127.0.0.1, until the process ends.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let api = Self { port, state: Arc::new(Mutex::new(State { data: Data::new(), log: Vec::new() })) };
        let for_thread = api.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let api = for_thread.clone();
                std::thread::spawn(move || api.serve(stream));
            }
        });
        Ok(api)
    }

    /// What goes into the connector's config.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1/", self.port)
    }

    /// The world moves on: new orders, new posts, a few changes.
    pub fn change(&self) {
        self.state().data.change();
    }

    /// The requests since the last call.
    pub fn take_log(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state().log)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) {
        // A client that goes away ends its thread, nothing else.
        let _ = http::each_request(stream, |question| {
            std::thread::sleep(LATENCY);
            self.reply(question)
        });
    }

    fn reply(&self, question: &Question) -> Vec<u8> {
        if question.bearer.as_deref() != Some(TOKEN) {
            return answer(401, "", r#"{"error":"the token is missing or wrong"}"#);
        }
        let mut state = self.state();
        let path: Vec<&str> = question.path.trim_start_matches("/v1/").split('/').collect();
        let (stream, rows) = match path.as_slice() {
            ["users"] => ("users", state.data.users(question.param("updated_since"))),
            ["orders"] => ("orders", state.data.orders(question.param("updated_since"))),
            ["users", user, "posts"] => ("posts", state.data.posts(user, question.param("updated_since"))),
            _ => return answer(404, "", r#"{"error":"there is no such resource"}"#),
        };
        let patience = state.log.len() % PATIENCE == PATIENCE - 1;
        state.log.push(Seen { stream, status: if patience { 429 } else { 200 } });
        if patience {
            return answer(429, "Retry-After: 1\r\n", r#"{"error":"slow down, please"}"#);
        }
        answer(200, "", &page(stream, &rows, question))
    }
}

/// One page of rows, and the token of the next one. The token is the offset: enough for data that stands still.
fn page(name: &str, rows: &[String], question: &Question) -> String {
    let number = |name| question.param(name).and_then(|value| value.parse::<usize>().ok());
    let offset = number("page_token").unwrap_or(0);
    let rest = rows.get(offset..).unwrap_or_default();
    let part = rest.get(..number("limit").unwrap_or(50).clamp(1, 100)).unwrap_or(rest);
    let next = if part.len() < rest.len() { format!("\"{}\"", offset + part.len()) } else { "null".to_owned() };
    format!(r#"{{"{name}":[{}],"next_page_token":{next}}}"#, part.join(","))
}
