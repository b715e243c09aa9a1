//! Walks the pages of one slice.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use connector_core::cursor::CursorFold;
use connector_core::record::{Batch, Edits, Selector};
use connector_core::stream::{Flow, Slice, SliceEnd, SliceWriter};
use connector_core::{Error, ErrorKind, Result};

use super::Engine;
use super::ahead::{Coming, Window};
use super::page::Outcome;
use super::step::Step;
use crate::at_once::at_once;
use crate::client::{Received, Trial, show};
use crate::http::{HeaderMap, StatusCode, Url};
use crate::paginate::{Facts, Page, PageToken, Pager, Repeated};
use crate::request::Draft;
use crate::send::Ticket;

/// A page that was read, judged and found good; nothing of it below 1 MiB has left yet.
pub(super) struct ReadPage {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) url: Url,
    pub(super) envelope: connector_core::record::Envelope,
    pub(super) batch: Batch,
    /// Records found in the whole body.
    pub(super) count: u64,
    /// Bytes of the whole body, decoded.
    pub(super) read: usize,
    /// Bytes of the lines of the whole body.
    pub(super) bytes: u64,
    /// The beginning of the first line of the body.
    pub(super) first: Vec<u8>,
}

/// One slice being read.
pub(super) struct SliceReader<'a> {
    pub(super) engine: &'a Engine,
    slice: &'a Slice,
    /// What is left of the slice, where paging has begun anew.
    pub(super) rest: Option<Slice>,
    pub(super) writer: SliceWriter,
    pub(super) pager: Pager<'a>,
    /// What is asked for at the moment.
    pub(super) step: Step,
    /// The request of the page before.
    pub(super) before: Option<Draft>,
    /// What is done with the records.
    pub(super) edits: Option<Edits>,
    /// Its first page is the one that a state named, and it was not read yet.
    resumed: bool,
    /// Whether it was told that a place cannot be kept.
    secret_told: bool,
    /// Pages that are fetched side by side.
    pub(super) window: Window,
    /// When it last waited for a server that had refused.
    pub(super) paused: Duration,
    /// Where the records are.
    pub(super) selector: Arc<Selector>,
    /// The lists of fields that its pages are asked for with.
    pub(super) field_lists: &'a [Vec<String>],
    /// How long this slice has waited since it last gave a sign of life.
    pub(super) quiet: Duration,
}

/// How a walk over pages ended.
pub(super) enum Walked {
    /// With the last page.
    End,
    /// Before that, because enough was read.
    Enough,
    /// The job, or the URL of its result, is gone.
    Expired(Error),
}

/// The first try for the next page, where it was made before its turn.
#[derive(Default)]
pub(super) enum Ahead {
    #[default]
    Nothing,
    /// It was made while the current page was written.
    Answer(Box<Result<Received, Trial>>),
    /// It was made with others, side by side.
    Coming(Coming),
}

impl<'a> SliceReader<'a> {
    pub(super) fn new(engine: &'a Engine, slice: &'a Slice, writer: SliceWriter) -> Self {
        Self {
            engine,
            slice,
            rest: None,
            writer,
            pager: Pager::new(&engine.settings.paginator),
            step: Step::Pages,
            before: None,
            edits: None,
            resumed: false,
            secret_told: false,
            window: Window::default(),
            paused: Duration::ZERO,
            selector: Arc::clone(&engine.selector),
            field_lists: &[],
            quiet: Duration::ZERO,
        }
    }

    /// Reads the whole slice.
    pub(super) async fn read(mut self) -> Result<SliceEnd> {
        self.edits = self.engine.hooks.edits(self.slice())?;
        if let Some(path) = self.engine.hooks.records_path(self.slice())? {
            self.selector = super::selector(&[path], self.engine.settings.records_optional)?;
        }
        self.field_lists = self.unless_stopped(self.engine.field_lists()).await??;
        let walked = match &self.engine.settings.job {
            Some(job) => self.read_job(job).await?,
            None => self.walk().await?,
        };
        match walked {
            Walked::End => Ok(self.writer.end()),
            Walked::Enough => Ok(self.writer.stop()),
            Walked::Expired(error) => Err(error),
        }
    }

