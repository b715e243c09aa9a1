//! The command line of a connector: one file a command, and what they share.

mod args;
mod check;
mod discover;
mod help;
mod read;
mod signals;
mod spec;
mod terminal;

use std::process::ExitCode;
use std::sync::Arc;

use args::{Args, Command, Invocation};

use crate::cancel::Cancel;
use crate::connector::{Connector, Session};
use crate::log::LogTarget;
use crate::protocol::{ErrorTrace, IncomingState, Message, TraceMessage};
use crate::sink::{Sink, StdoutFormat, StdoutSink};
use crate::{Error, ErrorKind, Result, Source};

/// Runs a source as a program: reads the command line, does what it says, tells how it went.
///
/// This is all that a connector's `main` does:
///
/// ```no_run
/// # fn example<S: connector_core::Source>() -> std::process::ExitCode {
/// connector_core::run::<S>()
/// # }
/// ```
///
/// The exit code is 0 only if all that was asked for was done.
#[must_use]
pub fn run<S: Source>() -> ExitCode {
    crate::panic::silence();
    drive(&Connector::of::<S>(), std::env::args_os().skip(1).collect())
}

fn drive(connector: &Connector, args: Vec<std::ffi::OsString>) -> ExitCode {
    let info = connector.source().info();
    match Invocation::parse(args) {
        Ok(Invocation::Help) => print(&help::text(&info)),
        Ok(Invocation::Version) => print(&format!("{} {}\n", info.name, info.version)),
        Ok(Invocation::Run(args)) => {
            let mut connector = connector.clone().with_log_level(args.level);
            if let (true, Some(file)) = (args.write_config, &args.config) {
                connector = connector.with_config_file(file);
            }
            execute(&connector, &args)
        }
        Err(error) => fail_before_start(&error),
    }
}

/// Runs a command on a runtime of its own.
fn execute(connector: &Connector, args: &Args) -> ExitCode {
    let (session, state) = match open(connector, args) {
        Ok(opened) => opened,
        Err(error) => return fail_before_start(&error),
    };
    let runtime = match args.command {
        // Nothing waits for anything but the output.
        Command::Spec | Command::Discover => tokio::runtime::Builder::new_current_thread().enable_all().build(),
        // One thread for the network, one for the records.
        Command::Check | Command::Read => {
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
        }
    };
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let error = Error::new(ErrorKind::Internal, format!("cannot start the runtime: {error}"));
            return fail_before_start(&error);
        }
    };
    let cancel = Cancel::new();
    let work = async {
        let command = async {
            match args.command {
                Command::Spec => spec::run(connector, &session).await,
                Command::Check => check::run(&session, args).await,
                Command::Discover => discover::run(connector, &session, args).await,
                Command::Read => read::run(&session, args, state, cancel.clone()).await,
            }
        };
        let done = match command.await {
            Ok(code) => code,
            Err(error) => session.fail(&error).await,
        };
        match session.finish().await {
            Ok(()) => done,
            Err(_) => ExitCode::FAILURE,
        }
    };
    // A reader that does not read must not keep a stopped process alive.
    let overdue = async {
        cancel.cancelled().await;
        tokio::time::sleep(connector.limits().stop).await;
    };
    let done = runtime.block_on(async {
        tokio::select! {
            done = work => done,
            () = overdue => ExitCode::FAILURE,
        }
    });
    runtime.shutdown_background();
    done
}

fn open(connector: &Connector, args: &Args) -> Result<(Session, IncomingState)> {
    let state = read::incoming(args)?;
    let stdout = StdoutSink::new(args.format);
    let sink: Box<dyn Sink> = match &args.state_file {
        Some(path) => Box::new(read::keep_states(stdout, path, &state)?),
        None => Box::new(stdout),
    };
    let logs = args.text_logs.then(|| Arc::new(terminal::Terminal::new()) as Arc<dyn LogTarget>);
    Ok((Session::start(connector, sink, logs, &state)?, state))
}

impl Session {
    /// Tells a failure of the whole command.
    async fn fail(&self, error: &Error) -> ExitCode {
        if error.kind() != ErrorKind::Output {
            let trace = ErrorTrace::of(&error.masked(&self.mask), None);
            let trace = TraceMessage::new(trace, crate::clock::epoch_ms(self.clock().now()));
            self.log.error(error);
            let _ = self.output.message(Message::Trace(trace)).await;
        }
        ExitCode::FAILURE
    }
}

/// Tells a failure before there is a session: a wrong command line, a state file that cannot be read.
fn fail_before_start(error: &Error) -> ExitCode {
    let now = crate::clock::epoch_ms(std::time::SystemTime::now());
    let trace = Message::Trace(TraceMessage::new(ErrorTrace::of(error, None), now));
    let mut sink = StdoutSink::new(StdoutFormat::Protocol);
    let _ = sink.message(&trace).and_then(|()| sink.flush());
    if terminal::is_watched() {
        terminal::Terminal::new().write(crate::protocol::Level::Error, error.to_string());
    }
    ExitCode::FAILURE
}

/// Text that a person asked for.
fn print(text: &str) -> ExitCode {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
