//! The help text.

use crate::SourceInfo;

pub(super) fn text(info: &SourceInfo) -> String {
    let name = info.name;
    let doc = info.doc.trim();
    let doc = if doc.is_empty() { String::new() } else { format!("{doc}\n\n") };
    format!(
        "{name} {version}\n{doc}\
Usage:
  {name} spec                                     what the config looks like
  {name} check --config FILE                      whether the config works
  {name} discover [--config FILE]                 which streams there are
  {name} read --config FILE --catalog FILE [--state FILE]

At a shell, read needs no catalog:
  {name} read --config FILE [--streams a,b] [--state-file FILE] [--limit N] [--format records]

Options:
  -c, --config FILE      the config, JSON; a secret may be \"${{NAME}}\" to come from the environment
      --catalog FILE     the configured catalog of the platform
      --state FILE       the state of the last sync
      --state-file FILE  the same, and replaced with the new state as the sync goes on
      --streams a,b      without a catalog: read these streams (default: all), incrementally where possible
      --limit N          at most N records of each stream; the state stays where it was
      --format FORMAT    `protocol` (default) or `records`: bare records, one a line
      --write-config     keep a credential that the API replaced in the config file
      --log-format F     `text` (on stderr) or `json` (messages on stdout); default: text if stderr is a terminal
      --debug            tell each request (RUST_LOG=debug does the same)
  -h, --help             this text
  -V, --version          the version
",
        version = info.version,
    )
}