    /// Reads all pages of the current step.
    pub(super) async fn walk(&mut self) -> Result<Walked> {
        if matches!(self.step, Step::Pages) {
            self.resume();
        }
        let mut draft = self.draft()?;
        let mut ahead = Ahead::Nothing;
        let mut restarted = false;
        let pages = matches!(self.step, Step::Pages);
        let mut held = if pages { self.engine.hooks.first_page(self.slice())? } else { None };
        loop {
            let asked = match held.take() {
                Some(body) => self.held_page(&draft, &body).map(Outcome::Page),
                None if self.in_parts() => self.page_in_parts(&draft).await,
                None => self.page(&draft, std::mem::take(&mut ahead)).await,
            };
            let page = match asked {
                // A token does not live for ever: what the state named may be gone.
                Ok(Outcome::Nothing) if self.resumed => {
                    draft = self.begin_anew("there is nothing at the page where it was cut off")?;
                    continue;
                }
                Err(error) if self.resumed && is_of_the_request(&error) => {
                    draft = self.begin_anew(error.message())?;
                    continue;
                }
                asked => asked?,
            };
            self.resumed = false;
            let mut page = match page {
                Outcome::Page(page) => page,
                Outcome::Nothing => return Ok(Walked::End),
                Outcome::Enough => return Ok(Walked::Enough),
                Outcome::Expired(error) => return Ok(Walked::Expired(error)),
                Outcome::Restart(error) if restarted => return Err(error),
                Outcome::Restart(_) => {
                    restarted = true;
                    self.forget_state();
                    self.window.clear();
                    self.pager.restart();
                    draft = self.draft()?;
                    continue;
                }
            };
            self.pager.count(page.count);
            self.refuse_twin(&draft, &page)?;
            self.estimate(&page).await?;
            self.update_state(&mut page).map_err(|error| self.asked_before(&draft, &error))?;
            let next = self.next(&page).map_err(|error| self.asked_before(&draft, &error));
            let (flow, head) = match next {
                Ok(Some(next)) => {
                    self.before = Some(std::mem::replace(&mut draft, next));
                    self.go_on(page, &draft).await?
                }
                // The page itself is whole: it is written before the fault in what it names is told.
                Err(error) => {
                    let _ = self.writer.commit(page.batch).await?;
                    return Err(error);
                }
                Ok(None) => {
                    let flow = self.writer.commit(page.batch).await?;
                    return Ok(if flow == Flow::Stop { Walked::Enough } else { Walked::End });
                }
            };
            self.quiet = Duration::ZERO;
            if flow == Flow::Stop {
                return Ok(Walked::Enough);
            }
            ahead = head;
        }
    }

    /// The first page, which the parent's record held.
    fn held_page(&mut self, draft: &Draft, body: &[u8]) -> Result<Box<ReadPage>> {
        let headers = HeaderMap::new();
        self.fetch_whole(StatusCode::OK, &headers, draft.full_url(), body)?.map_err(|spoilt| {
            let text = format!("the first page, which the parent's record held: {}", spoilt.error.message());
            Error::new(spoilt.error.kind(), text)
        })
    }

    /// What begins anew does so without a state of the author's own: a token that is gone would be refused again.
    fn forget_state(&mut self) {
        if self.slice().window.has_state() {
            let mut anew = self.slice().clone();
            anew.window = anew.window.without_state();
            self.rest = Some(anew);
            self.writer.forget_state();
        }
    }

    /// A page's worth of records, to be filled.
    pub(super) fn batch(&mut self) -> Batch {
        self.writer.batch().with_edits(self.edits.clone())
    }

    /// Tells how many records the slice has, where the body says so.
    async fn estimate(&mut self, page: &ReadPage) -> Result<()> {
        match self.pager.total(&page.envelope) {
            Some(total) => self.writer.estimate(total).await,
            None => Ok(()),
        }
    }

    /// A page as hooks see it.
    fn seen<'p>(&'p self, page: &'p ReadPage, declared: Result<Option<PageToken>>) -> Page<'p> {
        Page {
            status: page.status,
            headers: &page.headers,
            url: &page.url,
            envelope: &page.envelope,
            last_record: page.batch.last_record(),
            count: page.count,
            number: self.pager.pages(),
            total: self.pager.records(),
            token: self.pager.token(),
            declared,
        }
    }

