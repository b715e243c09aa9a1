//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use super::terminal;
use crate::nearest;
use crate::protocol::Level;
use crate::sink::StdoutFormat;
use crate::{Error, ErrorKind, Result};

/// What the command line asks for.
#[derive(Debug)]
pub(super) enum Invocation {
    Help,
    Version,
    Run(Box<Args>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Spec,
    Check,
    Discover,
    Read,
}

/// A command and its options.
#[derive(Debug)]
pub(super) struct Args {
    pub(super) command: Command,
    pub(super) config: Option<PathBuf>,
    pub(super) catalog: Option<PathBuf>,
    pub(super) state: Option<PathBuf>,
    pub(super) state_file: Option<PathBuf>,
    pub(super) streams: Option<Vec<String>>,
    pub(super) limit: Option<u64>,
    pub(super) format: StdoutFormat,
    pub(super) write_config: bool,
    pub(super) level: Level,
    /// Whether logs go to stderr as text, because a person watches; else they are messages on stdout.
    pub(super) text_logs: bool,
}

const COMMANDS: [(&str, Command); 4] =
    [("spec", Command::Spec), ("check", Command::Check), ("discover", Command::Discover), ("read", Command::Read)];

const OPTIONS: [&str; 12] = [
    "config",
    "catalog",
    "state",
    "state-file",
    "streams",
    "limit",
    "format",
    "write-config",
    "log-format",
    "debug",
    "help",
    "version",
];

impl Invocation {
    pub(super) fn parse(args: Vec<OsString>) -> Result<Self> {
        let mut parser = lexopt::Parser::from_args(args);
        let mut command = None;
        let mut args = Args {
            command: Command::Spec,
            config: None,
            catalog: None,
            state: None,
            state_file: None,
            streams: None,
            limit: None,
            format: StdoutFormat::Protocol,
            write_config: false,
            level: level_of_environment(),
            text_logs: terminal::is_watched(),
        };
        while let Some(arg) = parser.next().map_err(wrong)? {
            match arg {
                Short('h') | Long("help") => return Ok(Self::Help),
                Short('V') | Long("version") => return Ok(Self::Version),
                Value(word) if command.is_none() => command = Some(command_of(&word)?),
                Value(word) => return Err(usage(format!("`{}` is one word too many", word.to_string_lossy()))),
                Short('c') | Long("config") => args.config = Some(path(&mut parser)?),
                Long("catalog") => args.catalog = Some(path(&mut parser)?),
                Long("state") => args.state = Some(path(&mut parser)?),
                Long("state-file") => args.state_file = Some(path(&mut parser)?),
                Long("streams") => args.streams = Some(list(&text(&mut parser)?)),
                Long("limit") => args.limit = Some(number(&text(&mut parser)?)?),
                Long("format") => args.format = format_of(&text(&mut parser)?)?,
                Long("log-format") => args.text_logs = log_format_of(&text(&mut parser)?)?,
                Long("write-config") => args.write_config = true,
                Long("debug") => args.level = args.level.min(Level::Debug),
                Long(other) => return Err(unknown_option(other)),
                Short(other) => return Err(usage(format!("there is no option -{other}"))),
            }
        }
        let Some(command) = command else {
            return Err(usage("no command was given".to_owned()));
        };
        args.command = command;
        args.agree()?;
        Ok(Self::Run(Box::new(args)))
    }
}

impl Args {
    /// Refuses options that exclude each other, and commands without what they need.
    fn agree(&self) -> Result<()> {
        if matches!(self.command, Command::Check | Command::Read) && self.config.is_none() {
            return Err(usage("--config FILE is missing".to_owned()));
        }
        if self.command != Command::Read {
            return Ok(());
        }
        if self.catalog.is_some() && self.streams.is_some() {
            return Err(usage("--streams chooses among all streams; with --catalog the catalog does".to_owned()));
        }
        if self.state.is_some() && self.state_file.is_some() {
            return Err(usage("--state is read only, --state-file is read and replaced; give one of them".to_owned()));
        }
        Ok(())
    }
}

fn command_of(word: &OsString) -> Result<Command> {
    let word = word.to_string_lossy();
    if let Some((_, command)) = COMMANDS.iter().find(|(name, _)| *name == word) {
        return Ok(*command);
    }
    let near = nearest(&word, COMMANDS.iter().map(|(name, _)| *name));
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(usage(format!("there is no command `{word}`{hint}")))
}

fn unknown_option(name: &str) -> Error {
    let hint = nearest(name, OPTIONS).map(|near| format!("; did you mean --{near}?")).unwrap_or_default();
    usage(format!("there is no option --{name}{hint}"))
}

fn path(parser: &mut lexopt::Parser) -> Result<PathBuf> {
    parser.value().map(PathBuf::from).map_err(wrong)
}

fn text(parser: &mut lexopt::Parser) -> Result<String> {
    parser.value().map(|value| value.to_string_lossy().into_owned()).map_err(wrong)
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn number(text: &str) -> Result<u64> {
    text.parse().map_err(|_| usage(format!("--limit takes a number of records, not `{text}`")))
}

fn format_of(text: &str) -> Result<StdoutFormat> {
    match text {
        "protocol" => Ok(StdoutFormat::Protocol),
        "records" => Ok(StdoutFormat::Records),
        _ => Err(usage(format!("--format is `protocol` or `records`, not `{text}`"))),
    }
}

fn log_format_of(text: &str) -> Result<bool> {
    match text {
        "text" => Ok(true),
        "json" => Ok(false),
        _ => Err(usage(format!("--log-format is `text` or `json`, not `{text}`"))),
    }
}

/// The most talkative level that `RUST_LOG` names; its targets are not told apart.
fn level_of_environment() -> Level {
    let filter = std::env::var("RUST_LOG").unwrap_or_default();
    let levels =
        filter.split(',').filter_map(|part| match part.rsplit('=').next()?.trim().to_ascii_lowercase().as_str() {
            "error" => Some(Level::Error),
            "warn" => Some(Level::Warn),
            "info" => Some(Level::Info),
            "debug" => Some(Level::Debug),
            "trace" => Some(Level::Trace),
            _ => None,
        });
    levels.min().unwrap_or(Level::Info)
}

fn wrong(error: lexopt::Error) -> Error {
    usage(error.to_string())
}

fn usage(text: String) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!(
            "{text}. Use: spec | check --config FILE | discover | read --config FILE [--catalog FILE] [--state FILE]; --help tells more"
        ),
    )
}
