//! Pages fetched side by side, where an API tells how many there are: their answers wait until their turn comes.
//!
//! Nothing is decided here. Each page is read, judged and committed in its order, its answer being the first try of its request;
//! the paginator's rules end the slice as ever, and what was fetched beyond is thrown away.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use connector_core::stream::Slice;
use tokio::task::JoinHandle;

use super::Engine;
use crate::client::{Ask, Elsewhere, Part, Received, Trial};
use crate::paginate::{PageToken, Pager};
use crate::send::Ticket;

/// Answers to requests for pages that come later in one slice.
#[derive(Default)]
pub(super) struct Window {
    pages: VecDeque<(PageToken, Coming)>,
    /// Pages are too large to be held, or are not the ones that were foreseen: one is asked for after the other.
    off: bool,
}

/// An answer that is under way, or waits.
pub(super) struct Coming(JoinHandle<Option<Early>>);

/// An answer that came before its turn.
pub(super) struct Early {
    pub(super) answer: Result<Received, Trial>,
    /// When its request was begun.
    pub(super) begun: Duration,
    /// The room that it takes; given back when its page is read.
    _room: Part,
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Coming {
    /// The answer; none if the page is too large to be held.
    pub(super) async fn answer(&mut self) -> Option<Early> {
        // A panic in it will come again where it can be told.
        (&mut self.0).await.ok().flatten()
    }
}

impl Window {
    /// Whether pages can be foreseen and held.
    pub(super) fn is_open(&self, pager: &Pager<'_>) -> bool {
        !self.off && pager.upcoming().next().is_some()
    }

    /// Asks for the pages that come next, as many as may be in flight.
    pub(super) fn fill(&mut self, engine: &Engine, slice: &Slice, pager: &Pager<'_>) {
        if self.off {
            return;
        }
        let wanted = pager.upcoming().take(engine.client.in_flight());
        for token in wanted.skip(self.pages.len()) {
            let Some(coming) = ask(engine, slice, pager, &token) else { return };
            self.pages.push_back((token, coming));
        }
    }

    /// The answer for a page, if it was foreseen.
    pub(super) fn take(&mut self, token: Option<&PageToken>) -> Option<Coming> {
        let (foreseen, coming) = self.pages.pop_front()?;
        if Some(&foreseen) == token {
            return Some(coming);
        }
        self.close();
        None
    }

    /// Asks for one page after the other from now on.
    pub(super) fn close(&mut self) {
        self.off = true;
        self.pages.clear();
    }

    /// Forgets what was foreseen.
    pub(super) fn clear(&mut self) {
        self.pages.clear();
    }
}

/// Asks for a page on a task of its own: a reader that waits for its output must not keep a request in flight from going on.
/// None if there is no room for its answer, or no request for it.
fn ask(engine: &Engine, slice: &Slice, pager: &Pager<'_>, token: &PageToken) -> Option<Coming> {
    let limits = &engine.client.cx.limits;
    let mut room = engine.client.room.reserve(limits.page_bytes)?;
    let mut draft = engine.draft(slice, Some(token)).ok()?;
    pager.apply_token(&mut draft, Some(token)).ok()?;
    let (client, auth) = (Arc::clone(&engine.client), Arc::clone(&engine.auth));
    let begun = client.cx.clock.elapsed();
    let (stream, weight, limit) = (engine.hooks.descriptor().name, engine.settings.weight, limits.page_bytes);
    Some(Coming(tokio::spawn(async move {
        let ticket = Ticket::default();
        let ask = Ask { draft: &draft, auth: &auth, stream, weight, elsewhere: Elsewhere::Refused, ticket: &ticket };
        let mut answer = client.exchange(&ask).await;
        let held = match &mut answer {
            Ok(received) => received.body.gather(limit).await?,
            Err(_) => 0,
        };
        room.shrink(held);
        Some(Early { answer, begun, _room: room })
    })))
}
