//! One connection: requests in, answers out, faults in between.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::reply::Framing;
use super::{Fault, Reply, Request, Shared};

const CHUNK: usize = 4096;
/// Bytes that were sent must have reached the client before a reset, which throws away what is in its queue.
const BEFORE_RESET: Duration = Duration::from_millis(30);

/// What becomes of the connection after an answer.
#[derive(PartialEq, Eq)]
enum After {
    Keep,
    Close,
    Reset,
    /// Left open and silent until the client closes it.
    Hold,
}

pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>, number: u64) {
    let _ = stream.set_nodelay(true);
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    while let Ok(Some(request)) = Request::read(&mut read).await {
        let reply = shared.answer(&request, number);
        let bodyless = request.method == "HEAD" || matches!(reply.status, 204 | 304);
        match send(&mut write, &reply, bodyless).await {
            Ok(After::Keep) => {}
            Ok(After::Close) | Err(_) => return,
            Ok(After::Reset) => {
                tokio::time::sleep(BEFORE_RESET).await;
                let _ = write.as_ref().set_zero_linger();
                // Dropped, the half would end its direction in order first.
                write.forget();
                return;
            }
            Ok(After::Hold) => return hold(&mut read).await,
        }
    }
}

async fn hold(read: &mut BufReader<OwnedReadHalf>) {
    let mut sink = [0; 1024];
    while matches!(read.read(&mut sink).await, Ok(1..)) {}
}

async fn send(to: &mut OwnedWriteHalf, reply: &Reply, bodyless: bool) -> io::Result<After> {
    let body = if bodyless { &[][..] } else { &reply.body[..] };
    let until = |bytes: usize| body.get(..bytes).unwrap_or(body);
    match &reply.fault {
        Some(Fault::ResetBefore) => return Ok(After::Reset),
        Some(Fault::CloseBefore) => return Ok(After::Close),
        Some(Fault::Silence) => return Ok(After::Hold),
        Some(Fault::Garbage(bytes)) => {
            to.write_all(bytes).await?;
            return Ok(After::Close);
        }
        _ => to.write_all(&head(reply, bodyless)).await?,
    }
    if bodyless {
        return Ok(After::Keep);
    }
    let (part, after) = match reply.fault {
        Some(Fault::ResetAfter(bytes)) => (until(bytes), After::Reset),
        Some(Fault::Truncate(bytes)) => (until(bytes), After::Close),
        Some(Fault::Stall(bytes)) => (until(bytes), After::Hold),
        Some(Fault::Length(_) | Fault::CloseAfter) => (body, After::Close),
        _ if reply.framing == Framing::Close => (body, After::Close),
        _ => (body, After::Keep),
    };
    let (size, wait) = match reply.fault {
        Some(Fault::Drip(bytes, wait)) => (bytes.max(1), Some(wait)),
        _ => (CHUNK, None),
    };
    for piece in part.chunks(size) {
        to.write_all(&framed(piece, reply.framing)).await?;
        if let Some(wait) = wait {
            to.flush().await?;
            tokio::time::sleep(wait).await;
        }
    }
    // A cut body never says that it is complete.
    let whole = !matches!(reply.fault, Some(Fault::ResetAfter(_) | Fault::Truncate(_) | Fault::Stall(_)));
    if whole && reply.framing == Framing::Chunked {
        to.write_all(b"0\r\n\r\n").await?;
    }
    to.flush().await?;
    Ok(after)
}

fn framed(piece: &[u8], framing: Framing) -> Vec<u8> {
    if framing != Framing::Chunked {
        return piece.to_vec();
    }
    let mut out = format!("{:x}\r\n", piece.len()).into_bytes();
    out.extend_from_slice(piece);
    out.extend_from_slice(b"\r\n");
    out
}

fn head(reply: &Reply, bodyless: bool) -> Vec<u8> {
    // The reason phrase may be empty (RFC 9112, section 4); nobody may rely on it.
    let mut head = format!("HTTP/1.1 {} \r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !bodyless {
        match (reply.framing, &reply.fault) {
            (_, Some(Fault::Length(length))) => head.push_str(&format!("content-length: {length}\r\n")),
            (Framing::Length, _) => head.push_str(&format!("content-length: {}\r\n", reply.body.len())),
            (Framing::Chunked, _) => head.push_str("transfer-encoding: chunked\r\n"),
            (Framing::Close, _) => head.push_str("connection: close\r\n"),
        }
    }
    head.push_str("\r\n");
    head.into_bytes()
}
