//! Walks the steps of a job: it is created, asked for its status until it is done, and its results are read.
//!
//! A job that fails, takes too long, or is gone before its results are read, is followed by another one, a few times.

use std::time::Duration;

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};

use super::page::{Outcome, because};
use super::slice::{Ahead, ReadPage, SliceReader, Walked};
use super::step::Step;
use crate::bound::About;
use crate::http::{StatusCode, Url};
use crate::job::{Job, JobValues, Status, values_at};
use crate::send::{advice, backoff, human};

/// What became of one job.
enum Ended {
    Walked(Walked),
    /// It failed or is gone: another one may do better.
    Lost(Error),
}

/// The answer to a step.
enum Answered {
    Page(Box<ReadPage>),
    Ended(Ended),
}

/// What polling came to.
enum Polled {
    /// It is done: the answer that says so.
    Done(Box<ReadPage>),
    Ended(Ended),
}

impl SliceReader<'_> {
    /// Reads the slice as the results of a job.
    pub(super) async fn read_job(&mut self, job: &Job) -> Result<Walked> {
        let mut tries = 0;
        loop {
            let lost = match self.one_job(job).await? {
                Ended::Walked(walked) => return Ok(walked),
                Ended::Lost(error) => error,
            };
            tries += 1;
            if tries >= job.tries {
                let jobs = if tries == 1 { "one job was".to_owned() } else { format!("{tries} jobs were") };
                return Err(because(&lost, &format!("{jobs} tried")));
            }
            let wait = backoff(&self.engine.client.cx.limits, tries);
            let stream = self.engine.hooks.descriptor().name;
            self.writer.log().info(format_args!(
                "stream `{stream}`: {}; creating another job in {}",
                lost.message(),
                human(wait)
            ));
            self.writer.waiting_for("the time to create another job");
            self.pause(wait).await?;
        }
    }

    /// One job, from its creation to its last result.
    async fn one_job(&mut self, job: &Job) -> Result<Ended> {
        let engine = self.engine;
        let place = match &engine.jobs {
            Some(places) => {
                self.writer.waiting_for("a place among the jobs that may be under way");
                let place = self.unless_stopped(places.acquire()).await?;
                Some(place.map_err(|_| Error::new(ErrorKind::Internal, "the places of jobs were closed"))?)
            }
            None => None,
        };
        let (created, asked) = match self.answer(Step::Create).await? {
            (Answered::Page(page), asked) => (page, asked),
            (Answered::Ended(ended), _) => return Ok(ended),
        };
        let values = job.values(&created.envelope, &created.headers).map_err(|lacks| {
            let shown = engine.client.shown(created.envelope.bytes());
            let text = format!("{asked} created a job, but the answer has no {lacks}: {shown}; check where it is, against the API's documentation");
            Error::new(ErrorKind::RecordsPath, text)
        })?;
        // A check has seen that a job can be created, and does not wait for it.
        if self.writer.is_probe() {
            return Ok(Ended::Walked(Walked::Enough));
        }
        let done = match self.poll(job, &values).await? {
            Polled::Done(page) => page,
            Polled::Ended(ended) => return Ok(ended),
        };
        drop(place);
        self.results(job, &values, &done).await
    }

    /// Asks for the status until the job has ended, or too long.
    async fn poll(&mut self, job: &Job, values: &JobValues) -> Result<Polled> {
        let clock = std::sync::Arc::clone(&self.engine.client.cx.clock);
        let begun = clock.elapsed();
        let mut wait = job.every;
        loop {
            let left = job.within.saturating_sub(clock.elapsed().saturating_sub(begun));
            self.writer.waiting_for("the job to be done");
            self.pause(wait.clamp(Duration::from_millis(1), left.max(Duration::from_millis(1)))).await?;
            let (page, asked) = match self.answer(Step::Poll(values.clone())).await? {
                (Answered::Page(page), asked) => (page, asked),
                (Answered::Ended(ended), _) => return Ok(Polled::Ended(ended)),
            };
            let lost = |what: &str, todo: &str, kind| {
                let shown = self.engine.client.shown(page.envelope.bytes());
                let told = format!("the job ({values}) {what}");
                let told = self.engine.client.cx.mask.mask(&told).into_owned();
                Ok(Polled::Ended(Ended::Lost(Error::new(kind, format!("{asked}: {told}: {shown}; {todo}")))))
            };
            match job.judge(&page.envelope, page.status == StatusCode::ACCEPTED) {
                Status::Done => return Ok(Polled::Done(page)),
                Status::Empty => return Ok(Polled::Ended(Ended::Walked(Walked::End))),
                Status::Failed(word) => {
                    return lost(
                        &format!("ended as `{word}`"),
                        "try again later, or see what the API says of it",
                        ErrorKind::Server,
                    );
                }
                Status::Running(word) if clock.elapsed().saturating_sub(begun) >= job.within => {
                    let text = format!("is still `{word}` after {}, all that it may take", human(job.within));
                    return lost(&text, "ask for less at a time, or give it longer", ErrorKind::Timeout);
                }
                Status::Running(_) => {
                    let asked =
                        advice(&page.headers, &self.engine.client.limit_headers, self.engine.client.now()).retry_after;
                    wait = asked.map_or(job.every, |asked| asked.max(job.every));
                }
                Status::Unknown(word) => return Err(self.unclear(job, &asked, &page.envelope, &word)),
                Status::Missing => {
                    let path = job.status.as_deref().unwrap_or_default();
                    let shown = self.engine.client.shown(page.envelope.bytes());
                    let text = format!(
                        "{asked} tells no status of the job: it has no `{path}`: {shown}; check where it is, against the API's documentation"
                    );
                    return Err(Error::new(ErrorKind::RecordsPath, text));
                }
            }
        }
    }

    /// A status that the stream does not name: whether to wait or to read on is a guess that is not made.
    fn unclear(&self, job: &Job, asked: &str, answer: &Envelope, word: &str) -> Error {
        let (client, path) = (&self.engine.client, job.status.as_deref().unwrap_or_default());
        let text = format!(
            "{asked} says that the job's `{path}` is `{}`, which is no known status ({}); name it as `running`, `done`, `empty` or `failed`: {}",
            client.cx.mask.mask(word),
            job.known_words(),
            client.shown(answer.bytes()),
        );
        Error::new(ErrorKind::Content, text)
    }

    /// Reads the results one after another.
    async fn results(&mut self, job: &Job, values: &JobValues, done: &ReadPage) -> Result<Ended> {
        let results = match &job.results {
            None => vec![None],
            Some(path) => match values_at(&done.envelope, path) {
                Some(results) => results.into_iter().map(Some).collect(),
                None if job.results_optional => Vec::new(),
                None => {
                    let shown = self.engine.client.shown(done.envelope.bytes());
                    let text = format!(
                        "the job is done, but the answer has no results at `{path}`: {shown}; check where they are, or say that they are optional"
                    );
                    return Err(Error::new(ErrorKind::RecordsPath, text));
                }
            },
        };
        for result in results {
            let values = match &result {
                Some(result) => values.clone().with("result", result),
                None => values.clone(),
            };
            self.step = match self.result(job, values, result.as_deref(), done).await? {
                Ok(step) => step,
                Err(ended) => return Ok(ended),
            };
            self.pager.restart();
            self.before = None;
            match self.walk().await? {
                Walked::End => {}
                Walked::Enough => return Ok(Ended::Walked(Walked::Enough)),
                Walked::Expired(error) => return Ok(Ended::Lost(error)),
            }
        }
        Ok(Ended::Walked(Walked::End))
    }

    /// The step that reads a result.
    async fn result(
        &mut self,
        job: &Job,
        values: JobValues,
        result: Option<&str>,
        done: &ReadPage,
    ) -> Result<Result<Step, Ended>> {
        if let Some(path) = &job.file_url {
            let (page, asked) = match self.answer(Step::Locate(values)).await? {
                (Answered::Page(page), asked) => (page, asked),
                (Answered::Ended(ended), _) => return Ok(Err(ended)),
            };
            let url = page.envelope.text(path).ok_or_else(|| {
                let shown = self.engine.client.shown(page.envelope.bytes());
                Error::new(ErrorKind::RecordsPath, format!("{asked} names no file at `{path}`: {shown}"))
            })?;
            return Ok(Ok(Step::File(self.file(&page.url, &url)?)));
        }
        let own = self.engine.hooks.job_request(self.slice(), &values, None, About::Result)?;
        Ok(Ok(match (own.request.path, result) {
            (Some(_), _) | (None, None) => Step::Download(values),
            (None, Some(url)) => Step::File(self.file(&done.url, url)?),
        }))
    }

    /// Asks one step, and what was asked.
    async fn answer(&mut self, step: Step) -> Result<(Answered, String)> {
        self.step = step;
        self.pager.restart();
        let draft = self.draft()?;
        let asked = self.asked(&draft);
        let answered = match self.page(&draft, Ahead::Nothing).await? {
            Outcome::Page(page) => Answered::Page(page),
            Outcome::Nothing => Answered::Ended(Ended::Walked(Walked::End)),
            Outcome::Enough => Answered::Ended(Ended::Walked(Walked::Enough)),
            Outcome::Restart(error) | Outcome::Expired(error) => Answered::Ended(Ended::Lost(error)),
        };
        Ok((answered, asked))
    }

    /// The URL of a file, absolute or relative to the answer that names it.
    fn file(&self, page: &Url, text: &str) -> Result<Url> {
        let url = page.join(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.ok_or_else(|| {
            let masked = self.engine.client.cx.mask.mask(text);
            // It may be signed: what it begins with tells enough.
            let begin: String = masked.chars().take(20).collect();
            let text = format!("a result of the job begins with `{begin}`, which is no URL to download; where it is an id, give `download` a path that it stands in");
            Error::new(ErrorKind::Response, text)
        })
    }
}
