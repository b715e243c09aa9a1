//! Reads a page whose fields are asked for in several requests.

use std::sync::atomic::Ordering;

use connector_core::stream::FieldPath;
use connector_core::{Error, ErrorKind, Result};

use super::Engine;
use super::page::Outcome;
use super::slice::{Ahead, ReadPage, SliceReader};
use super::step::Step;
use crate::client::ApiClient;
use crate::field_list::merge;
use crate::request::Draft;

impl Engine {
    /// The lists of fields that a page is asked for with: none, one, or several. The API is asked for the names once a sync.
    pub(super) async fn field_lists(&self) -> Result<&[Vec<String>]> {
        let Some(list) = &self.settings.field_list else { return Ok(&[]) };
        let ask = async {
            let asked;
            let names = match list.names() {
                Some(names) => names,
                None => {
                    asked = self.hooks.field_names(&ApiClient::new(self.client.clone())).await?;
                    &asked
                }
            };
            let lists = list.parts(names, &self.used())?;
            if lists.len() > 1 {
                self.can_be_put_together()?;
            }
            Ok(lists)
        };
        self.field_lists.get_or_try_init(|| ask).await.map(Vec::as_slice)
    }

    /// The fields that the stream itself uses of a record: without them, one that not all answers have would be a fault.
    fn used(&self) -> Vec<&'static str> {
        let stream = self.hooks.descriptor();
        let cursor = stream.cursor.iter().map(|cursor| &cursor.path);
        let paths = stream.primary_key.iter().chain(cursor).chain(stream.edits.reads);
        paths.filter_map(|path| path.first().copied()).collect()
    }

    fn key(&self) -> &'static [FieldPath] {
        self.hooks.descriptor().primary_key
    }

    fn can_be_put_together(&self) -> Result<()> {
        let why = if self.key().is_empty() {
            "it has no primary key"
        } else if self.settings.job.is_some() {
            "its pages are those of a job's result"
        } else {
            return Ok(());
        };
        let text = format!("the records of several lists of fields cannot be put together: {why}");
        Err(Error::new(ErrorKind::Internal, text))
    }
}

impl SliceReader<'_> {
    /// Whether a page is asked for several times, with a part of its fields each.
    pub(super) fn in_parts(&self) -> bool {
        matches!(self.step, Step::Pages) && self.field_lists.len() > 1
    }

    /// A page of which each request brings some fields. The first answer says what comes next.
    pub(super) async fn page_in_parts(&mut self, draft: &Draft) -> Result<Outcome> {
        let (engine, lists) = (self.engine, self.field_lists);
        let selector = self.selector.clone();
        let (Some(list), Some(way)) = (&engine.settings.field_list, selector.names()) else {
            let text = format!(
                "the records of several lists of fields are put together where they stand in one list, which `{selector}` does not name"
            );
            return Err(Error::new(ErrorKind::Internal, text));
        };
        let mut whole: Option<Box<ReadPage>> = None;
        let mut body = Vec::new();
        for names in lists {
            let mut part = draft.clone();
            list.put(names, &mut part)?;
            self.step = Step::Part;
            let outcome = self.page(&part, Ahead::Nothing).await;
            self.step = Step::Pages;
            let page = match outcome? {
                Outcome::Page(page) => page,
                // These fields may not be read, which a rule says is well.
                Outcome::Nothing if whole.is_some() => continue,
                other => return Ok(other),
            };
            let answer = page.envelope.bytes();
            if whole.is_none() {
                body = answer.to_vec();
                whole = Some(page);
                continue;
            }
            let merged = merge(&body, answer, &way, engine.key()).map_err(|error| self.asked_before(&part, &error))?;
            if merged.alone > 0 && !engine.told_alone.swap(true, Ordering::Relaxed) {
                self.writer.log().warn(format_args!(
                    "stream `{}`: {} records of a page did not come with all parts of their fields; they were written or deleted meanwhile, or lack their key",
                    engine.hooks.descriptor().name,
                    merged.alone
                ));
            }
            body = merged.body;
            let limit = engine.client.cx.limits.body_bytes;
            if body.len() > limit {
                let text =
                    format!("the parts of a page are together larger than the {limit} bytes that may be held whole");
                return Err(Error::new(ErrorKind::Limit, text));
            }
        }
        let Some(first) = whole else { return Ok(Outcome::Nothing) };
        match self.fetch_whole(first.status, &first.headers, first.url, &body)? {
            Ok(page) => Ok(Outcome::Page(page)),
            Err(spoilt) => Err(self.asked_before(draft, &spoilt.error)),
        }
    }
}
