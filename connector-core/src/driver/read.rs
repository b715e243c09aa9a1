//! `read`: the records, and the states to go on from.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use super::args::Args;
use super::{signals, terminal};
use crate::cancel::Cancel;
use crate::connector::{ReadRequest, Session};
use crate::protocol::{ConfiguredCatalog, IncomingState};
use crate::sink::{StateFileSink, StdoutSink};
use crate::summary::{Summary, counted};
use crate::{Error, ErrorKind, Result};

/// How often the line of progress changes.
const TICK: Duration = Duration::from_millis(250);

pub(super) async fn run(session: &Session, args: &Args, state: IncomingState, cancel: Cancel) -> Result<ExitCode> {
    signals::watch(&cancel);
    let request = request(args, state, cancel)?;
    let summary = tokio::select! {
        summary = session.read(request) => summary?,
        never = progress(session, args) => match never {},
    };
    tell(session, &summary);
    Ok(if summary.error().is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything that can be wrong with the files is found before the first request.
fn request(args: &Args, state: IncomingState, cancel: Cancel) -> Result<ReadRequest> {
    let config = crate::config::load(args.config.as_deref().unwrap_or(Path::new("")))?;
    let catalog = args.catalog.as_deref().map(ConfiguredCatalog::read).transpose()?;
    Ok(ReadRequest { config, catalog, streams: args.streams.clone(), state, limit: args.limit, cancel })
}

/// The state that the command line names. A `--state-file` that is not there yet is no state.
pub(super) fn incoming(args: &Args) -> Result<IncomingState> {
    match (&args.state, &args.state_file) {
        (Some(path), _) => IncomingState::read(path),
        (None, Some(path)) if path.exists() => IncomingState::read(path),
        _ => Ok(IncomingState::none()),
    }
}

/// A sink that keeps the states in a file as they are written, beside those that it holds.
pub(super) fn keep_states(stdout: StdoutSink, path: &Path, held: &IncomingState) -> Result<StateFileSink<StdoutSink>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        let text = format!("the folder of --state-file {} does not exist", path.display());
        return Err(Error::new(ErrorKind::State, text));
    }
    Ok(StateFileSink::new(stdout, path, held))
}

/// Keeps a line of progress on the terminal, where there is one that shows nothing else.
async fn progress(session: &Session, args: &Args) -> std::convert::Infallible {
    let start = session.clock().elapsed();
    loop {
        tokio::time::sleep(TICK).await;
        if args.text_logs && terminal::has_room_for_progress() {
            let took = session.clock().elapsed().saturating_sub(start);
            terminal::show(&session.progress.line(took.as_secs_f64()));
        }
    }
}

fn tell(session: &Session, summary: &Summary) {
    terminal::clear();
    let failed = summary.streams().iter().filter(|stream| stream.error.is_some()).count();
    let streams = counted(summary.streams().len() as u64, "stream");
    let records = counted(summary.records(), "record");
    if failed == 0 {
        session.log.info(format_args!("done: {records} of {streams}"));
    } else {
        session.log.error(format_args!("not all was read: {failed} of {streams} failed; {records}"));
    }
}