    /// Lets the author say what the state advances to with a page.
    fn update_state(&mut self, page: &mut ReadPage) -> Result<()> {
        if let Some(mut draft) = self.writer.take_draft() {
            self.engine.hooks.update_state(self.slice(), &self.seen(page, Ok(None)), &mut draft)?;
            self.writer.set_draft(draft);
            return Ok(());
        }
        let updated = self.engine.hooks.get_updated_state(self.slice(), &self.seen(page, Ok(None)))?;
        updated.map_or(Ok(()), |text| page.batch.advance_to(&text))
    }

    /// The request for the page after this one, or nothing.
    fn next(&mut self, page: &ReadPage) -> Result<Option<Draft>> {
        // A file names none. A data feed has the newest first: behind a record from before the state there is nothing new.
        if matches!(self.step, Step::File(_)) || page.batch.fold().is_some_and(CursorFold::passed_start) {
            return Ok(None);
        }
        let last_record = page.batch.last_record();
        let facts =
            Facts { url: &page.url, headers: &page.headers, envelope: &page.envelope, last_record, count: page.count };
        if self.pager.is_computed() && self.pager.is_over(&facts) {
            return Ok(None);
        }
        let declared = self.pager.declared_next(&facts);
        let seen = self.seen(page, declared);
        let Some(token) = self.engine.hooks.next_page_token(self.slice(), &seen)? else { return Ok(None) };
        if let PageToken::Url(url) = &token {
            self.engine.client.origins.check(url, "the next page")?;
        }
        if self.pager.is_at_limit() {
            self.go_on_behind(page)?;
            return self.draft().map(Some);
        }
        let repeated = self.pager.advance(token);
        let next = self.draft()?;
        match repeated {
            Some(repeated) => Err(self.goes_round(&repeated, &next)),
            None => Ok(Some(next)),
        }
    }

    /// The pages would repeat for ever: the request that would be sent again is that of the page after the one that named it first.
    fn goes_round(&self, repeated: &Repeated, again: &Draft) -> Error {
        let (page, before) = (self.pager.pages(), repeated.named_by);
        let what = match &repeated.token {
            Some(token) => format!("the token `{}`", self.engine.client.cx.mask.mask(token)),
            None => "the same next page".to_owned(),
        };
        let text = format!(
            "page {page} names {what}, which page {before} named before, so {} (page {}) would be asked again: the pages would repeat for ever",
            self.shown(again),
            before + 1,
        );
        Error::new(ErrorKind::Pagination, text)
    }

    /// What is read: the slice, or what is left of it.
    pub(super) fn slice(&self) -> &Slice {
        self.rest.as_ref().unwrap_or(self.slice)
    }

    /// A fault in what a page names, with the request that brought the page.
    pub(super) fn asked_before(&self, asked: &Draft, error: &Error) -> Error {
        let text = format!("{}: {}", self.shown(asked), error.message());
        Error::new(error.kind(), text).with_failure_type(error.failure_type())
    }

    /// Method and masked URL.
    fn shown(&self, draft: &Draft) -> String {
        show::request(&draft.method, &draft.full_url(), &self.engine.client.cx.mask)
    }

    /// A page that is the same as the one before, though another one was asked for, would come for ever.
    fn refuse_twin(&mut self, asked: &Draft, page: &ReadPage) -> Result<()> {
        let last = page.batch.last_record().unwrap_or_default();
        if self.pager.pages() < 2 && page.count == 0 {
            return Ok(());
        }
        if !self.pager.is_twin(page.count, page.bytes, &page.first, last) {
            return Ok(());
        }
        let before = self.before.as_ref().map(|before| self.shown(before)).unwrap_or_default();
        let text = format!(
            "{} (page {}) brought the same {} records as {before} (page {}): the API seems to ignore what asks for the next page; check the pagination's parameter",
            self.shown(asked),
            self.pager.pages(),
            page.count,
            self.pager.pages() - 1,
        );
        Err(Error::new(ErrorKind::Pagination, text))
    }

    /// Goes on where an earlier attempt of the same full refresh was cut off.
    fn resume(&mut self) {
        let Some(at) = self.writer.resume_at() else { return };
        self.resumed = self.pager.resume(&at);
        if !self.resumed {
            self.log_about(
                "the place where it was cut off is none of this pagination's; it is read from its first page",
            );
        }
    }

