//! A source whose pages are made as they are asked for, so that its own memory does not count.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use connector_core::clock::BoxFuture;
use connector_core::cursor::CursorKind;
use connector_core::record::{Field, Record};
use connector_core::stream::{Flow, Slice, SliceEnd, SliceWriter, Stream, StreamDescriptor};
use connector_core::{Result, Source, SourceContext, SourceInfo, Streams};
use serde_json::{Value, json};

static ROW: &[Field] = &[
    Field::new("id", "", &<u64 as Record>::SHAPE),
    Field::new("of", "", &<u64 as Record>::SHAPE),
    Field::new("n", "", &<u64 as Record>::SHAPE),
    Field::new("text", "", &<String as Record>::SHAPE),
];
static PARENTS: StreamDescriptor = StreamDescriptor::new("parents", "", || ROW);
static CHILDREN: StreamDescriptor = StreamDescriptor::new("children", "", || ROW).parent(|| &PARENTS, &[&[&["id"]]]);
static CURSORED: StreamDescriptor = StreamDescriptor::new("cursored", "", || ROW)
    .cursor(&["n"], CursorKind::Integer)
    .parent(|| &PARENTS, &[&[&["id"]]]);

macro_rules! plain {
    ($($name:literal)+) => { [$(StreamDescriptor::new($name, "", || ROW)),+] };
}
static PLAIN: [StreamDescriptor; 10] =
    plain!["plain_0" "plain_1" "plain_2" "plain_3" "plain_4" "plain_5" "plain_6" "plain_7" "plain_8" "plain_9"];

/// What there is, by the config: `parents`, `pages` of each other slice, `page` records of a page, `pause` in milliseconds
/// before each page, `slices` and `streams` side by side.
#[derive(Debug)]
pub(crate) struct Bench(Value);

impl Source for Bench {
    const INFO: SourceInfo = SourceInfo { name: "source-bench", version: "1.0.0", doc: "", documentation_url: None };

    fn config_schema() -> Value {
        json!({"type": "object"})
    }

    fn from_config(config: &Value) -> Result<Self> {
        Ok(Self(config.clone()))
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        [&PARENTS, &CHILDREN, &CURSORED].into_iter().chain(&PLAIN).collect()
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        let number = |key: &str, default: u64| self.0[key].as_u64().unwrap_or(default);
        cx.change_limits(|limits| {
            limits.slices = number("slices", 4) as usize;
            limits.streams = number("streams", 10) as usize;
        });
        let of = |descriptor: &'static StreamDescriptor| {
            let parents = std::ptr::eq(descriptor, &raw const PARENTS);
            let page = if parents { 1_000 } else { number("page", 10) };
            let pages = if parents { number("parents", 10).div_ceil(page) } else { number("pages", 1) };
            let pause = Duration::from_millis(if parents { 0 } else { number("pause", 0) });
            Arc::new(Pages { descriptor, page, pages, pause }) as Arc<dyn Stream>
        };
        Ok(Self::descriptors().into_iter().map(of).collect())
    }
}

struct Pages {
    descriptor: &'static StreamDescriptor,
    page: u64,
    pages: u64,
    pause: Duration,
}

impl Stream for Pages {
    fn descriptor(&self) -> &'static StreamDescriptor {
        self.descriptor
    }

    fn read_slice<'a>(&'a self, slice: &'a Slice, mut writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>> {
        Box::pin(async move {
            let of = slice.partition.get(0, &["id"]).map(|id| String::from_utf8_lossy(id).into_owned());
            let of = of.as_deref().unwrap_or("0");
            let mut record = String::new();
            for page in 0..self.pages {
                if !self.pause.is_zero() {
                    tokio::time::sleep(self.pause).await;
                }
                let mut batch = writer.batch();
                for id in page * self.page..(page + 1) * self.page {
                    record.clear();
                    // Ids of eight digits.
                    let id = 10_000_000 + id;
                    let _ = write!(
                        record,
                        r#"{{"id":{id},"of":{of},"n":{page},"text":"a record of about a hundred bytes, as APIs have them"}}"#
                    );
                    batch.push(record.as_bytes())?;
                }
                if writer.commit(batch).await? == Flow::Stop {
                    return Ok(writer.stop());
                }
            }
            Ok(writer.end())
        })
    }
}
