//! Reports that an API makes on request: a job is created, asked for its status until it is done, and its results are read.
//!
//! `declare` is what a stream says of its jobs, `request` what its hooks make, `status` reads a job's answers.
//! `engine/job` walks the steps.

mod declare;
mod request;
mod status;

pub use declare::Job;
pub use request::{JobRequest, JobValues};
pub(crate) use status::{Status, values_at};
