//! Whether a string is a date, a time or a decimal: the usual form is seen by hand, any other is left to the type's own parser,
//! so that exactly what serde accepts fits.

use super::block;
use super::shape::Format;

/// Whether a decoded string is of a format, as `chrono` reads it.
#[inline]
pub(crate) fn fits(format: Format, text: &[u8]) -> bool {
    let usual = match format {
        Format::DateTime => clock_of(text).and_then(time).is_some_and(zone),
        Format::NaiveDateTime => clock_of(text).and_then(time).is_some_and(<[u8]>::is_empty),
        Format::Date => date(text).is_some_and(<[u8]>::is_empty),
        Format::Time => time(text).is_some_and(<[u8]>::is_empty),
    };
    usual || std::str::from_utf8(text).is_ok_and(|text| parses(format, text))
}

/// Whether a string with its quotes is a moment in the form that most APIs send, `"2026-01-31T12:00:00Z"`: nothing in it needs an
/// escape. Days of February beyond the 28th are left to the parser.
#[inline(always)]
pub(crate) fn is_usual_moment(text: &[u8; 22]) -> bool {
    let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) else { return false };
    let usual = block::within(head, b"\"0000-00-00T00:0", b"\"9999-19-39T29:5")
        & block::within(tail, b"00-00T00:00:00Z\"", b"19-39T29:59:59Z\"");
    // Month, day and hour, as two digits each, from one load.
    let digits = tail.first_chunk().map_or(0, |digits| u64::from_be_bytes(*digits));
    let (month, day, hour) = ((digits >> 48) as u16, (digits >> 24) as u16, digits as u16);
    let month = usize::from(month >> 4 & 0x10 | month & 15);
    usual & (day.wrapping_sub(FIRST) < LAST[month]) & (hour < u16::from_be_bytes(*b"24"))
}

/// The first day of a month as its two digits stand.
const FIRST: u16 = u16::from_be_bytes(*b"01");

/// How far from it the day behind the last one is, by the digits of a month: the ones, and 16 for ten. Not one day for what is no month.
static LAST: [u16; 32] = {
    let mut last = [0; 32];
    let mut month = 1;
    while month <= 12 {
        let days = DAYS[month] as u16;
        last[if month < 10 { month } else { month + 6 }] = (days / 10) * 0x100 + days % 10;
        month += 1;
    }
    last
};

/// How many days the months have.
const DAYS: [u8; 32] =
    [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

#[cold]
fn parses(format: Format, text: &str) -> bool {
    match format {
        Format::DateTime => text.parse::<chrono::DateTime<chrono::FixedOffset>>().is_ok(),
        Format::NaiveDateTime => text.parse::<chrono::NaiveDateTime>().is_ok(),
        Format::Date => text.parse::<chrono::NaiveDate>().is_ok(),
        Format::Time => text.parse::<chrono::NaiveTime>().is_ok(),
    }
}

/// Whether eight bytes are digits, except where `separators` has other bytes than zero: there they are those.
#[inline(always)]
fn digits(bytes: &[u8; 8], separators: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let (word, separators) = (u64::from_le_bytes(*bytes), u64::from_le_bytes(separators));
    // 0xff where a digit is due; the separators are below 0x40, so that their bits do not meet.
    let due = !((separators >> 5 & ONES) * 0xff);
    let digits = (word & due) | ((ONES * b'0' as u64) & !due);
    let low = digits.wrapping_sub(ONES * b'0' as u64);
    let high = digits.wrapping_add(ONES * (0x7f - b'9') as u64);
    (word ^ separators) & !due == 0 && (digits | low | high) & (ONES * 0x80) == 0
}

/// The number of two bytes that are digits.
#[inline(always)]
fn two(tens: u8, ones: u8) -> u8 {
    (tens & 15) * 10 + (ones & 15)
}

/// What follows a date; the 29th of February is left to the parser.
#[inline(always)]
fn date(text: &[u8]) -> Option<&[u8]> {
    let (head, rest) = text.split_first_chunk::<8>()?;
    let (day, rest) = rest.split_first_chunk::<2>()?;
    let [_, _, _, _, _, m1, m2, _] = *head;
    let [d1, d2] = *day;
    if !digits(head, *b"\0\0\0\0-\0\0-") || !d1.is_ascii_digit() || !d2.is_ascii_digit() {
        return None;
    }
    let day = two(d1, d2);
    let last = *DAYS.get(usize::from(two(m1, m2)))?;
    (day >= 1 && day <= last).then_some(rest)
}

/// What follows a date and a `T`.
fn clock_of(text: &[u8]) -> Option<&[u8]> {
    date(text)?.strip_prefix(b"T")
}

/// What follows `HH:MM:SS` and perhaps a fraction of up to nine digits; leap seconds are left to the parser.
#[inline(always)]
fn time(text: &[u8]) -> Option<&[u8]> {
    let (clock, rest) = text.split_first_chunk::<8>()?;
    let [h1, h2, _, m1, m2, _, s1, s2] = *clock;
    if !digits(clock, *b"\0\0:\0\0:\0\0") || two(h1, h2) > 23 || two(m1, m2) > 59 || two(s1, s2) > 59 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(b".") else { return Some(rest) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if matches!(digits, 1..=9) { fraction.get(digits..) } else { None }
}

/// `Z`, or hours and minutes.
fn zone(text: &[u8]) -> bool {
    match text {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()) && two(*h1, *h2) < 24 && two(*m1, *m2) < 60
        }
        _ => false,
    }
}

