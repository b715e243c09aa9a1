//! Reads what the answers about a job say.

use connector_core::record::Envelope;
use serde_json::Value;

use super::{Job, JobValues};
use crate::http::HeaderMap;

/// What an answer says of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// It is under way; the word for it.
    Running(String),
    Done,
    /// It ended without results, and that is well.
    Empty,
    /// It failed or expired: the word for it.
    Failed(String),
    /// A word that is not known.
    Unknown(String),
    /// There is no status where it should be.
    Missing,
}

impl Job {
    /// The values of the answer that created a job, or what lacks of it in words.
    pub(crate) fn values(&self, answer: &Envelope, headers: &HeaderMap) -> Result<JobValues, String> {
        let mut values = JobValues::new();
        for (name, path) in &self.created {
            values = values.with(name, answer.text(path).ok_or_else(|| format!("`{path}`"))?);
        }
        for (name, header) in &self.created_headers {
            let value = headers.get(header.as_str()).and_then(|value| value.to_str().ok());
            values = values.with(name, value.ok_or_else(|| format!("header `{header}`"))?);
        }
        Ok(values)
    }

    /// What an answer says. `accepted`: it came with status 202, which says by itself that the job is under way.
    pub(crate) fn judge(&self, answer: &Envelope, accepted: bool) -> Status {
        let Some(path) = &self.status else {
            let results = self.results.as_deref().and_then(|path| values_at(answer, path));
            return if results.is_some() { Status::Done } else { Status::Running("without results".to_owned()) };
        };
        let Some(word) = answer.text(path) else {
            return if accepted { Status::Running("202 Accepted".to_owned()) } else { Status::Missing };
        };
        let is = |words: &[String]| words.contains(&word);
        if is(&self.done) {
            Status::Done
        } else if is(&self.empty) {
            Status::Empty
        } else if is(&self.failed) {
            Status::Failed(word)
        } else if self.running.is_empty() || is(&self.running) {
            Status::Running(word)
        } else {
            Status::Unknown(word)
        }
    }

    /// The words that are known, for a person who meets another one.
    pub(crate) fn known_words(&self) -> String {
        let groups =
            [("running", &self.running), ("done", &self.done), ("empty", &self.empty), ("failed", &self.failed)];
        let told = groups.iter().filter(|(_, words)| !words.is_empty());
        told.map(|(group, words)| format!("{group} `{}`", words.join("`, `"))).collect::<Vec<_>>().join("; ")
    }
}

/// The scalars at a path, `*` being each element of a list or each value of an object; nothing where the path leads nowhere.
pub(crate) fn values_at(answer: &Envelope, path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let all = match path.split_once('*') {
        None => answer.get(path).is_some_and(|value| take(value, &mut found)),
        Some((list, rest)) => {
            let list = answer.get(list.trim_end_matches('.'))?;
            let elements: Vec<Value> = match list {
                Value::Array(elements) => elements,
                Value::Object(members) => members.into_iter().map(|(_, value)| value).collect(),
                _ => return None,
            };
            for element in elements {
                found.extend(values_at(&Envelope::new(element.to_string()), rest.trim_start_matches('.'))?);
            }
            true
        }
    };
    all.then_some(found)
}

/// Takes a scalar, or each of a list.
fn take(value: Value, found: &mut Vec<String>) -> bool {
    match value {
        Value::Null | Value::Object(_) => false,
        Value::Array(elements) => elements.into_iter().all(|element| take(element, found)),
        Value::String(text) => {
            found.push(text);
            true
        }
        scalar => {
            found.push(scalar.to_string());
            true
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(answer: &str, path: &str) -> Option<Vec<String>> {
        values_at(&Envelope::new(answer), path)
    }

    #[test]
    fn results_are_found() {
        let answer = r#"{"one":"a","list":["a",7],"files":[{"url":"a"},{"url":"b"}],"parts":{"x":{"u":["a","b"]}},"none":[],"null":null}"#;
        let texts = |texts: &[&str]| Some(texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        assert_eq!(at(answer, "one"), texts(&["a"]));
        assert_eq!(at(answer, "list"), texts(&["a", "7"]));
        assert_eq!(at(answer, "list.*"), texts(&["a", "7"]));
        assert_eq!(at(answer, "files.*.url"), texts(&["a", "b"]));
        assert_eq!(at(answer, "parts.*.u"), texts(&["a", "b"]));
        assert_eq!(at(answer, "none"), texts(&[]));
        for nothing in ["null", "files", "files.*.name", "x", "one.*", "null.*"] {
            assert_eq!(at(answer, nothing), None, "{nothing}");
        }
        assert_eq!(at(r#"["a"]"#, "*"), texts(&["a"]));
    }

    #[test]
    fn words_are_judged() {
        let judge = |job: &Job, answer: &str| job.judge(&Envelope::new(answer), false);
        let open = Job::new().status("s").done("READY").failed("BROKEN").empty("NONE");
        assert_eq!(judge(&open, r#"{"s":"READY"}"#), Status::Done);
        assert_eq!(judge(&open, r#"{"s":"NONE"}"#), Status::Empty);
        assert_eq!(judge(&open, r#"{"s":"BROKEN"}"#), Status::Failed("BROKEN".to_owned()));
        assert_eq!(judge(&open, r#"{"s":42}"#), Status::Running("42".to_owned()));
        assert_eq!(judge(&open, "{}"), Status::Missing);
        let closed = open.running("BUSY");
        assert_eq!(judge(&closed, r#"{"s":"BUSY"}"#), Status::Running("BUSY".to_owned()));
        assert_eq!(judge(&closed, r#"{"s":"ODD"}"#), Status::Unknown("ODD".to_owned()));
        assert_eq!(closed.known_words(), "running `BUSY`; done `READY`; empty `NONE`; failed `BROKEN`");
        let by_result = Job::new().results("url");
        assert_eq!(judge(&by_result, r#"{"url":"x"}"#), Status::Done);
        assert!(matches!(judge(&by_result, r#"{"url":null}"#), Status::Running(_)));
    }
}
