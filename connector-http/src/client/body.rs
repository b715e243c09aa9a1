//! A response's body as it is read: decoded, timed, counted.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connector_core::Limits;
use connector_core::clock::Clock;

use super::Trial;
use crate::at_once::at_once;
use crate::decode::Decoder;
use crate::send::Permit;
use crate::transport::Chunks;

/// A body that arrives. Its clocks run only while we wait for the server: a slow reader of our output does not kill it.
pub(crate) struct Body {
    chunks: Box<dyn Chunks>,
    decoder: Decoder,
    clock: Arc<dyn Clock>,
    idle: Duration,
    slowest: u64,
    waited: Duration,
    received: u64,
    /// Chunks that came before their turn, and the end if it came, too.
    gathered: VecDeque<Bytes>,
    gathered_end: Option<Result<(), Trial>>,
    /// The place among the requests in flight, given back with the body at the latest.
    permit: Option<Permit>,
    ended: bool,
    begins_file: bool,
}

impl Body {
    pub(crate) fn new(
        chunks: Box<dyn Chunks>,
        decoder: Decoder,
        clock: Arc<dyn Clock>,
        limits: &Limits,
        permit: Permit,
    ) -> Self {
        Self {
            chunks,
            decoder,
            clock,
            idle: limits.idle_timeout,
            slowest: limits.slowest_body,
            waited: Duration::ZERO,
            received: 0,
            gathered: VecDeque::new(),
            gathered_end: None,
            permit: Some(permit),
            ended: false,
            begins_file: false,
        }
    }

    /// Gives the place among the requests in flight back before the body is read: whoever is about to wait for the output,
    /// or for sub-streams to take its records, must not keep a place that those sub-streams may need.
    pub(crate) fn release(&mut self) {
        self.permit = None;
    }

    /// The next decoded piece; nothing at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Trial> {
        loop {
            if let Some(piece) = self.decoder.pull().map_err(Trial::Encoding)? {
                self.begins_file = piece.begins_file;
                return Ok(Some(piece.bytes));
            }
            if self.ended {
                return Ok(None);
            }
            let chunk = match (self.gathered.pop_front(), self.gathered_end.take()) {
                (Some(chunk), ended) => {
                    self.gathered_end = ended;
                    Some(chunk)
                }
                (None, Some(ended)) => ended.map(|()| None)?,
                (None, None) => self.arrive().await?,
            };
            let Some(chunk) = chunk else {
                self.decoder.finish().map_err(Trial::Encoding)?;
                self.ended = true;
                continue;
            };
            self.decoder.push(chunk);
        }
    }

    /// Whether the piece before is the first of another file: of an archive that holds several.
    pub(crate) fn begins_file(&self) -> bool {
        self.begins_file
    }

    /// The next chunk as the server sends it.
    async fn arrive(&mut self) -> Result<Option<Bytes>, Trial> {
        let mut coming = self.chunks.next();
        // What is there already needs no clock.
        let chunk = match at_once(coming.as_mut()).await {
            Some(chunk) => chunk.map_err(Trial::Transport)?,
            None => {
                let before = self.clock.elapsed();
                let chunk = tokio::select! {
                    biased;
                    chunk = coming => chunk.map_err(Trial::Transport)?,
                    () = self.clock.deadline(self.idle) => return Err(Trial::Stalled(self.idle)),
                };
                self.waited += self.clock.elapsed().saturating_sub(before);
                chunk
            }
        };
        self.received += chunk.as_ref().map_or(0, Bytes::len) as u64;
        if chunk.is_some()
            && self.waited > self.idle * 2
            && self.received < self.slowest.saturating_mul(self.waited.as_secs())
        {
            return Err(Trial::Dripping { received: self.received, waited: self.waited });
        }
        Ok(chunk)
    }

    /// Takes the whole body in before its turn, still encoded, and gives the place among the requests in flight back. Returns its
    /// bytes, or none if they are more than a limit; how it breaks is told when its turn comes.
    pub(crate) async fn gather(&mut self, limit: usize) -> Option<usize> {
        let mut held = 0;
        self.gathered_end = Some(loop {
            match self.arrive().await {
                Ok(Some(chunk)) => {
                    held += chunk.len();
                    if held > limit {
                        return None;
                    }
                    self.gathered.push_back(chunk);
                }
                Ok(None) => break Ok(()),
                Err(trial) => break Err(trial),
            }
        });
        self.release();
        Some(held)
    }

    /// The first bytes of the body, decoded, up to a limit; what comes after them is not read.
    pub(crate) async fn head(mut self, limit: usize) -> Result<Vec<u8>, Trial> {
        let mut head = Vec::new();
        while head.len() < limit {
            match self.next().await? {
                Some(piece) => head.extend_from_slice(&piece[..piece.len().min(limit - head.len())]),
                None => break,
            }
        }
        Ok(head)
    }
}
