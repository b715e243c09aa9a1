//! A transcript: what a person types in a folder with a config, and what the connector answers, compared with a committed file.
//!
//! Lines that begin with `$ ` are commands, lines that begin with `# ` tell what happens in between; all else is output.
//! A test that runs with `UPDATE_TRANSCRIPTS=1` writes the file instead of comparing it.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the commands of a transcript in `folder` and writes them down with what they answer.
///
/// The first word of a command stands for `binary`. `remark` is called for each line that begins with `# `, with its text.
/// Lines are written as they came, save what differs from run to run: `origin` is written as `http://127.0.0.1:8080`, moments
/// in milliseconds as `1700000000000`, and measured seconds as `0.0`. What the protocol's commands wrote is kept in `folder` as
/// it came, in `01-spec.jsonl` and so on, for those who want to judge it.
///
/// # Errors
/// When a command cannot be started.
pub fn run(
    transcript: &str,
    binary: &Path,
    folder: &Path,
    origin: &str,
    mut remark: impl FnMut(&str),
) -> io::Result<String> {
    let mut out = String::new();
    let mut commands = 0;
    for line in transcript.lines() {
        if let Some(text) = line.strip_prefix("# ") {
            remark(text);
            out.push_str(line);
            out.push_str("\n\n");
        } else if let Some(command) = line.strip_prefix("$ ") {
            out.push_str(line);
            out.push('\n');
            commands += 1;
            out.push_str(&steady(&answer(command, commands, binary, folder)?, origin));
            out.push('\n');
        }
    }
    Ok(out)
}

/// Standard output, standard error after it, and the exit code unless it is 0.
fn answer(command: &str, number: u32, binary: &Path, folder: &Path) -> io::Result<String> {
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    let output = Command::new(binary).args(&words).current_dir(folder).stdin(Stdio::null()).output()?;
    if let Some(verb @ ("spec" | "check" | "discover" | "read")) = words.first().copied()
        && !words.contains(&"--format")
    {
        fs::write(folder.join(format!("{number:02}-{verb}.jsonl")), &output.stdout)?;
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.push_str(&format!("[exit code {code}]\n")),
        None => text.push_str("[killed]\n"),
    }
    Ok(text)
}

fn steady(text: &str, origin: &str) -> String {
    let text = text.replace(origin, "http://127.0.0.1:8080");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let number = &from[..from.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(from.len())];
        out.push_str(before);
        let after = &from[number.len()..];
        let moment = number.len() == 13 && number.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = after.starts_with(" s") && !after.starts_with(" st");
        out.push_str(match (moment, seconds) {
            (true, _) => "1700000000000",
            (_, true) => "0.0",
            _ => number,
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::steady;

    #[test]
    fn hides_what_differs_from_run_to_run() {
        assert_eq!(
            steady(
                r#"{"at":1795431055797,"url":"http://127.0.0.1:4011/v1","id":1795}, 3 records in 0.31 s, 1.5 steps"#,
                "http://127.0.0.1:4011"
            ),
            r#"{"at":1700000000000,"url":"http://127.0.0.1:8080/v1","id":1795}, 3 records in 0.0 s, 1.5 steps"#
        );
    }
}
