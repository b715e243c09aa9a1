//! A source without HTTP: streams in memory, as little as the core's traits ask for.
//!
//! `numbers` has a cursor, `letters` has none, `pairs` is a sub-stream of `letters`. The others have rows by the number, in all
//! the ways in which a stream can be divided; a larger `rows`, `users` or `shards` is an API in which something was written
//! since. What there is, and which faults happen, is in the config.

mod descriptors;
mod memory;
mod world;

use std::sync::Arc;

use connector_core::stream::{Stream, StreamDescriptor};
use connector_core::{Result, Source, SourceContext, SourceInfo, Streams};
use memory::InMemory;
use serde_json::{Value, json};

pub use world::World;

/// The source.
#[derive(Debug)]
pub struct Numbers {
    world: World,
}

impl Source for Numbers {
    const INFO: SourceInfo =
        SourceInfo { name: "source-numbers", version: "1.0.0", doc: "Numbers.", documentation_url: None };

    fn config_schema() -> Value {
        json!({"type": "object", "properties": {
            "numbers": {"type": "integer", "description": "How many numbers there are."},
            "letters": {"type": "string", "description": "The letters there are."},
            "rows": {"type": "integer", "description": "Rows of a partition."},
            "replies": {"type": "integer", "description": "Rows below an event."},
            "gone": {"type": "integer", "description": "Rows of the roster that are no more, from the first."},
            "users": {"type": "integer", "description": "How many users there are."},
            "shards": {"type": "integer", "description": "How many shards there are."},
            "page": {"type": "integer", "description": "Records of a page."},
            "ascending": {"type": "boolean", "description": "Whether the order of the records is declared."},
            "step": {"type": "integer", "description": "The length of the windows of tasks and shards."},
            "slices": {"type": "integer", "description": "Slices of a stream that are read side by side."},
            "estimate": {"type": "boolean", "description": "Whether slices tell how many records they have."},
            "panic": {"type": "string", "description": "The stream, or stream and slice, that panics after its first page; or stream and hook."},
            "fail": {"type": "string", "description": "The stream, or stream and slice, that fails after its first page."},
            "hang": {"type": "string", "description": "The stream, or stream and slice, that hangs after its first page."},
            "fail_percent": {"type": "integer", "description": "How many of a hundred pages fail."},
            "seed": {"type": "integer", "description": "Which pages fail, and which slices get ahead of others."},
            "pause": {"type": "integer", "description": "How long a page takes, in microseconds."},
        }})
    }

    fn from_config(config: &Value) -> Result<Self> {
        Ok(Self { world: World::new(config) })
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        descriptors::ALL.to_vec()
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        if let Some(slices) = self.world.has("slices") {
            cx.change_limits(|limits| limits.slices = slices as usize);
        }
        let of = |descriptor| Arc::new(InMemory::new(&self.world, descriptor)) as Arc<dyn Stream>;
        Ok(descriptors::ALL.into_iter().map(of).collect())
    }
}
