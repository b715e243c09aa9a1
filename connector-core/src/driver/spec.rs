//! `spec`: what the config looks like.

use std::process::ExitCode;

use crate::Result;
use crate::connector::{Connector, Session};
use crate::protocol::Message;

pub(super) async fn run(connector: &Connector, session: &Session) -> Result<ExitCode> {
    session.output.message(Message::Spec(connector.spec())).await?;
    Ok(ExitCode::SUCCESS)
}