    /// The request for the first page, in place of the one that a state named.
    fn begin_anew(&mut self, why: &str) -> Result<Draft> {
        self.log_about(&format!("{why}; it cannot go on there and is read from its first page"));
        self.resumed = false;
        self.pager.restart();
        self.draft()
    }

    fn log_about(&self, what: &str) {
        self.writer.log().info(format_args!("stream `{}`: {what}", self.engine.hooks.descriptor().name));
    }

    /// The page that was named last as a state may hold it, where a full refresh can go on at it.
    fn place(&mut self) -> Option<serde_json::Value> {
        if !matches!(self.step, Step::Pages) || !self.writer.is_resumable() {
            return None;
        }
        let mut position = self.pager.position()?;
        if let PageToken::Url(url) = &mut position.token {
            self.engine.auth.strip(url);
        }
        let place = position.to_value(&self.engine.client.cx.mask);
        if place.is_none() && !std::mem::replace(&mut self.secret_told, true) {
            self.log_about("what names its next page holds a secret and is kept out of the state; if this sync is cut off, the next attempt begins anew");
        }
        place
    }

    /// Writes the page and sees to the next: where the API told how many there are, several are fetched side by side. The first
    /// page is written before, because it may be all that is wanted.
    async fn go_on(&mut self, page: Box<ReadPage>, draft: &Draft) -> Result<(Flow, Ahead)> {
        if self.in_parts() {
            return Ok((self.commit(page.batch).await?, Ahead::Nothing));
        }
        if page.read > self.engine.client.cx.limits.page_bytes {
            self.window.close();
        }
        if !matches!(self.step, Step::Pages) || !self.window.is_open(&self.pager) {
            return self.commit_and_ask(page.batch, draft).await;
        }
        let first = self.pager.is_first();
        if !first {
            self.window.fill(self.engine, self.rest.as_ref().unwrap_or(self.slice), &self.pager);
        }
        let flow = self.commit(page.batch).await?;
        if flow == Flow::Stop {
            return Ok((flow, Ahead::Nothing));
        }
        if first {
            self.window.fill(self.engine, self.rest.as_ref().unwrap_or(self.slice), &self.pager);
        }
        let coming = self.window.take(self.pager.token());
        Ok((flow, coming.map_or(Ahead::Nothing, Ahead::Coming)))
    }

    /// Writes the page, as the place before the next one if that can be kept.
    async fn commit(&mut self, batch: Batch) -> Result<Flow> {
        match self.place() {
            Some(place) => self.writer.commit_at(batch, place).await,
            None => self.writer.commit(batch).await,
        }
    }

    /// Writes the page. If the output makes that wait, the next page's answer is fetched meanwhile.
    async fn commit_and_ask(&mut self, batch: Batch, draft: &Draft) -> Result<(Flow, Ahead)> {
        let engine = self.engine;
        let (cancel, step) = (self.writer.cancel().clone(), self.step.clone());
        let mut commit = pin!(self.commit(batch));
        if let Some(flow) = at_once(commit.as_mut()).await {
            return Ok((flow?, Ahead::Nothing));
        }
        let ticket = Ticket::default();
        let ask = engine.ask(draft, &step, &ticket);
        let mut ahead = pin!(async {
            let mut head = engine.client.exchange(&ask).await;
            if let Ok(received) = &mut head {
                received.body.release();
            }
            head
        });
        tokio::select! {
            biased;
            flow = commit.as_mut() => {
                let flow = flow?;
                if flow == Flow::Stop {
                    return Ok((flow, Ahead::Nothing));
                }
                // The request is under way: its answer is the first try for the next page.
                tokio::select! {
                    biased;
                    () = cancel.cancelled() => Err(cancel.error()),
                    head = ahead => Ok((flow, Ahead::Answer(Box::new(head)))),
                }
            }
            head = ahead.as_mut() => Ok((commit.await?, Ahead::Answer(Box::new(head)))),
        }
    }
}

/// Whether a failure may come from what was asked for, and not from the state of the server, the network or the credentials.
fn is_of_the_request(error: &Error) -> bool {
    use ErrorKind::{Content, Pagination, RecordsPath, Refused, Response, Server};
    matches!(error.kind(), Refused | Server | Response | Content | RecordsPath | Pagination)
}
