//! What needs no wait.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// The result of a future that is ready; none if it has to be waited for, which can be done after this.
pub(crate) async fn at_once<F: Future + ?Sized>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
