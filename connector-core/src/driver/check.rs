//! `check`: whether the config works. Every failure is an answer, so the exit code is 0.

use std::process::ExitCode;

use super::args::Args;
use crate::Result;
use crate::connector::Session;
use crate::protocol::{ConnectionStatus, Message};

pub(super) async fn run(session: &Session, args: &Args) -> Result<ExitCode> {
    let config = args.config.as_deref().map(crate::config::load).unwrap_or(Ok(serde_json::Value::Null));
    let status = match config {
        Ok(config) => session.check(config).await,
        Err(error) => ConnectionStatus::failed(error.to_string()),
    };
    session.output.message(Message::ConnectionStatus(status)).await?;
    Ok(ExitCode::SUCCESS)
}
