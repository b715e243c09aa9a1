//! Pagination: how a page names the next one, where that goes into the request, and when it ends.
//!
//! `declare` is what an author says, `page` what a paginator sees, `token` what it answers; `pager` walks one slice,
//! `position` is a page as a state holds it, `repeat` notices a pagination that goes round in circles, `link` reads the `Link` header.

mod declare;
pub(crate) mod link;
mod page;
mod pager;
mod position;
mod repeat;
mod token;

pub use declare::{Paginator, Place};
pub(crate) use declare::{Source, Stop};
pub use page::Page;
pub(crate) use pager::{Facts, Pager, Repeated, put, resolve};
pub(crate) use position::Position;
pub use token::PageToken;
