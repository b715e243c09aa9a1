//! RFC 3339 by hand: the fast way for the most frequent form of a cursor, without allocation and without strftime.
//!
//! Besides the letter of the RFC it takes what APIs send under that name: a space or `t` for the `T`, a comma before the
//! fraction, an offset without colon or minutes, no seconds, no offset (taken as UTC), a date alone (midnight).

/// A moment as seconds since 1970-01-01T00:00:00Z and nanoseconds; those of a leap second go from 1,000,000,000 (as chrono has it).
pub(super) type Moment = (i64, u32);

/// What a text says: what a clock shows, and how far that clock is from Greenwich, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Seconds since 1970-01-01T00:00:00 on that clock.
    pub(super) wall: i64,
    pub(super) nanos: u32,
    pub(super) offset: Option<i64>,
}

impl Stamp {
    /// A moment.
    pub(super) const fn utc(seconds: i64, nanos: u32) -> Self {
        Self { wall: seconds, nanos, offset: Some(0) }
    }

    /// The moment; without an offset it is taken as UTC.
    pub(crate) fn moment(self) -> Moment {
        (self.wall - self.offset.unwrap_or(0), self.nanos)
    }
}

/// The moment that the text names; the fraction is cut after nanoseconds.
#[cfg(test)]
pub(super) fn parse(text: &[u8]) -> Option<Moment> {
    stamp(text).map(Stamp::moment)
}

/// What the text says; the fraction is cut after nanoseconds.
pub(super) fn stamp(text: &[u8]) -> Option<Stamp> {
    let days = parse_date(text.get(..10)?)?;
    let midnight = days * 86_400;
    let Some((&separator, time)) = text[10..].split_first() else {
        return Some(Stamp { wall: midnight, nanos: 0, offset: None });
    };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (seconds, nanos, rest) = parse_time(time)?;
    let offset = if rest.is_empty() { None } else { Some(parse_offset(rest)?) };
    Some(Stamp { wall: midnight + seconds, nanos, offset })
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
pub(super) fn parse_date(text: &[u8]) -> Option<i64> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = i64::from(two(y1, y2)?) * 100 + i64::from(two(y3, y4)?);
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    if month == 0 || month > 12 || day == 0 || day > days_in(year, month) {
        return None;
    }
    Some(days_from_civil(year, i64::from(month), i64::from(day)))
}

/// Seconds since midnight and nanoseconds of `HH:MM[:SS[.fraction]]`, and what follows.
fn parse_time(text: &[u8]) -> Option<(i64, u32, &[u8])> {
    let &[h1, h2, b':', m1, m2, ref rest @ ..] = text else { return None };
    let (hour, minute) = (two(h1, h2)?, two(m1, m2)?);
    if hour > 23 || minute > 59 {
        return None;
    }
    let start = i64::from(hour) * 3600 + i64::from(minute) * 60;
    let &[b':', s1, s2, ref rest @ ..] = rest else { return Some((start, 0, rest)) };
    let second = two(s1, s2)?;
    let (mut nanos, rest) = match rest {
        [b'.' | b',', digits @ ..] => parse_fraction(digits)?,
        _ => (0, rest),
    };
    match second {
        0..=59 => Some((start + i64::from(second), nanos, rest)),
        60 => {
            nanos += 1_000_000_000;
            Some((start + 59, nanos, rest))
        }
        _ => None,
    }
}

fn parse_fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let (mut nanos, mut scale, mut count) = (0, 100_000_000, 0);
    while let Some(digit) = text.get(count).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit <= 9) {
        nanos += u32::from(digit) * scale;
        scale /= 10;
        count += 1;
    }
    (count > 0).then(|| (nanos, &text[count..]))
}

/// Seconds east of Greenwich.
pub(super) fn parse_offset(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match *text {
        [b'Z' | b'z'] => return Some(0),
        [sign, h1, h2] => (sign, two(h1, h2)?, 0),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => (sign, two(h1, h2)?, two(m1, m2)?),
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years that begin on the first of March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}
