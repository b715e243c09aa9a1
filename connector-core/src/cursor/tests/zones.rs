//! Time zones: walls and moments, and windows that leave out no moment whatever the clock does.

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::cursor::{Clamp, CursorKind, CursorSpec, CursorValue, End, EndBound, Key, Span, TimeZone, Window};
use crate::stream::CursorField;

const KINDS: [CursorKind; 3] = [CursorKind::DateTime, CursorKind::NaiveDateTime, CursorKind::Date];

/// Zones whose clocks are changed in all ways: by an hour, by half an hour, at midnight, a minute after it, by a day.
#[cfg(feature = "time-zones")]
const ZONES: [&str; 13] = [
    "America/New_York",
    "Europe/Berlin",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Antarctica/Troll",
    "+05:45",
    "UTC",
];
#[cfg(not(feature = "time-zones"))]
const ZONES: [&str; 4] = ["+05:45", "-11:00", "+14:00", "UTC"];

fn zone(name: &str) -> TimeZone {
    TimeZone::parse(name).unwrap()
}

fn spec(kind: CursorKind, name: &str) -> CursorSpec {
    CursorSpec::new(CursorField { path: &["at"], kind }).time_zone(Some(zone(name)))
}

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Moments of thirty years, most of them near a change of the clock.
fn moments() -> impl Strategy<Value = (&'static str, i64)> {
    let years = 852_076_800_i64..1_830_297_600;
    (proptest::sample::select(&ZONES[..]), years, -7200_i64..7200, 0..10_u8).prop_map(|(name, near, by, kind)| {
        let zone = zone(name);
        let mut at = near;
        if kind > 0 {
            // The next day on which the clock shows something else.
            let offset = zone.offset(near);
            let (mut low, mut high) = (near, near);
            while zone.offset(high) == offset && high < near + 400 * 86_400 {
                (low, high) = (high, high + 7 * 86_400);
            }
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if zone.offset(middle) == offset { low = middle } else { high = middle }
            }
            at = high + by;
        }
        (name, at)
    })
}

/// What a record of a moment has: the API's clock.
fn value_of(spec: &CursorSpec, seconds: i64) -> Key {
    spec.of_moment(moment(seconds)).unwrap()
}

