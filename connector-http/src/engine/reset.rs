//! Where an API pages no further, the slice goes on from the cursor value that was reached.

use connector_core::{Error, ErrorKind, Result};

use super::slice::{ReadPage, SliceReader};

impl SliceReader<'_> {
    /// Goes on at the cursor value that was reached, with the first page.
    pub(super) fn go_on_behind(&mut self, page: &ReadPage) -> Result<()> {
        let mut rest = self.slice().clone();
        let Some(reached) = page.batch.fold().and_then(|fold| fold.max()) else {
            let text = "paging has come to its limit, but no record of the page has a cursor value to go on from";
            return Err(Error::new(ErrorKind::Pagination, text));
        };
        let reached = &self.engine.lower_bound(reached);
        if rest.window.start.as_ref().is_some_and(|start| start >= reached) {
            let text = format!(
                "paging has come to its limit, but its {} records reach no further than the cursor value {} that they began with: give the cursor smaller windows (`step`)",
                self.pager.records(),
                reached.to_text()
            );
            return Err(Error::new(ErrorKind::Pagination, text));
        }
        rest.window.start = Some(reached.clone());
        self.rest = Some(rest);
        self.pager.restart();
        Ok(())
    }
}
