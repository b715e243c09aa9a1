//! A source without HTTP: three streams in memory, as little as the core's traits ask for.
//!
//! `numbers` has a cursor, `letters` has none, `pairs` is a sub-stream of `letters`. What the streams do is in the config.

use std::sync::Arc;

use connector_core::clock::BoxFuture;
use connector_core::cursor::{CursorKind, CursorSpec, Order};
use connector_core::record::{Field, Record};
use connector_core::stream::{Flow, Slice, SliceEnd, SliceWriter, Stream, StreamDescriptor};
use connector_core::{Error, ErrorKind, Result, Source, SourceContext, SourceInfo};
use serde_json::{Value, json};

/// The source.
#[derive(Debug)]
pub struct Numbers {
    config: Value,
}

static NUMBER: &[Field] = &[Field::new("n", "The number.", &<u64 as Record>::SHAPE)];
static LETTER: &[Field] = &[Field::new("letter", "The letter.", &<String as Record>::SHAPE)];

static NUMBERS: StreamDescriptor =
    StreamDescriptor::new("numbers", "Numbers.", || NUMBER).primary_key(&[&["n"]]).cursor(&["n"], CursorKind::Integer);
static LETTERS: StreamDescriptor = StreamDescriptor::new("letters", "Letters.", || LETTER).primary_key(&[&["letter"]]);
static PAIRS: StreamDescriptor =
    StreamDescriptor::new("pairs", "Pairs.", || LETTER).parent(|| &LETTERS, &[&[&["letter"]]]);

impl Source for Numbers {
    const INFO: SourceInfo =
        SourceInfo { name: "source-numbers", version: "1.0.0", doc: "Numbers.", documentation_url: None };

    fn config_schema() -> Value {
        json!({"type": "object", "properties": {
            "numbers": {"type": "integer", "description": "How many numbers there are."},
            "letters": {"type": "string", "description": "The letters there are."},
            "page": {"type": "integer", "description": "Records of a page."},
            "ascending": {"type": "boolean", "description": "Whether the order of the numbers is declared."},
            "panic": {"type": "string", "description": "The stream, or stream and slice, that panics after its first page."},
            "fail": {"type": "string", "description": "The stream, or stream and slice, that fails after its first page."},
            "hang": {"type": "string", "description": "The stream, or stream and slice, that hangs after its first page."},
        }})
    }

    fn from_config(config: &Value) -> Result<Self> {
        Ok(Self { config: config.clone() })
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        vec![&NUMBERS, &LETTERS, &PAIRS]
    }

    fn streams(self: Arc<Self>, _: &SourceContext) -> Result<Vec<Arc<dyn Stream>>> {
        let of = |descriptor| Arc::new(InMemory { source: Arc::clone(&self), descriptor }) as Arc<dyn Stream>;
        Ok(vec![of(&NUMBERS), of(&LETTERS), of(&PAIRS)])
    }
}

struct InMemory {
    source: Arc<Numbers>,
    descriptor: &'static StreamDescriptor,
}

impl InMemory {
    fn records(&self, slice: &Slice) -> Vec<String> {
        let config = &self.source.config;
        let letters = config["letters"].as_str().unwrap_or("ab");
        match self.descriptor.name {
            "numbers" => {
                let start = slice.window.start.as_ref().and_then(|start| start.integer()).unwrap_or(1);
                let end = i128::from(config["numbers"].as_u64().unwrap_or(10));
                (start..=end).map(|n| format!(r#"{{"n":{n}}}"#)).collect()
            }
            "letters" => letters.chars().map(|letter| format!(r#"{{"letter":"{letter}"}}"#)).collect(),
            _ => {
                let parent = slice.partition.get(0, &["letter"]).unwrap_or(b"\"?\"");
                let parent: String = serde_json::from_slice(parent).unwrap_or_default();
                letters.chars().map(|letter| format!(r#"{{"letter":"{parent}{letter}"}}"#)).collect()
            }
        }
    }

    /// Whether the config plants a fault in this stream, or in this slice of it.
    fn planted(&self, fault: &str, slice: &Slice) -> bool {
        let place = self.source.config[fault].as_str().unwrap_or_default();
        place == self.descriptor.name || place == format!("{} {slice}", self.descriptor.name)
    }
}

impl Stream for InMemory {
    fn descriptor(&self) -> &'static StreamDescriptor {
        self.descriptor
    }

    fn cursor(&self) -> Result<Option<CursorSpec>> {
        let ascending = self.source.config["ascending"].as_bool().unwrap_or(false);
        let order = if ascending { Order::Ascending } else { Order::Unordered };
        Ok(self.descriptor.cursor.map(|field| CursorSpec::new(field).order(order)))
    }

    fn read_slice<'a>(&'a self, slice: &'a Slice, mut writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>> {
        Box::pin(async move {
            let page = self.source.config["page"].as_u64().unwrap_or(4) as usize;
            for records in self.records(slice).chunks(page) {
                let mut batch = writer.batch();
                for record in records {
                    batch.push(record.as_bytes())?;
                }
                if writer.commit(batch).await? == Flow::Stop {
                    return Ok(writer.stop());
                }
                if self.planted("fail", slice) {
                    return Err(Error::new(ErrorKind::Server, "the server answered 500"));
                }
                assert!(!self.planted("panic", slice), "planted");
                if self.planted("hang", slice) {
                    writer.cancel().cancelled().await;
                    return Err(writer.cancel().error());
                }
            }
            Ok(writer.end())
        })
    }
}
