//! APIs whose values have no offset, but are in a known time zone.

use crate::kit::{Sync, read, read_from};
use connector_core::sink::MemorySink;
use connector_core::{Connector, ErrorKind, ReadRequest};
use connector_http::cursor::TimeZone;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

/// The night in which New York's clocks go back: half past one comes twice.
#[derive(HttpStream)]
#[http(path = "calls")]
struct Call {
    #[primary_key]
    id: u64,
    #[cursor(
        since = "from", until = "to", start = config.start, end = "2024-11-03T03:00:00", step = hours(1),
        granularity = seconds(1), time_zone = "America/New_York", format = "%Y%m%d %H%M%S"
    )]
    at: NaiveDateTime,
}

/// Local time in the records of a field that is a moment.
#[derive(HttpStream)]
#[http(path = "visits")]
struct Visit {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", formats("%d.%m.%Y %H:%M"), time_zone = "Europe/Berlin")]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "shops/{partition.shop}/sales")]
#[partition(shop = config.shops)]
struct Sale {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", time_zone = config.time_zone)]
    day: NaiveDate,
}

#[source(name = "source-zones", base_url = "https://api.example.com/", streams(Call, Visit, Sale))]
struct Zones {
    start: DateTime<Utc>,
    shops: Vec<String>,
    /// The account's time zone.
    time_zone: Option<String>,
}

fn config(time_zone: Option<&str>) -> serde_json::Value {
    json!({"start": "2024-11-03T04:00:00Z", "shops": ["a"], "time_zone": time_zone})
}

fn requests(sync: &Sync) -> Vec<&str> {
    sync.requests.iter().map(String::as_str).collect()
}

fn answer(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "calls?from=20241103+000000&to=20241103+020000" => {
            r#"[{"id":1,"at":"2024-11-03T01:50:00"},{"id":2,"at":"2024-11-03T01:10:00"}]"#
        }
        "visits" => r#"[{"id":3,"at":"27.10.2024 02:30"},{"id":4,"at":"26.10.2024 12:00"}]"#,
        _ => "[]",
    })
}

#[test]
fn local_time_through_a_change_of_the_clock() {
    let first = read::<Zones>(config(None), answer).sorted();
    assert_eq!(first.error, None);
    assert_eq!(
        requests(&first),
        [
            "GET calls?from=20241103+000000&to=20241103+020000",
            "GET calls?from=20241103+020000&to=20241103+025959",
            "GET calls?from=20241103+030000&to=20241103+030000",
            "GET shops/a/sales",
            "GET visits",
        ]
    );
    assert_eq!(first.records.len(), 4);
    assert_eq!(first.state("call"), json!({"at": "2024-11-03T01:50:00"}), "the API's text");
    assert_eq!(first.state("visit"), json!({"at": "27.10.2024 02:30"}));

    // What came after 01:50 may be 01:10, and half past two may be the first or the second one.
    let second = read_from::<Zones>(config(None), &first.states(), |_, _| Reply::json("[]")).sorted();
    assert_eq!(second.error, None);
    assert_eq!(requests(&second)[0], "GET calls?from=20241103+005959&to=20241103+020000");
    assert_eq!(requests(&second)[4], "GET visits?since=27.10.2024+01%3A59");
    assert_eq!(second.state("visit"), json!({"at": "27.10.2024 02:30"}));
}

#[test]
fn days_of_the_accounts_zone() {
    let asked = |time_zone: Option<&str>| {
        let sync = read::<Zones>(config(time_zone), answer);
        assert_eq!(sync.error, None);
        sync.state("sale")["partitions"]["groups"][0]["asked"].as_str().unwrap().to_owned()
    };
    let today = |offset: &str| TimeZone::parse(offset).unwrap().at(Utc::now()).date_naive().to_string();
    let tomorrow_there = |offset: &str| {
        let (before, asked, after) = (today(offset), asked(Some(offset)), today(offset));
        assert!(asked == before || asked == after, "{asked} of {before} in {offset}");
    };
    tomorrow_there("+14:00");
    tomorrow_there("-11:00");
    tomorrow_there("Pacific/Kiritimati");
    let (before, asked_unknown, after) = (today("Z"), asked(None), today("Z"));
    assert!(asked_unknown < before && asked_unknown < after, "where the zone is not known, a day less");
}

/// What the compiler knows as names is what the database has.
#[test]
fn every_name_is_known() {
    let names = include_str!("../../../connector-macros/src/keys/zones.txt");
    for name in names.lines() {
        let zone = TimeZone::parse(name).unwrap();
        assert!(zone.at(Utc::now()).offset().local_minus_utc().abs() < 15 * 3600, "{name}");
    }
}

#[test]
fn a_zone_that_is_none_is_a_config_error() {
    let connector = Connector::of::<Zones>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let read = connector.read(ReadRequest::all(config(Some("Mars/Base"))), MemorySink::new());
    let error = runtime.block_on(read).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("the cursor's time zone: `Mars/Base` is no time zone"), "{error}");
}
