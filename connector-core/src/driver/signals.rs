//! SIGTERM and SIGINT: stop in order.

use crate::cancel::Cancel;

/// Cancels the sync on the first signal; a second one ends the process as the system would.
pub(super) fn watch(cancel: &Cancel) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            (SignalKind::terminate(), "the sync was stopped by SIGTERM"),
            (SignalKind::interrupt(), "the sync was interrupted"),
        ];
        for (kind, reason) in kinds {
            let Ok(mut signals) = signal(kind) else { continue };
            let cancel = cancel.clone();
            tokio::spawn(async move {
                signals.recv().await;
                cancel.cancel(reason);
                signals.recv().await;
                std::process::exit(128 + kind.as_raw_value());
            });
        }
    }
    #[cfg(not(unix))]
    {
        let cancel = cancel.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                cancel.cancel("the sync was interrupted");
            }
        });
    }
}
