//! `discover`: which streams there are.

use std::process::ExitCode;

use super::args::Args;
use crate::connector::{Connector, Session};
use crate::protocol::Message;
use crate::{Error, ErrorKind, Result};

/// The catalog is made of constants, and a config that is given has to be right; a source that asks needs one.
pub(super) async fn run(connector: &Connector, session: &Session, args: &Args) -> Result<ExitCode> {
    let config = args.config.as_deref().map(crate::config::load).transpose()?;
    let catalog = match config {
        Some(config) if connector.asks() => session.discover(config).await?,
        None if connector.asks() => {
            let text = "discover needs --config here: streams, or fields of them, are asked from the API";
            return Err(Error::new(ErrorKind::Usage, text));
        }
        given => {
            if let Some(config) = given {
                session.checked_config(&config)?;
            }
            connector.discover()
        }
    };
    session.output.message(Message::Catalog(catalog)).await?;
    Ok(ExitCode::SUCCESS)
}
