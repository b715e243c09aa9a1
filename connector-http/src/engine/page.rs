//! Asks for one page until it is there, or enough was tried.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use connector_core::{Error, ErrorKind, Result};

use super::judge::Judged;
use super::slice::{Ahead, ReadPage, SliceReader};
use crate::auth::Refusal;
use crate::client::{Received, Trial, show};
use crate::http::Method;
use crate::request::Draft;
use crate::send::{Lane, Patience, SHARED, Ticket, Turn, backoff, human};
use crate::transport::Trouble;

/// What asking for a page came to.
pub(super) enum Outcome {
    /// The page.
    Page(Box<ReadPage>),
    /// There is nothing here, and that is well: the slice ends.
    Nothing,
    /// Enough was read in the middle of the page.
    Enough,
    /// The slice has to be read from its first page again; the error is what is told if that has been done already.
    Restart(Error),
    /// The job, or the URL of its result, is gone.
    Expired(Error),
}

impl SliceReader<'_> {
    /// Reads the page that the draft asks for. `ahead`: the first try, where it was made already.
    pub(super) async fn page(&mut self, draft: &Draft, ahead: Ahead) -> Result<Outcome> {
        let (mut patience, ticket) = (Patience::default(), Ticket::default());
        let mut renewed = false;
        // Tokens of a rotation that were put aside one after the other.
        let mut changed = 0;
        let mut tries = 0;
        let mut first = self.first_answer(ahead).await?;
        loop {
            let answer = match first.take() {
                Some(answer) => answer,
                None => {
                    self.writer.waiting_for("the server's answer");
                    self.exchange(draft, &ticket).await?
                }
            };
            let judged = match answer {
                Ok(received) => {
                    tries += 1;
                    self.writer.count_request(tries > 1);
                    self.judge(received, draft).await?
                }
                Err(trial) => self.judge_trial(trial, draft, &mut tries),
            };
            match judged {
                Judged::Page(page) => return Ok(Outcome::Page(page)),
                Judged::Nothing => return Ok(Outcome::Nothing),
                Judged::Enough => return Ok(Outcome::Enough),
                Judged::Restart(error) => return Ok(Outcome::Restart(error)),
                Judged::Expired(error) => return Ok(Outcome::Expired(error)),
                Judged::Failed(error) => return Err(error),
                Judged::Again { error, wait } => match patience.after_error(&self.engine.client.cx.limits, wait) {
                    Turn::Wait(wait) => {
                        self.tell(&error, wait);
                        self.writer.waiting_for("the time to ask again");
                        self.pause(wait).await?;
                    }
                    Turn::GiveUp(why) => return Err(because(&error, &why)),
                },
                Judged::Limited { error, wait, lane } => {
                    let wait = match self.another_token(draft, wait, lane) {
                        Some(Duration::ZERO) if changed < self.engine.auth.lanes().len() => {
                            changed += 1;
                            continue;
                        }
                        Some(first) => Some(first),
                        None => wait,
                    };
                    changed = 0;
                    match patience.after_rate_limit(&self.engine.client.cx.limits, wait) {
                        Turn::Wait(wait) => {
                            self.tell(&error, wait);
                            if lane == SHARED {
                                self.engine.client.limited(&draft.url, lane, wait);
                            }
                            self.pause_limited(wait).await?;
                            // The token may have ended in the wait.
                            renewed = false;
                        }
                        Turn::GiveUp(why) => return Err(because(&error, &why)),
                    }
                }
                Judged::Held(wait) => match patience.after_hold(&self.engine.client.cx.limits, wait) {
                    Turn::Wait(wait) => {
                        self.pause_limited(wait).await?;
                        renewed = false;
                    }
                    Turn::GiveUp(why) => {
                        let shown = show::request(&draft.method, &draft.full_url(), &self.engine.client.cx.mask);
                        return Err(Error::new(
                            ErrorKind::RateLimited,
                            format!("{shown} has to wait for its quota: {why}"),
                        ));
                    }
                },
                Judged::Renew { error, issued } => match self.engine.auth.refused(issued).await {
                    Refusal::Another => {}
                    Refusal::Renewed if !renewed => renewed = true,
                    Refusal::NoneLeft(all) => return Err(because(&all, &format!("the last: {}", error.message()))),
                    Refusal::Renewed | Refusal::Final => return Err(error),
                },
            }
        }
    }

    /// A token of a rotation met its limit: it is put aside, and this is how long until one of them may be used. Nothing where there
    /// is no rotation.
    fn another_token(&self, draft: &Draft, wait: Option<Duration>, lane: Lane) -> Option<Duration> {
        let (client, auth) = (&self.engine.client, &self.engine.auth);
        if lane == SHARED {
            return None;
        }
        client.limited(&draft.url, lane, wait.unwrap_or_else(|| backoff(&client.cx.limits, 1)));
        Some(client.free_in(&draft.url, &auth.lanes()))
    }

    /// The answer to the first try, where it was made already and still tells something.
    async fn first_answer(&mut self, ahead: Ahead) -> Result<Option<Result<Received, Trial>>> {
        let mut coming = match ahead {
            Ahead::Nothing => return Ok(None),
            Ahead::Answer(answer) => return Ok(Some(*answer)),
            Ahead::Coming(coming) => coming,
        };
        self.writer.waiting_for("the server's answer");
        let Some(early) = self.unless_stopped(coming.answer()).await? else {
            self.window.close();
            return Ok(None);
        };
        let failed = !early.answer.as_ref().is_ok_and(|received| received.status.is_success());
        // What was refused before the last wait may be well after it; a quota is asked anew.
        let stale = early.begun < self.paused || matches!(early.answer, Err(Trial::Held(_)));
        Ok(Some(early.answer).filter(|_| !(failed && stale)))
    }

    /// One try; a stop of the sync ends it.
    async fn exchange(&self, draft: &Draft, ticket: &Ticket) -> Result<Result<Received, Trial>> {
        let ask = self.engine.ask(draft, &self.step, ticket);
        self.unless_stopped(self.engine.client.exchange(&ask)).await
    }

    /// Waits for the server unless the sync is stopped.
    pub(super) async fn unless_stopped<T>(&self, wait: impl Future<Output = T>) -> Result<T> {
        let cancel = self.writer.cancel();
        let (mut wait, mut stopped) = (pin!(wait), pin!(cancel.cancelled()));
        poll_fn(|cx| {
            if cancel.is_cancelled() {
                return Poll::Ready(Err(cancel.error()));
            }
            match wait.as_mut().poll(cx) {
                Poll::Ready(done) => Poll::Ready(Ok(done)),
                // Only a wait that goes on has to hear of a stop.
                Poll::Pending => stopped.as_mut().poll(cx).map(|()| Err(cancel.error())),
            }
        })
        .await
    }

    /// A try that brought no answer.
    fn judge_trial(&mut self, trial: Trial, draft: &Draft, tries: &mut u32) -> Judged {
        if let Trial::Held(wait) = trial {
            return Judged::Held(wait);
        }
        *tries += 1;
        self.writer.count_request(*tries > 1);
        let (kind, text) = trial.describe();
        if let Trial::Final(error) = &trial {
            return Judged::Failed(error.clone());
        }
        let error = Error::new(kind, format!("{} {text}{}", self.asked(draft), trial.todo()));
        // A server may close an idle connection at the moment we use it: the first loss says nothing about the next try.
        let stale = *tries == 1
            && matches!(draft.method, Method::GET | Method::HEAD)
            && matches!(&trial, Trial::Transport(error) if error.trouble == Trouble::Broken);
        let wait = stale.then_some(Duration::ZERO);
        if trial.may_pass() { Judged::Again { error, wait } } else { Judged::Failed(error) }
    }

    /// Method, masked URL and page, as errors begin.
    pub(super) fn asked(&self, draft: &Draft) -> String {
        let shown = show::request(&draft.method, &draft.full_url(), &self.engine.client.cx.mask);
        match self.pager.pages() {
            0 => shown,
            pages => format!("{shown} (page {})", pages + 1),
        }
    }

    fn tell(&self, error: &Error, wait: Duration) {
        let stream = self.engine.hooks.descriptor().name;
        self.writer.log().info(format_args!("stream `{stream}`: {}; asking again in {}", error.message(), human(wait)));
    }

    /// A wait for a rate limit: the platform is told.
    async fn pause_limited(&mut self, wait: Duration) -> Result<()> {
        let until = self.engine.client.now().checked_add(wait);
        self.writer.waiting_for("a rate limit");
        self.writer.rate_limited(until).await?;
        self.pause(wait).await
    }

    /// Waits, and gives a sign of life every ten minutes of waiting; a stop of the sync ends the wait.
    pub(super) async fn pause(&mut self, wait: Duration) -> Result<()> {
        let every = self.engine.client.cx.limits.sign_of_life.max(Duration::from_secs(1));
        let mut left = wait;
        while !left.is_zero() {
            let step = left.min(every.saturating_sub(self.quiet).max(Duration::from_millis(1)));
            tokio::select! {
                biased;
                () = self.writer.cancel().cancelled() => return Err(self.writer.cancel().error()),
                () = self.engine.client.cx.clock.sleep(step) => {}
            }
            left -= step;
            self.quiet += step;
            if self.quiet >= every {
                self.writer.alive(every).await?;
                self.quiet = Duration::ZERO;
            }
        }
        self.paused = self.engine.client.cx.clock.elapsed();
        Ok(())
    }
}

pub(super) fn because(error: &Error, why: &str) -> Error {
    let text = format!("{}; {why}", error.message());
    Error::new(error.kind(), text).with_failure_type(error.failure_type())
}
