//! Recording and replaying: a sync of yesterday, read again without the API.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use bytes::Bytes;
use connector_core::clock::BoxFuture;
use connector_core::{Error, ErrorKind, Mask, Result};
use serde::{Deserialize, Serialize};

use super::{Chunks, Incoming, Memory, Outgoing, Reply, Transport, TransportError, Trouble};

/// One exchange, a line of JSON in the file. Headers and bodies of requests are not kept: they hold credentials.
#[derive(Serialize, Deserialize)]
struct Exchange {
    method: String,
    url: String,
    status: u16,
    headers: Vec<(String, String)>,
    /// Still encoded as it came, in base64.
    body: String,
}

const BASE64: base64::engine::GeneralPurpose = base64::engine::general_purpose::STANDARD;

/// Passes requests on and writes each exchange to a file once its body is complete; URLs are masked.
pub struct Recorder {
    inner: Arc<dyn Transport>,
    file: Arc<Mutex<File>>,
    mask: Mask,
}

impl Recorder {
    /// Records what another transport carries.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn new(inner: Arc<dyn Transport>, file: &Path, mask: Mask) -> Result<Self> {
        let created = File::create(file)
            .map_err(|error| Error::new(ErrorKind::Config, format!("cannot record to {}: {error}", file.display())))?;
        Ok(Self { inner, file: Arc::new(Mutex::new(created)), mask })
    }
}

impl Transport for Recorder {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        Box::pin(async move {
            let exchange = Exchange {
                method: request.method.to_string(),
                url: self.mask.mask(request.url.as_str()).into_owned(),
                status: 0,
                headers: Vec::new(),
                body: String::new(),
            };
            let incoming = self.inner.send(request).await?;
            let headers = incoming.headers.iter().filter(|(name, _)| *name != "set-cookie");
            let exchange = Exchange {
                status: incoming.status.as_u16(),
                headers: headers
                    .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
                    .collect(),
                ..exchange
            };
            let body = Tee { inner: incoming.body, exchange, body: Vec::new(), file: Arc::clone(&self.file) };
            Ok(Incoming { status: incoming.status, headers: incoming.headers, body: Box::new(body) })
        })
    }
}

struct Tee {
    inner: Box<dyn Chunks>,
    exchange: Exchange,
    body: Vec<u8>,
    file: Arc<Mutex<File>>,
}

impl Chunks for Tee {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move {
            let chunk = self.inner.next().await?;
            match &chunk {
                Some(chunk) => self.body.extend_from_slice(chunk),
                None => {
                    self.exchange.body = BASE64.encode(&self.body);
                    let line = serde_json::to_string(&self.exchange).unwrap_or_default();
                    let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
                    writeln!(file, "{line}").map_err(|error| {
                        TransportError::new(Trouble::Setup, format!("the recording cannot be written: {error}"))
                    })?;
                }
            }
            Ok(chunk)
        })
    }
}

/// Answers requests from a recording: by method and masked URL, in the order recorded; the last answer is repeated.
pub struct Replay {
    memory: Memory,
}

impl Replay {
    /// Reads a recording.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it is no exchange.
    pub fn open(file: &Path, mask: Mask) -> Result<Self> {
        let refused = |why: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Config, format!("cannot replay {}: {why}", file.display()))
        };
        let mut replies: HashMap<(String, String), VecDeque<Reply>> = HashMap::new();
        for line in BufReader::new(File::open(file).map_err(|error| refused(&error))?).lines() {
            let line = line.map_err(|error| refused(&error))?;
            let exchange: Exchange = serde_json::from_str(&line).map_err(|error| refused(&error))?;
            let body = BASE64.decode(&exchange.body).map_err(|error| refused(&error))?;
            let mut reply = Reply::status(exchange.status).body(body);
            for (name, value) in &exchange.headers {
                reply = reply.header(name, value);
            }
            replies.entry((exchange.method, exchange.url)).or_default().push_back(reply);
        }
        let replies = Mutex::new(replies);
        let memory = Memory::answering(move |request| {
            let key = (request.method.to_string(), mask.mask(request.url.as_str()).into_owned());
            let mut replies = replies.lock().unwrap_or_else(PoisonError::into_inner);
            match replies.get_mut(&key) {
                Some(queue) if queue.len() > 1 => queue.pop_front(),
                Some(queue) => queue.front().cloned(),
                None => None,
            }
            .unwrap_or_else(|| Reply::failure(Trouble::Connect, "the recording has no answer to this request"))
        });
        Ok(Self { memory })
    }
}

impl Transport for Replay {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        self.memory.send(request)
    }
}
