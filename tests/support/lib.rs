//! What the behaviour tests share: a local server that misbehaves on demand, the API of the examples on it, and the means to
//! run a built connector against both.

pub mod api;
pub mod connector;
pub mod crash;
pub mod messages;
pub mod numbers;
pub mod server;
pub mod transcript;

pub use api::{Api, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, TOKEN};
pub use server::{Builder, Fault, Recorded, Reply, Request, Server, Turn};

/// The code in README.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
