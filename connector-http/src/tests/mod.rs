//! Whole syncs over a transport in memory and a virtual clock.
#![allow(clippy::unwrap_used, clippy::panic)]

mod ahead;
mod auth;
mod corpus;
mod faults;
mod kit;
mod noise;
mod origin;
mod output;
mod pages;
mod resume;
