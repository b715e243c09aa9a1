//! Windows: neither gaps nor doubles, and the bounds that were declared.

use chrono::{DateTime, Utc, Weekday};
use proptest::prelude::*;

use crate::cursor::{Clamp, CursorKind, CursorSpec, CursorValue, End, EndBound, Key, Span, Window};
use crate::stream::CursorField;

fn field(kind: CursorKind) -> CursorField {
    CursorField { path: &["at"], kind }
}

fn value(seconds: i64) -> CursorValue {
    CursorValue::from(DateTime::from_timestamp(seconds, 0).unwrap())
}

fn now(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn texts(windows: &[Window]) -> Vec<String> {
    let text = |value: &Option<CursorValue>| value.as_ref().map_or("-".to_owned(), CursorValue::to_text);
    windows.iter().map(|window| format!("{}..{}", text(&window.start), text(&window.end))).collect()
}

fn dates(spec: CursorSpec, start: &str, today: &str) -> Vec<String> {
    let start = CursorValue::from_text(CursorKind::Date, start, &[]).unwrap();
    let windows: Vec<_> = spec.windows(Some(start), now(&format!("{today}T12:00:00Z"))).collect();
    texts(&windows)
}

#[test]
fn months_are_clamped_to_shorter_ones() {
    let spec = CursorSpec::new(field(CursorKind::Date)).end(End::Now).step(Span::months(1));
    assert_eq!(
        dates(spec, "2024-01-31", "2024-04-10"),
        ["2024-01-31..2024-02-28", "2024-02-29..2024-03-28", "2024-03-29..2024-04-10"]
    );
}

#[test]
fn whole_periods_only() {
    let spec = CursorSpec::new(field(CursorKind::Date)).end(End::Now);
    let months = spec.clone().step(Span::months(1)).clamp(Clamp::Month);
    assert_eq!(dates(months, "2024-01-20", "2024-03-10"), ["2024-01-01..2024-01-31", "2024-02-01..2024-02-29"]);
    let weeks = spec.clone().clamp(Clamp::Week(Weekday::Mon));
    assert_eq!(dates(weeks, "2024-05-01", "2024-05-15"), ["2024-04-29..2024-05-12"]);
    let days = spec.step(Span::months(1)).clamp(Clamp::Week(Weekday::Sun));
    assert_eq!(dates(days, "2024-05-01", "2024-06-09"), ["2024-04-28..2024-05-25", "2024-05-26..2024-06-08"]);
    let moments = CursorSpec::new(field(CursorKind::DateTime)).granularity(Span::seconds(1)).clamp(Clamp::Day);
    let windows: Vec<_> = moments.windows(Some(value(1_714_566_600)), now("2024-05-03T08:00:00Z")).collect();
    assert_eq!(texts(&windows), ["2024-05-01T00:00:00Z..2024-05-02T23:59:59Z"]);
}

#[test]
fn ten_years_of_hours_are_cut_one_at_a_time() {
    let spec =
        CursorSpec::new(field(CursorKind::DateTime)).end(End::Now).step(Span::hours(1)).end_bound(EndBound::Exclusive);
    let mut windows = spec.windows(Some(value(1_400_000_400)), now("2024-05-13T17:00:00Z"));
    assert_eq!(texts(&[windows.next().unwrap()]), ["2014-05-13T17:00:00Z..2014-05-13T18:00:00Z"]);
    assert_eq!(windows.count(), 3653 * 24, "the last one has its end in it");
    assert!(size_of::<crate::cursor::Windows>() < 1024);
}

#[test]
fn without_start_end_or_step_there_is_one_window() {
    let spec = CursorSpec::new(field(CursorKind::DateTime));
    let today = now("2024-05-13T17:00:00Z");
    assert_eq!(texts(&spec.windows(None, today).collect::<Vec<_>>()), ["-..-"]);
    let spec = spec.step(Span::days(1)).end(End::Now);
    assert_eq!(texts(&spec.windows(None, today).collect::<Vec<_>>()), ["-..2024-05-13T17:00:00Z"]);
    assert_eq!(spec.windows(Some(value(4_000_000_000)), today).count(), 0);
}

#[test]
fn steps_beyond_the_calendar_end_in_one_window() {
    let spec = CursorSpec::new(field(CursorKind::DateTime)).end(End::Now).step(Span::years(u32::MAX));
    assert_eq!(spec.windows(Some(value(0)), now("2024-05-13T17:00:00Z")).count(), 1);
}

proptest! {
    /// Every value of the grid lies in exactly one window.
    #[test]
    fn neither_gaps_nor_doubles(
        start in 0_i64..100_000, length in 0_i64..200_000, step in 1_u64..50_000, grain in 1_u64..50_000,
        months in 0_u32..2, exclusive in any::<bool>(), clamp in 0_u8..4,
    ) {
        prop_assume!(step >= grain || months > 0);
        let (start, grain_i) = (start, i64::try_from(grain).unwrap());
        let end = start + length / grain_i * grain_i;
        let bound = if exclusive { EndBound::Exclusive } else { EndBound::Inclusive };
        let mut spec = CursorSpec::new(field(CursorKind::DateTime))
            .end(End::At(value(end))).step(Span { months, ..Span::seconds(step) }).granularity(Span::seconds(grain)).end_bound(bound);
        let mut last = Some(end);
        if let Some(period) = [None, Some(Clamp::Day), Some(Clamp::Month), Some(Clamp::Week(Weekday::Wed))][usize::from(clamp)] {
            spec = spec.clamp(period);
            last = match spec.last(DateTime::UNIX_EPOCH) { Some(Key::Moment(seconds, 0)) => Some(seconds), _ => None };
        }
        let windows: Vec<_> = spec.windows(Some(value(start)), DateTime::UNIX_EPOCH).collect();
        let seconds = |value: &Option<CursorValue>| value.as_ref().unwrap().datetime().unwrap().timestamp();
        let add = if exclusive { 0 } else { grain_i };
        let mut next = None;
        for (index, window) in windows.iter().enumerate() {
            prop_assert_eq!(window.index(), index as u64);
            prop_assert_eq!(window.is_last(), index + 1 == windows.len());
            if let Some(next) = next {
                prop_assert_eq!(seconds(&window.start), next, "no gap, no double before window {}", index);
            }
            prop_assert!(seconds(&window.start) <= seconds(&window.end));
            next = Some(seconds(&window.end) + add);
        }
        match (windows.first(), last) {
            (Some(first), Some(last)) => {
                prop_assert!(seconds(&first.start) <= start);
                prop_assert!(clamp > 0 || seconds(&first.start) > start - grain_i, "at the value before, at most");
                prop_assert!(next.is_some_and(|next| next > last && next <= last + grain_i));
            }
            (None, last) => prop_assert!(last.is_none_or(|last| last < start)),
            (Some(_), None) => prop_assert!(false, "windows without an end"),
        }
    }

    #[test]
    fn integers_likewise(start in -1000_i64..1000, length in 0_i64..5000, step in 1_u64..700) {
        let end = start + length;
        let spec = CursorSpec::new(field(CursorKind::Integer)).end(End::At(end.into())).step(Span::units(step));
        let windows: Vec<_> = spec.windows(Some(start.into()), DateTime::UNIX_EPOCH).collect();
        let mut next = i128::from(start);
        for window in &windows {
            let bound = |value: &Option<CursorValue>| value.as_ref().unwrap().integer().unwrap();
            prop_assert_eq!(bound(&window.start), next);
            next = bound(&window.end) + 1;
        }
        prop_assert_eq!(next, i128::from(end) + 1);
    }
}
