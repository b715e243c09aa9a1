//! The queue between the stream tasks and the one thread that writes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::bell::Bell;
use super::buffers::Buffers;
use super::{Records, Sink};
use crate::log::LogTarget;
use crate::protocol::{Level, LogMessage, Message};
use crate::{Error, ErrorKind, Limits, Result};

/// The queue is counted in pieces of this many bytes.
const PIECE: usize = 1 << 10;

enum Item {
    Records(Records, OwnedSemaphorePermit),
    Message(Box<Message>, Option<OwnedSemaphorePermit>),
    Log(LogMessage),
    Flush(oneshot::Sender<()>),
}

/// A handle to the queue of a sync's output: cheap to clone, bounded in bytes.
#[derive(Clone)]
pub struct Output {
    queue: Queue,
    room: Arc<Semaphore>,
    pieces: u32,
    logs: Arc<LogRoom>,
    buffers: Arc<Buffers>,
    closed: watch::Receiver<bool>,
}

/// One end of the queue.
#[derive(Clone)]
struct Queue {
    /// None only while the handle is dropped.
    items: Option<mpsc::UnboundedSender<Item>>,
    bell: Arc<Bell>,
}

impl Queue {
    /// Puts an item in; the writer is woken if it is time.
    fn put(&self, item: Item) -> Result<()> {
        let (bytes, urgent) = match &item {
            Item::Records(records, _) => (records.bytes.len(), false),
            Item::Message(..) | Item::Log(_) => (1, false),
            Item::Flush(_) => (1, true),
        };
        self.items.as_ref().ok_or_else(gone)?.send(item).map_err(|_| gone())?;
        self.bell.put(bytes, urgent);
        Ok(())
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        // The last handle to go tells the writer that nothing more will come.
        self.items = None;
        self.bell.put(0, true);
    }
}

struct LogRoom {
    limit: usize,
    waiting: AtomicUsize,
    dropped: AtomicU64,
}

/// The thread that writes; joined at the end of a sync.
pub(crate) struct Writer {
    thread: JoinHandle<io::Result<()>>,
}

/// A place in the queue, taken before the item is made: whoever holds it can put the item in at once.
pub(crate) struct Place(OwnedSemaphorePermit);

impl Output {
    /// Starts the writing thread over a sink.
    pub(crate) fn start(sink: Box<dyn Sink>, limits: &Limits) -> Result<(Self, Writer)> {
        let (queue, items) = mpsc::unbounded_channel();
        let (close, closed) = watch::channel(false);
        let pieces = (limits.output_bytes / PIECE).clamp(1, u32::MAX as usize >> 4);
        let logs =
            Arc::new(LogRoom { limit: limits.log_bytes, waiting: AtomicUsize::new(0), dropped: AtomicU64::new(0) });
        let buffers = Arc::new(Buffers::default());
        let bell = Arc::new(Bell::new(limits.output_bytes / 4));
        let thread = {
            let (logs, buffers, bell) = (Arc::clone(&logs), Arc::clone(&buffers), Arc::clone(&bell));
            std::thread::Builder::new().name("output".into()).spawn(move || {
                let written = write(sink, items, &bell, &logs, &buffers);
                let _ = close.send(true);
                written
            })
        };
        let thread =
            thread.map_err(|error| Error::new(ErrorKind::Internal, format!("cannot start a thread: {error}")))?;
        let room = Arc::new(Semaphore::new(pieces));
        let queue = Queue { items: Some(queue), bell };
        Ok((Self { queue, room, pieces: pieces as u32, logs, buffers, closed }, Writer { thread }))
    }

