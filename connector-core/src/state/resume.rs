//! The resume point of a full refresh: a page, valid within one job only, and never a cursor.

use serde_json::Value;

const KEY: &str = "resume";

/// Where a full refresh that was cut short goes on. It is used only if the catalog of the next attempt has the same
/// `sync_id`; another one is another job, which has to read everything.
///
/// ```
/// use connector_core::state::ResumePoint;
/// use serde_json::json;
/// let point = ResumePoint { page: json!({"page": 3}), sync_id: 7 };
/// let document = point.document();
/// assert_eq!(ResumePoint::of_document(&document, 7), Some(point));
/// assert_eq!(ResumePoint::of_document(&document, 8), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ResumePoint {
    /// What the paginator needs to ask for the next page.
    pub page: Value,
    /// The job, by the configured catalog.
    pub sync_id: i64,
}

impl ResumePoint {
    /// The state document: `{"resume":{"page":…,"sync_id":…}}`.
    #[must_use]
    pub fn document(&self) -> Value {
        serde_json::json!({ KEY: { "page": self.page, "sync_id": self.sync_id } })
    }

    /// The resume point in a document, if it is one of this job.
    #[must_use]
    pub fn of_document(document: &Value, sync_id: i64) -> Option<Self> {
        let point = document.get(KEY)?.as_object()?;
        let page = point.get("page")?.clone();
        (point.get("sync_id")?.as_i64()? == sync_id).then_some(Self { page, sync_id })
    }

    /// Whether a document has the form of a resume point, of whatever job.
    pub(super) fn is_document(document: &serde_json::Map<String, Value>) -> bool {
        document.len() == 1 && document.get(KEY).is_some_and(|point| point.get("sync_id").is_some())
    }
}
