//! What the behaviour tests share: a local server that misbehaves on demand, and the means to run a built connector against it.

pub mod server;

pub use server::{Fault, Recorded, Reply, Request, Server};
