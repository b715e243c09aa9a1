//! The record that tells of a deleted one: its primary key, and when it was noticed.

use chrono::{DateTime, SecondsFormat, Utc};

use super::FieldPath;
use crate::state::PartitionKey;

/// The field that tells when a record was found to be deleted.
pub(crate) const DELETED_AT: &str = "_ab_cdc_deleted_at";

/// The record of a key, as the state has it.
pub(super) fn deleted(key: &str, paths: &[FieldPath], moment: DateTime<Utc>) -> String {
    let key = PartitionKey::of_text(key);
    let parts = key.levels().into_iter().next().unwrap_or_default();
    let mut members: Vec<(&[&str], &str)> = paths.iter().copied().zip(parts).collect();
    let moment = format!("\"{}\"", moment.to_rfc3339_opts(SecondsFormat::Millis, true));
    members.push((&[DELETED_AT], &moment));
    object(&members)
}

/// An object of these paths; those that begin alike are one object inside of it.
fn object(members: &[(&[&str], &str)]) -> String {
    let mut text = String::from("{");
    let mut done: Vec<&str> = Vec::new();
    for (path, value) in members {
        let Some((name, below)) = path.split_first() else { continue };
        if done.contains(name) {
            continue;
        }
        done.push(name);
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::Value::from(*name).to_string());
        text.push(':');
        if below.is_empty() {
            text.push_str(value);
        } else {
            let inside: Vec<(&[&str], &str)> =
                members.iter().filter_map(|(path, value)| Some((path.strip_prefix(&[*name])?, *value))).collect();
            text.push_str(&object(&inside));
        }
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_becomes_a_record() {
        let moment = DateTime::UNIX_EPOCH;
        let at = r#""_ab_cdc_deleted_at":"1970-01-01T00:00:00.000Z""#;
        assert_eq!(deleted("7", &[&["id"]], moment), format!(r#"{{"id":7,{at}}}"#));
        let paths: [FieldPath; 3] = [&["account", "id"], &["day"], &["account", "region"]];
        assert_eq!(
            deleted(r#"18446744073709551617,"a,\"b","eu""#, &paths, moment),
            format!(r#"{{"account":{{"id":18446744073709551617,"region":"eu"}},"day":"a,\"b",{at}}}"#)
        );
    }
}