/// Whether a window asks for a value, as an API takes its bounds: the texts that are sent, compared as what the clock shows, or as
/// moments, where a time that comes twice is the earlier or the later one.
fn asks(spec: &CursorSpec, window: &Window, seconds: i64, reading: Reading) -> bool {
    let zone = spec.zone.clone().unwrap();
    let bound = |value: &CursorValue| match &value.key {
        Key::Moment(at, _) => *at,
        Key::Naive(wall, _) => match reading {
            Reading::Wall => *wall,
            Reading::Earlier => zone.moment(*wall),
            Reading::Later => {
                zone.change(*wall).map_or_else(|| zone.moment(*wall), |change| wall - zone.offset(change.at))
            }
        },
        Key::Day(day) => *day,
        _ => unreachable!(),
    };
    let value = match (spec.field.kind, reading) {
        (CursorKind::DateTime, _) => seconds,
        (CursorKind::Date, _) => zone.wall(seconds).div_euclid(86_400),
        (_, Reading::Wall) => zone.wall(seconds),
        _ => seconds,
    };
    let after = window.start.as_ref().is_none_or(|start| bound(start) <= value);
    let before = window
        .end
        .as_ref()
        .is_none_or(|end| if spec.end_bound == EndBound::Exclusive { value < bound(end) } else { value <= bound(end) });
    after && before
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Reading {
    Wall,
    Earlier,
    Later,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// A later moment never shows an earlier bound, and a later wall time is never an earlier moment.
    #[test]
    fn conversions_are_monotonic((name, first) in moments(), by in 0_i64..200_000) {
        let zone = zone(name);
        let (early, late) = (zone.wall(first), zone.wall(first) + by);
        prop_assert!(zone.moment(early) <= zone.moment(late));
        for kind in KINDS {
            let spec = spec(kind, name);
            let key = |at| value_of(&spec, at);
            // The lower bound of a moment is below all that comes later; the upper one is above all that came before.
            prop_assert!(spec.asked_at(moment(first)).unwrap() <= key(first + by));
            prop_assert!(spec.lower(key(first)) <= key(first + by), "{:?}", spec.lower(key(first)));
            prop_assert!(spec.upper(spec.largest_at(moment(first)).unwrap()) >= key(first - by));
            // And once moved it stays.
            let (lower, upper) = (spec.lower(key(first)), spec.upper(key(first)));
            prop_assert_eq!(&spec.lower(lower.clone()), &lower);
            prop_assert_eq!(&spec.upper(upper.clone()), &upper);
        }
        // What a clock shows is taken for that moment, or for the earlier one with the same face.
        let back = zone.moment(zone.wall(first));
        prop_assert!(back <= first && zone.wall(back) == zone.wall(first));
    }

    /// The windows of a sync ask for every moment between its start and its end, and all but the borders once.
    #[test]
    fn windows_leave_out_no_moment(
        (name, start) in moments(),
        step in prop_oneof![Just(600_u64), Just(3600), Just(5400), Just(43_200), Just(86_400), Just(90_000), Just(604_800)],
        hours in 1_i64..240,
        kind in 0..3_usize,
        clamp in proptest::option::of(prop_oneof![Just(Clamp::Day), Just(Clamp::Month), Just(Clamp::Week(chrono::Weekday::Mon))]),
        grain in any::<bool>(),
        exclusive in any::<bool>(),
        reading in prop_oneof![Just(Reading::Wall), Just(Reading::Earlier), Just(Reading::Later)],
        inside in proptest::collection::vec(0.0..1.0_f64, 12),
    ) {
        let kind = KINDS[kind];
        let step = if kind == CursorKind::Date { step.div_ceil(86_400) * 86_400 } else { step };
        let end = start + hours * 3600;
        let mut spec = spec(kind, name).step(Span::seconds(step)).end(End::Now);
        if grain && kind != CursorKind::Date {
            spec = spec.granularity(Span::seconds(1));
        }
        if exclusive {
            spec = spec.end_bound(EndBound::Exclusive);
        }
        if let Some(clamp) = clamp {
            spec = spec.clamp(clamp);
        }
        let spec = spec.start(Some(CursorValue::from(moment(start)))).checked().unwrap();
        let windows: Vec<_> = spec.windows(spec.start.clone(), moment(end)).collect();
        // With whole periods only, what is not over is left for the next sync.
        let until = match (clamp, windows.last().and_then(|window| window.end.clone())) {
            (None, _) => end,
            (Some(_), None) => return Ok(()),
            (Some(_), Some(last)) => {
                let last = spec.before(&last, &Span::seconds(if kind == CursorKind::Date { 86_400 } else { 1 })).unwrap();
                spec.on_the_clock(&last).unwrap().timestamp().min(end)
            }
        };
        // An exclusive end at the sync's own second, without a granularity, is for the next sync.
        let until = if exclusive && !grain { until - 1 } else { until };
        for part in inside.into_iter().chain([0.0, 1.0]) {
            let at = start + ((until - start) as f64 * part) as i64;
            if at > until || at < start {
                continue;
            }
            let times = windows.iter().filter(|window| asks(&spec, window, at, reading)).count();
            prop_assert!(times >= 1, "{} is not asked for: {:?}", moment(at), windows);
            prop_assert!(times <= 2, "{} is asked for {} times: {:?}", moment(at), times, windows);
            if times == 2 {
                // Only a border is shared: by moments it is in two windows, a second further it is in one.
                let shared = windows.windows(2).filter(|pair| pair.iter().all(|window| asks(&spec, window, at, reading)));
                let beside = |by: i64| windows.iter().filter(|window| asks(&spec, window, at + by, reading)).count();
                prop_assert_eq!(shared.count(), 1);
                prop_assert!(kind == CursorKind::Date || reading == Reading::Wall || beside(1) <= 1 && beside(-1) <= 1, "{:?}", windows);
            }
        }
        for pair in windows.windows(2) {
            prop_assert!(pair[0].start < pair[1].start);
        }
    }

    /// A sync goes on where the one before stood: whatever was written later has a value that is asked for.
    #[test]
    fn the_next_sync_asks_for_all_that_comes_later(
        (name, synced) in moments(),
        seen in 0_i64..10_000,
        later in 0_i64..10_000,
        kind in 0..3_usize,
        lookback in 0_u64..8000,
        reading in prop_oneof![Just(Reading::Wall), Just(Reading::Earlier), Just(Reading::Later)],
    ) {
        let kind = KINDS[kind];
        let spec = spec(kind, name).lookback(Span::seconds(if kind == CursorKind::Date { lookback / 4000 * 86_400 } else { lookback }));
        // The state is the API's own text, which has no offset.
        let zone = zone(name);
        let wall = moment(zone.wall(synced - seen));
        let text = if kind == CursorKind::Date { wall.format("\"%Y-%m-%d\"") } else { wall.format("\"%Y-%m-%d %H:%M:%S\"") };
        let state = spec.read(text.to_string().as_bytes()).unwrap();
        let start = spec.before(&state, &spec.lookback.unwrap()).unwrap();
        let window = spec.windows(Some(start), moment(synced + 20_000)).next().unwrap();
        prop_assert!(asks(&spec, &window, synced + later, reading), "{:?}", window);
        let due = synced - seen - i64::try_from(lookback).unwrap();
        if kind != CursorKind::Date && zone.change(zone.wall(synced - seen)).is_none() {
            prop_assert!(asks(&spec, &window, due, reading), "the look-back is as long as declared: {:?}", window);
        }
    }
}

#[cfg(feature = "time-zones")]
mod by_name {
    use super::*;

    fn sent(spec: &CursorSpec, now: &str) -> Vec<String> {
        let text =
            |bound: &Option<CursorValue>| bound.as_ref().map_or_else(String::new, |bound| spec.request_text(bound));
        spec.windows(spec.start.clone(), at(now))
            .map(|window| format!("{} .. {}", text(&window.start), text(&window.end)))
            .collect()
    }

    #[test]
    fn an_hour_that_comes_twice_is_in_one_window() {
        let spec = spec(CursorKind::NaiveDateTime, "America/New_York")
            .step(Span::hours(1))
            .granularity(Span::seconds(1))
            .start(Some("2024-11-03T00:00:00".into()))
            .checked()
            .unwrap();
        // Half past one comes at 05:30Z and at 06:30Z.
        assert_eq!(
            sent(&spec, "2024-11-03T08:30:00Z"),
            [
                "2024-11-03T00:00:00 .. 2024-11-03T02:00:00",
                "2024-11-03T02:00:00 .. 2024-11-03T02:59:59",
                "2024-11-03T03:00:00 .. 2024-11-03T03:30:00"
            ]
        );
    }

    #[test]
    fn an_hour_that_does_not_exist_is_in_none() {
        let spec = spec(CursorKind::NaiveDateTime, "America/New_York")
            .step(Span::hours(1))
            .granularity(Span::seconds(1))
            .start(Some("2024-03-10T00:30:00".into()))
            .checked()
            .unwrap();
        assert_eq!(
            sent(&spec, "2024-03-10T08:15:00Z"),
            [
                "2024-03-10T00:30:00 .. 2024-03-10T01:29:59",
                "2024-03-10T01:30:00 .. 2024-03-10T01:59:59",
                "2024-03-10T03:00:00 .. 2024-03-10T03:59:59",
                "2024-03-10T04:00:00 .. 2024-03-10T04:15:00"
            ]
        );
    }

    #[test]
    fn a_state_in_a_changed_hour_is_asked_from_before_it() {
        let spec = spec(CursorKind::NaiveDateTime, "Europe/Berlin");
        let first = |text: &str| {
            let state = spec.read(text.as_bytes()).unwrap();
            spec.request_text(&spec.windows(Some(state), at("2025-01-01T00:00:00Z")).next().unwrap().start.unwrap())
        };
        assert_eq!(first("\"2024-10-27T02:10:00\""), "2024-10-27T01:59:59");
        assert_eq!(first("\"2024-03-31T02:10:00\""), "2024-03-31T01:59:59");
        assert_eq!(first("\"2024-10-27 03:00:00\""), "2024-10-27 03:00:00", "as it came");
    }

    #[test]
    fn moments_are_rendered_and_clamped_in_the_zone() {
        let spec = spec(CursorKind::DateTime, "America/New_York")
            .clamp(Clamp::Day)
            .step(Span::days(1))
            .granularity(Span::seconds(1))
            .start(Some("2024-11-02T12:00:00Z".into()));
        let dates = spec.clone().request_format(crate::cursor::CursorFormat::parse("%Y-%m-%d %H:%M").unwrap());
        let expected = ["2024-11-02 00:00 .. 2024-11-02 23:59", "2024-11-03 00:00 .. 2024-11-03 23:59"];
        assert_eq!(sent(&dates.checked().unwrap(), "2024-11-04T06:00:00Z"), expected);
        let expected = [
            "2024-11-02T00:00:00-04:00 .. 2024-11-02T23:59:59-04:00",
            "2024-11-03T00:00:00-04:00 .. 2024-11-03T23:59:59-05:00",
        ];
        assert_eq!(sent(&spec.checked().unwrap(), "2024-11-04T06:00:00Z"), expected, "one of 25 hours");
    }

    #[test]
    fn names_that_are_none() {
        for name in ["America/New_Yrok", "../etc/passwd", "/etc/localtime", "+19:00", ""] {
            let error = TimeZone::parse(name).unwrap_err();
            assert!(error.message().contains("is no time zone"), "{name}: {error}");
        }
        assert_eq!(TimeZone::parse("america/new_york").unwrap().to_string(), "America/New_York");
    }
}

#[test]
fn offsets_are_always_known() {
    assert_eq!(zone("+02").to_string(), "+02:00");
    assert_eq!(zone("-0330").to_string(), "-03:30");
    assert_eq!(zone("Z"), TimeZone::UTC);
    let spec = spec(CursorKind::Date, "+14:00").start(Some("2024-01-01".into())).end(End::Now).checked().unwrap();
    let window = spec.windows(spec.start.clone(), at("2024-03-31T11:00:00Z")).next().unwrap();
    assert_eq!(spec.request_text(&window.end.unwrap()), "2024-04-01", "the API's day is ahead");
    let refused =
        CursorSpec::new(CursorField { path: &["id"], kind: CursorKind::Integer }).time_zone(Some(TimeZone::UTC));
    assert!(refused.checked().unwrap_err().message().contains("in no time zone"));
}
