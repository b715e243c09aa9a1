//! The name of a stream on the wire.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::stream::StreamDescriptor;

/// The name of a stream and its namespace, where it has one: the protocol's `StreamDescriptor`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StreamName {
    /// The name.
    pub name: String,
    /// The namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl StreamName {
    /// A stream without a namespace.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), namespace: None }
    }

    /// The same name in a namespace; an empty one is none.
    #[must_use]
    pub fn within(mut self, namespace: Option<&str>) -> Self {
        self.namespace = namespace.filter(|namespace| !namespace.is_empty()).map(str::to_owned);
        self
    }
}

impl From<&StreamDescriptor> for StreamName {
    fn from(descriptor: &StreamDescriptor) -> Self {
        Self::new(descriptor.name).within(descriptor.namespace)
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
