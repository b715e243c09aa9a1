//! What a connection is made of.

use tokio::io::{AsyncRead, AsyncWrite};

/// Bytes to a server and back, whatever is between.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}
