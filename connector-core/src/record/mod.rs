//! Records: the constant table of their type, and what the framework does with their bytes.
//!
//! [`shape`](Shape) is the table; `compile` turns it into a [`Plan`] once a sync. A body arrives in pieces: [`PageParser`] follows
//! a [`Selector`] through what is around the records (`outline`, `place`), hands each record's bytes to the [`Batch`], and
//! keeps the rest as the [`Envelope`]. The batch walks over the bytes once (`walk`, with `ahead` for where strings and digits end, `usual` for most values, `token` for strings and numbers,
//! `order` for the keys' usual order, `keys` for double keys, `format` for dates, `walk_odd` for what is rare), has the few that need it mended (`mend`), asks
//! the cursor, remembers what children use (`picks`), counts (`accounts`) and copies the bytes into a line (`line`), without what the stream removes and with what it adds (`edit`).
//! Before all that, a stream that says so has something else made of its records (`transform`).

mod accounts;
mod ahead;
mod batch;
mod block;
mod compile;
mod cut;
mod edit;
mod envelope;
mod fault;
mod format;
mod keys;
mod line;
mod line_keys;
mod lines;
mod mend;
mod order;
mod outline;
mod page;
mod picks;
mod place;
mod plan;
mod select;
mod shape;
mod span;
mod token;
mod transform;
mod usual;
mod walk;
mod walk_odd;

pub use accounts::{Accounts, FieldMisfit};
pub use batch::Batch;
pub use edit::{Added, Editor, Edits};
pub use envelope::Envelope;
pub use line::Framing;
pub(crate) use line_keys::LineKeys;
pub use lines::LinesParser;
pub use mend::Mend;
pub use page::{BodyParser, PageLimits, PageParser};
pub use plan::{Misfit, Plan, PlanOptions};
pub use select::{Selector, path_step};
pub use shape::{Field, FieldType, Format, Record, SerdeShape, Shape};
pub use transform::{Empty, KeyCase, Transform};