/// Whether a JSON value, a number or a string with its quotes, is a decimal as `rust_decimal` reads it.
pub(crate) fn decimal(value: &[u8]) -> bool {
    let inner = match value {
        [b'"', inner @ .., b'"'] => inner,
        number => number,
    };
    plain_decimal(inner) || odd_decimal(value)
}

/// Up to 28 digits with at most one point between them: fits a decimal however it is read.
fn plain_decimal(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let mut point = false;
    for (at, byte) in unsigned.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {}
            b'.' if !point && at > 0 && at + 1 < unsigned.len() => point = true,
            _ => return false,
        }
    }
    matches!(unsigned.len(), 1..=28)
}

#[cfg(feature = "decimal")]
#[cold]
fn odd_decimal(value: &[u8]) -> bool {
    serde_json::from_slice::<rust_decimal::Decimal>(value).is_ok()
}

/// Without the type there is nobody to ask: whatever reads as a number is one.
#[cfg(not(feature = "decimal"))]
#[cold]
fn odd_decimal(value: &[u8]) -> bool {
    let number = |text: &str| !text.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite);
    match serde_json::from_slice::<serde_json::Value>(value) {
        Ok(serde_json::Value::String(text)) => number(&text),
        Ok(value) => value.is_number(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_and_odd_forms_are_those_of_chrono() {
        let texts = [
            "2026-01-31T12:00:00Z",
            "2026-01-28T12:00:00.123456789+02:00",
            "2026-02-30T12:00:00Z",
            "2026-01-01 12:00:00Z",
            "2026-01-01t12:00:00z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T29:00:00Z",
            "2026-19-01T20:00:00Z",
            "2026-01-39T20:00:00Z",
            "2026-01-01T20:00:00z",
            "2026-01-01T20:60:00Z",
            "2026-01-01T20:00:70Z",
            "2026-01-01T20:00;00Z",
            "2026-01-01T23:59:60Z",
            "2026-01-01T12:00:00",
            "2026-01-01T12:00Z",
            "2024-02-29T12:00:00Z",
            "2026-04-31T12:00:00Z",
            "2026-12-31T12:00:00Z",
            "2026-00-10T12:00:00Z",
            "2026-01-00T12:00:00Z",
            "20a6-01-01T12:00:00Z",
            "2026/01/01T12:00:00Z",
            "2026-01-01T12-00:00Z",
            "2026-01-01T1 :00:00Z",
            "2026-99-01T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-01-01T12:00:00.Z",
            "2026-01-01T12:00:00.1234567890Z",
            "2026-01-01T12:00:00+24:00",
            "2026-01-01T12:00:00+0200",
            "2026-01-01",
            "12:00:00",
            "12:00",
            "12:00:00.5",
            "23:59:60",
            "2026-2-3",
            "",
            "é",
            "+12026-01-01",
        ];
        for text in texts {
            for format in [Format::DateTime, Format::NaiveDateTime, Format::Date, Format::Time] {
                assert_eq!(fits(format, text.as_bytes()), parses(format, text), "{text} as {format:?}");
            }
            if let Ok(quoted) = format!("\"{text}\"").as_bytes().try_into() {
                let form = b"0000-00-00T00:00:00Z";
                let mut pairs = text.bytes().zip(form);
                let formed = pairs.all(|(byte, form)| byte == *form || (byte.is_ascii_digit() && *form == b'0'));
                let usual = formed && parses(Format::DateTime, text);
                let leap = text.contains("-02-29") || text.contains(":60");
                assert_eq!(is_usual_moment(quoted), usual && !leap, "{text}");
            }
        }
        assert!(fits(Format::DateTime, b"2026-01-31T12:00:00Z") && !fits(Format::DateTime, b"2026-02-30T12:00:00Z"));
    }

    #[cfg(feature = "decimal")]
    #[test]
    fn decimals_are_those_of_rust_decimal() {
        let values = [
            "1",
            "-1.50",
            "0.1",
            "1e3",
            "1e30",
            "1e400",
            "\"1.10\"",
            "\"-0\"",
            "\"1e3\"",
            "\"+1\"",
            "\".5\"",
            "\"1.\"",
            "\"\"",
            "\"x\"",
            "\"1_000\"",
            "12345678901234567890123456789",
            "123456789012345678901234567890",
            "\"0.00000000000000000000000000000001\"",
            "0.00000000000000000000000000000001",
            "true",
            "null",
            "[]",
            "1234567890123456789012345678",
            "\"\\u0031\"",
            "-0",
            "-0.0",
        ];
        for value in values {
            let expected = serde_json::from_str::<rust_decimal::Decimal>(value).is_ok();
            assert_eq!(decimal(value.as_bytes()), expected, "{value}");
        }
    }
}
