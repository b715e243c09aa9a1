//! `discover`: which streams there are.

use std::process::ExitCode;

use super::args::Args;
use crate::Result;
use crate::connector::{Connector, Session};
use crate::protocol::Message;

/// The catalog is made of constants: a config is not needed, but one that is given has to be right.
pub(super) async fn run(connector: &Connector, session: &Session, args: &Args) -> Result<ExitCode> {
    if let Some(path) = &args.config {
        session.checked_config(&crate::config::load(path)?)?;
    }
    session.output.message(Message::Catalog(connector.discover())).await?;
    Ok(ExitCode::SUCCESS)
}