    /// Waits for room for an item of a size.
    pub(crate) async fn place(&self, bytes: usize) -> Result<Place> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX).clamp(1, self.pieces);
        if let Ok(permit) = Arc::clone(&self.room).try_acquire_many_owned(pieces) {
            return Ok(Place(permit));
        }
        let mut closed = self.closed.clone();
        tokio::select! {
            permit = Arc::clone(&self.room).acquire_many_owned(pieces) => match permit {
                Ok(permit) => Ok(Place(permit)),
                Err(_) => Err(gone()),
            },
            _ = closed.wait_for(|closed| *closed) => Err(gone()),
        }
    }

    /// An empty buffer for lines, one that was written if there is any.
    pub(crate) fn buffer(&self) -> Vec<u8> {
        self.buffers.take()
    }

    /// Puts records into a place.
    pub(crate) fn put_records(&self, place: Place, records: Records) -> Result<()> {
        self.queue.put(Item::Records(records, place.0))
    }

    /// Puts a message into a place.
    pub(crate) fn put_message(&self, place: Place, message: Message) -> Result<()> {
        self.queue.put(Item::Message(Box::new(message), Some(place.0)))
    }

    /// Puts a small message before what a place is for: waiting for a second place while holding one could wait for ever.
    pub(crate) fn put_before(&self, _place: &Place, message: Message) -> Result<()> {
        self.queue.put(Item::Message(Box::new(message), None))
    }

    /// Writes a message, waiting for room.
    ///
    /// # Errors
    /// [`ErrorKind::Output`] if the reader of the output went away.
    pub async fn message(&self, message: Message) -> Result<()> {
        let place = self.place(PIECE).await?;
        self.put_message(place, message)
    }

    /// Waits until everything before has been written.
    ///
    /// # Errors
    /// [`ErrorKind::Output`] if the reader of the output went away.
    pub async fn flush(&self) -> Result<()> {
        let (done, wait) = oneshot::channel();
        self.queue.put(Item::Flush(done))?;
        wait.await.map_err(|_| gone())
    }

    /// Ends when the reader of the output went away.
    pub(crate) async fn closed(&self) {
        let mut closed = self.closed.clone();
        let _ = closed.wait_for(|closed| *closed).await;
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").finish_non_exhaustive()
    }
}

/// Logs never wait: what does not fit is counted, and the count is told when there is room again.
impl LogTarget for Output {
    fn write(&self, level: Level, text: String) {
        let size = text.len();
        let waiting = self.logs.waiting.fetch_add(size, Ordering::Relaxed);
        if waiting + size > self.logs.limit {
            self.logs.waiting.fetch_sub(size, Ordering::Relaxed);
            self.logs.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let _ = self.queue.put(Item::Log(LogMessage::new(level, text)));
    }
}

impl Writer {
    /// Waits until all is written. Call it after the last [`Output`] is gone.
    pub(crate) fn join(self) -> Result<()> {
        match self.thread.join() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(gone().with_internal(error.to_string())),
            Err(_) => Err(Error::new(ErrorKind::Output, "the sink of the output panicked")),
        }
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Output, "the output cannot be written: its reader went away")
}

fn write(
    mut sink: Box<dyn Sink>,
    mut items: mpsc::UnboundedReceiver<Item>,
    bell: &Bell,
    logs: &LogRoom,
    buffers: &Buffers,
) -> io::Result<()> {
    loop {
        bell.wait();
        let end = loop {
            match items.try_recv() {
                Ok(Item::Records(records, _room)) => {
                    sink.records(&records)?;
                    buffers.give(records.bytes);
                }
                Ok(Item::Message(message, _room)) => sink.message(&message)?,
                Ok(Item::Log(line)) => {
                    logs.waiting.fetch_sub(line.message.len(), Ordering::Relaxed);
                    sink.message(&Message::Log(line))?;
                }
                Ok(Item::Flush(done)) => {
                    sink.flush()?;
                    let _ = done.send(());
                }
                Err(TryRecvError::Empty) => break false,
                Err(TryRecvError::Disconnected) => break true,
            }
        };
        let dropped = logs.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            let text = format!("{dropped} log lines were dropped while the output was blocked");
            sink.message(&Message::Log(LogMessage::new(Level::Warn, text)))?;
        }
        sink.flush()?;
        if end {
            return Ok(());
        }
    }
}
