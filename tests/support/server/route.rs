//! Which requests an answer is for.

use std::sync::Arc;

use super::{Reply, Request};

/// A pattern and the closure that answers.
pub(super) struct Route {
    pub(super) pattern: Pattern,
    pub(super) answer: Arc<dyn Fn(&Request) -> Reply + Send + Sync>,
}

/// A method and the segments of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    method: String,
    /// `None`: any one segment.
    segments: Vec<Option<String>>,
}

impl Pattern {
    /// `GET /v1/users/{id}`; without a method it is `GET`.
    pub(super) fn new(text: &str) -> Self {
        let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
        let segment = |part: &str| (!part.starts_with('{')).then(|| part.to_owned());
        Self { method: method.to_owned(), segments: segments(path).map(segment).collect() }
    }

    pub(super) fn fits(&self, request: &Request) -> bool {
        let mut parts = segments(&request.path);
        self.method == request.method
            && self.segments.iter().all(|wanted| match (wanted, parts.next()) {
                (Some(wanted), Some(found)) => wanted == found,
                (None, Some(found)) => !found.is_empty(),
                (_, None) => false,
            })
            && parts.next().is_none()
    }
}

pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}
