//! A small HTTP/1.1 server on loopback: routes, a script of faults, a record of what was asked.
//!
//! It runs on a thread of its own, so tests with and without a runtime use it alike, and ends when it is dropped.
//!
//! ```
//! use connector_tests::{Fault, Reply, Server};
//!
//! let server = Server::new()
//!     .route("GET /v1/users/{id}", |request| Reply::json(format!(r#"{{"id":{}}}"#, request.segment(2))))
//!     .start()?;
//! server.next("GET /v1/users/7", Fault::ResetBefore);      // once; then the route again
//! assert!(server.url("/v1/users/7").starts_with("http://127.0.0.1:"));
//! assert!(server.requests().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```

mod connection;
mod fault;
mod reply;
mod request;
mod route;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use fault::Fault;
pub use reply::Reply;
pub use request::Request;
use route::{Pattern, Route};

/// Routes, before the server runs.
#[derive(Default)]
pub struct Builder {
    routes: Vec<Route>,
}

impl Builder {
    /// Answers requests of a method and path, such as `GET /v1/users/{id}`; a segment in braces stands for any one segment.
    /// The first route that fits answers; where none does, the answer is 404.
    #[must_use]
    pub fn route<F>(mut self, pattern: &str, answer: F) -> Self
    where
        F: Fn(&Request) -> Reply + Send + Sync + 'static,
    {
        self.routes.push(Route { pattern: Pattern::new(pattern), answer: Arc::new(answer) });
        self
    }

    /// Starts the server on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound or no thread started.
    pub fn start(self) -> io::Result<Server> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { routes: self.routes, script: Mutex::default(), log: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("test-server".to_owned()).spawn(move || {
            runtime.block_on(accept(listener, for_thread, stopped));
        })?;
        Ok(Server { address, shared, stop: Some(stop), thread: Some(thread) })
    }
}

/// A running server. Dropping it closes its connections.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A request as it arrived, and when.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What was asked.
    pub request: Request,
    /// When its last byte was there.
    pub at: Instant,
    /// Which connection it came on, counted from 0.
    pub connection: u64,
}

impl Server {
    /// A server without routes.
    #[must_use]
    #[expect(clippy::new_ret_no_self, reason = "what is new is the builder; a server runs")]
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Scheme, address and port, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of a path, which begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// What to do at the next request that fits the pattern and for which nothing else is planned: a whole [`Reply`], or a
    /// [`Fault`] on the way of the route's own reply. Called twice, it plans the next two requests.
    pub fn next(&self, pattern: &str, turn: impl Into<Turn>) {
        let pattern = Pattern::new(pattern);
        let mut script = lock(&self.shared.script);
        match script.iter_mut().find(|plan| plan.pattern == pattern) {
            Some(plan) => plan.turns.push_back(turn.into()),
            None => script.push(Plan { pattern, turns: VecDeque::from([turn.into()]) }),
        }
    }

    /// Every request so far, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared.log).clone()
    }

    /// The requests so far that fit a pattern, such as `GET /v1/users`.
    #[must_use]
    pub fn requests_to(&self, pattern: &str) -> Vec<Recorded> {
        let pattern = Pattern::new(pattern);
        lock(&self.shared.log).iter().filter(|entry| pattern.fits(&entry.request)).cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        lock(&self.shared.log).clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One planned answer.
#[derive(Debug, Clone)]
pub enum Turn {
    /// This reply in place of the route's.
    Reply(Reply),
    /// The route's reply, with a fault.
    Fault(Fault),
}

impl From<Reply> for Turn {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl From<Fault> for Turn {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

struct Plan {
    pattern: Pattern,
    turns: VecDeque<Turn>,
}

struct Shared {
    routes: Vec<Route>,
    script: Mutex<Vec<Plan>>,
    log: Mutex<Vec<Recorded>>,
}

impl Shared {
    /// Notes a request and says what to send back.
    fn answer(&self, request: &Request, connection: u64) -> Reply {
        lock(&self.log).push(Recorded { request: request.clone(), at: Instant::now(), connection });
        let turn = lock(&self.script)
            .iter_mut()
            .find(|plan| plan.pattern.fits(request) && !plan.turns.is_empty())
            .and_then(|plan| plan.turns.pop_front());
        match turn {
            Some(Turn::Reply(reply)) => reply,
            Some(Turn::Fault(fault)) => self.routed(request).fault(fault),
            None => self.routed(request),
        }
    }

    fn routed(&self, request: &Request) -> Reply {
        match self.routes.iter().find(|route| route.pattern.fits(request)) {
            Some(route) => (route.answer)(request),
            None => Reply::status(404).body(format!("no route for {} {}", request.method, request.path)),
        }
    }
}

/// Takes connections until the server is dropped; what still runs then is dropped with the runtime.
async fn accept(listener: std::net::TcpListener, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let mut count = 0;
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                tokio::spawn(connection::serve(stream, Arc::clone(&shared), count));
                count += 1;
            }
        }
    }
}

/// A panic in another test's closure must not hide what this test wants to see.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
