//! Compares what a row did with what it has to do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::api::TOKEN;
use super::print::{Line, seconds};
use super::row::Row;
use super::run::Ran;

/// # Panics
/// Where something differs.
pub(crate) fn check(row: &Row, ran: &Ran) -> Line {
    let error = ran.error.as_ref().map(ToString::to_string);
    let said = error.as_deref().unwrap_or("no error");
    assert_eq!(ran.requests.len(), row.requests, "requests of `{}`: {said}\n{}", row.fault, ran.output);
    let waits: Vec<_> = ran.waits.iter().copied().map(seconds).collect();
    assert_eq!(waits, row.waits, "waits of `{}`: {said}", row.fault);
    assert_eq!(ran.ids(), row.ids, "records of `{}`: {said}", row.fault);
    match (&row.fails, &ran.error) {
        (None, error) => assert!(error.is_none(), "`{}`: {said}", row.fault),
        (Some(_), None) => panic!("`{}` has to fail\n{}", row.fault, ran.output),
        (Some((who, parts)), Some(error)) => {
            assert_eq!(error.failure_type(), *who, "`{}`: {said}", row.fault);
            for part in *parts {
                assert!(said.contains(part), "`{}` has to say {part:?}: {said}", row.fault);
            }
            assert!(!said.contains('\n') && said.chars().count() < 900, "`{}`: {said}", row.fault);
        }
    }
    if ran.started {
        statuses(row, ran);
    }
    no_secret(row, ran);
    for also in &row.also {
        also(ran);
    }
    Line::new(row, ran)
}

/// STARTED first, COMPLETE or INCOMPLETE last, after the last STATE; one TRACE ERROR for what failed.
fn statuses(row: &Row, ran: &Ran) {
    let failed = ran.error.as_ref().and_then(|error| error.stream().map(str::to_owned));
    for &stream in row.streams {
        let statuses = ran.statuses(stream);
        let end = if failed.as_deref() == Some(stream) { "INCOMPLETE" } else { "COMPLETE" };
        assert_eq!((statuses.first(), statuses.last()), (Some(&"STARTED"), Some(&end)), "`{}`: {stream}", row.fault);
        let position = |found: &dyn Fn(&serde_json::Value) -> bool| ran.lines.iter().rposition(found);
        let state = position(&|line| line["state"]["stream"]["stream_descriptor"]["name"] == stream);
        let last = position(&|line| line["trace"]["stream_status"]["stream_descriptor"]["name"] == stream);
        assert!(state < last, "`{}`: the status comes after the state", row.fault);
    }
    let errors = ran.lines.iter().filter(|line| line["trace"]["type"] == "ERROR").count();
    assert_eq!(errors, usize::from(ran.error.is_some()), "`{}`: one trace for one failure\n{}", row.fault, ran.output);
}

/// The token, plain or encoded, is in nothing that the process says of its own.
fn no_secret(row: &Row, ran: &Ran) {
    let own: Vec<_> =
        ran.lines.iter().filter(|line| !matches!(line["type"].as_str(), Some("RECORD" | "CONTROL"))).collect();
    let own = format!(
        "{own:?} {:?}",
        ran.error.as_ref().map(|error| (error.to_string(), error.internal().map(str::to_owned)))
    );
    let plus: String = TOKEN.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    for form in
        [TOKEN.to_owned(), plus, STANDARD.encode(TOKEN), STANDARD.encode(format!("me:{TOKEN}")), "refresh-".to_owned()]
    {
        assert!(!own.contains(&form), "`{}` tells the secret as {form}: {own}", row.fault);
    }
    let elsewhere = format!("{:?}", ran.other_requests);
    assert!(
        !elsewhere.contains("s3cret") && !elsewhere.contains(&STANDARD.encode(format!("me:{TOKEN}"))),
        "{elsewhere}"
    );
}
