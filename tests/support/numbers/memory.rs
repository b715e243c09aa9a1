//! A stream over the data in memory, with the faults that the config plants.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use connector_core::clock::BoxFuture;
use connector_core::cursor::{CursorKind, CursorSpec, CursorValue, End, Order, Span};
use connector_core::stream::{Flow, Partition, Partitions, Slice, SliceEnd, SliceWriter, Stream, StreamDescriptor};
use connector_core::{Error, ErrorKind, Result};

use super::World;

pub(super) struct InMemory {
    world: World,
    descriptor: &'static StreamDescriptor,
}

impl InMemory {
    pub(super) fn new(world: &World, descriptor: &'static StreamDescriptor) -> Self {
        Self { world: world.clone(), descriptor }
    }

    /// Whether the config plants a fault in this stream, or in this slice of it.
    fn planted(&self, fault: &str, slice: &Slice) -> bool {
        let place = self.world.text(fault).unwrap_or_default();
        place == self.descriptor.name || place == format!("{} {slice}", self.descriptor.name)
    }

    /// Whether the config plants a panic in this hook.
    fn panic_in(&self, hook: &str) {
        let place = self.world.text("panic").unwrap_or_default();
        assert!(place != format!("{} {hook}", self.descriptor.name), "planted in {hook}");
    }

    /// A number out of the seed for a page, the same each time.
    fn chance(&self, what: &str, slice: &Slice, page: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.world.number("seed", 0), what, self.descriptor.name, slice.to_string(), page).hash(&mut hasher);
        hasher.finish()
    }

    /// What happens after a page besides the next.
    async fn after_page(&self, slice: &Slice, page: usize, writer: &SliceWriter) -> Result<()> {
        let unlucky = self.chance("fail", slice, page) % 100 < self.world.number("fail_percent", 0);
        if unlucky || self.planted("fail", slice) {
            return Err(Error::new(ErrorKind::Server, "the server answered 500"));
        }
        assert!(!self.planted("panic", slice), "planted");
        if self.planted("hang", slice) {
            writer.cancel().cancelled().await;
            return Err(writer.cancel().error());
        }
        if self.world.number("seed", 0) > 0 {
            for _ in 0..self.chance("yield", slice, page) % 4 {
                tokio::task::yield_now().await;
            }
        }
        let pause = self.world.number("pause", 0);
        if pause > 0 {
            tokio::time::sleep(Duration::from_micros(pause)).await;
        }
        Ok(())
    }
}

fn integer(value: u64) -> Result<CursorValue> {
    CursorValue::from_json(CursorKind::Integer, value.to_string().as_bytes(), &[])
}

impl Stream for InMemory {
    fn descriptor(&self) -> &'static StreamDescriptor {
        self.descriptor
    }

    fn partitions(&self) -> Result<Partitions> {
        self.panic_in("partitions");
        Ok(match (self.descriptor.name, self.descriptor.parent) {
            ("shards" | "shelves", _) => {
                let shard = |shard: u64| Partition::new(vec![(vec!["shard"], shard.to_string().into_bytes())]);
                Partitions::List(self.world.shards().map(shard).collect())
            }
            (_, Some(_)) => Partitions::Parent,
            _ => Partitions::One,
        })
    }

    fn cursor(&self) -> Result<Option<CursorSpec>> {
        self.panic_in("cursor");
        let Some(spec) = CursorSpec::of(self.descriptor) else { return Ok(None) };
        let order = if self.world.is("ascending") { Order::Ascending } else { Order::Unordered };
        let spec = spec.order(order);
        let step = match self.descriptor.name {
            "spans" => self.world.number("step", 5),
            "tasks" | "shards" | "entries" | "shelves" => self.world.number("step", 0),
            _ => 0,
        };
        if step == 0 {
            return Ok(Some(spec));
        }
        let end = integer(self.world.newest())?;
        Ok(Some(spec.start(Some(integer(0)?)).step(Span::units(step)).end(End::At(end))))
    }

    fn read_slice<'a>(&'a self, slice: &'a Slice, mut writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>> {
        Box::pin(async move {
            self.panic_in("read");
            let size = self.world.number("page", 4) as usize;
            let answer = self.world.answer(self.descriptor.name, slice);
            let first = writer.resume_at().and_then(|next| next.as_u64()).unwrap_or_default() as usize;
            let mut next = first;
            if self.world.is("estimate") {
                writer.estimate(answer.len() as u64).await?;
            }
            for (page, records) in answer.get(first..).unwrap_or_default().chunks(size).enumerate() {
                let mut batch = writer.batch();
                for record in records {
                    batch.push(record.as_bytes())?;
                }
                next += records.len();
                if writer.commit_at(batch, next.into()).await? == Flow::Stop {
                    return Ok(writer.stop());
                }
                self.after_page(slice, page, &writer).await?;
            }
            Ok(writer.end())
        })
    }
}
