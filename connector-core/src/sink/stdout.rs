//! The one writer of stdout.

use std::io::{self, Stdout, Write};

use super::{Records, Sink};
use crate::protocol::Message;
use crate::record::Framing;

/// What stdout shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StdoutFormat {
    /// The protocol's messages, one a line.
    Protocol,
    /// Bare records, one a line, and nothing else.
    Records,
}

/// Small writes are gathered up to this size; larger ones go out as they are.
const GATHER: usize = 64 << 10;

/// Writes to a stream of bytes, by default stdout.
#[derive(Debug)]
pub struct StdoutSink<W = Stdout> {
    out: W,
    format: StdoutFormat,
    waiting: Vec<u8>,
}

impl StdoutSink {
    /// A sink over the process's stdout.
    #[must_use]
    pub fn new(format: StdoutFormat) -> Self {
        Self::over(io::stdout(), format)
    }
}

impl<W: Write> StdoutSink<W> {
    /// A sink over any writer.
    pub fn over(out: W, format: StdoutFormat) -> Self {
        Self { out, format, waiting: Vec::with_capacity(GATHER) }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.waiting.len() + bytes.len() > GATHER {
            self.drain()?;
        }
        if bytes.len() >= GATHER {
            return self.out.write_all(bytes);
        }
        self.waiting.extend_from_slice(bytes);
        Ok(())
    }

    fn drain(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.waiting);
        self.waiting.clear();
        written
    }
}

impl<W: Write + Send> Sink for StdoutSink<W> {
    fn framing(&self) -> Framing {
        match self.format {
            StdoutFormat::Protocol => Framing::Protocol,
            StdoutFormat::Records => Framing::Bare,
        }
    }

    fn records(&mut self, records: &Records) -> io::Result<()> {
        self.write(&records.bytes)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        if self.format == StdoutFormat::Records {
            return Ok(());
        }
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        self.write(&line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drain()?;
        self.out.flush()
    }
}
