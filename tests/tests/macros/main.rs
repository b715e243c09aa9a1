//! Programs that the macros must accept, without a warning, and what they make of them.

mod card;
mod hygiene;
mod language;
mod reads;
mod records;
