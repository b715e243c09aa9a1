//! GraphQL: failures that come with status 200.

use super::{Answer, Verdict};

/// Codes and types that APIs give to a used-up budget, in lower case.
const LIMITS: &[&str] =
    &["throttled", "rate_limited", "rate_limit", "ratelimited", "too_many_requests", "complexity_budget_exhausted"];

/// The verdict over an answer with `errors`; nothing where there are none.
pub(crate) fn graphql(answer: &Answer<'_>) -> Option<Verdict> {
    let errors = answer.get("errors")?;
    let errors = errors.as_array().filter(|errors| !errors.is_empty())?;
    let limited = errors.iter().any(|error| {
        let named = [error.pointer("/extensions/code"), error.get("type"), error.get("code")];
        named
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str())
            .any(|name| LIMITS.contains(&name.to_ascii_lowercase().as_str()))
    });
    if limited {
        return Some(Verdict::rate_limited());
    }
    let messages: Vec<_> = errors.iter().filter_map(|error| error.get("message")?.as_str()).take(3).collect();
    Some(Verdict::Fail {
        message: Some(format!("the API refuses the query: {}", messages.join("; "))),
        failure_type: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{HeaderMap, StatusCode};
    use connector_core::record::Envelope;

    fn of(body: &str) -> Option<Verdict> {
        graphql(&Answer::new(StatusCode::OK, &HeaderMap::new(), &Envelope::new(body)))
    }

    #[test]
    fn errors_fail_and_throttling_waits() {
        assert_eq!(of(r#"{"data":{}}"#), None);
        assert_eq!(of(r#"{"data":{},"errors":[]}"#), None);
        assert_eq!(
            of(r#"{"errors":[{"message":"x","extensions":{"code":"THROTTLED"}}]}"#),
            Some(Verdict::rate_limited())
        );
        assert!(
            matches!(of(r#"{"errors":[{"message":"no field `a`"}]}"#), Some(Verdict::Fail { message: Some(text), .. }) if text.contains("no field"))
        );
    }
}
