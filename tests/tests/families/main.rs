//! One stream for each family of features that real connectors need: what it asks for, and what it emits.
//!
//! `docs/families.txt` lists the families with their tests; `listed` looks that each is there.

#![deny(warnings)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod asked;
mod authenticators;
mod combined;
mod credentials;
mod cursors;
mod dependencies;
mod edits;
mod field_lists;
mod formats;
mod incremental;
mod jobs;
mod keys;
mod kit;
mod limits;
mod listed;
mod login_flow;
mod own_state;
mod paging;
mod parents;
mod partitions;
mod policies;
mod requests;
mod slices;
mod states;
mod transforms;
mod two_parts;
mod variants;
mod zones;
