//! What an answer means: success, retry, rate limit, ignore, fail.
//!
//! `verdict` is the vocabulary, `rule` what an author declares (`words` finds a wait in a text), `answer` what a rule sees, `table` the default for
//! everything that no rule speaks about, `graphql` the failures that come with status 200.

mod answer;
mod graphql;
mod rule;
mod table;
mod verdict;
mod words;

pub use answer::Answer;
pub(crate) use graphql::graphql;
pub use rule::{Condition, Rule, Until};
pub(crate) use table::{advise, verdict};
pub use verdict::Verdict;
