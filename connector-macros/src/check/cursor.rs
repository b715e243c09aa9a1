//! The rules of `#[cursor]`.

use crate::attributes::{Entries, Value};
use crate::errors::Errors;
use crate::input::Item;
use crate::keys::{ZONES, hint};
use crate::model::Cursor;

/// A literal names a time zone.
pub(crate) fn time_zone(entries: &Entries, errors: &Errors) {
    let Some((_, Value::Template(template))) = entries.value("time_zone") else { return };
    let Some(text) = template.constant() else { return };
    if is_offset(&text) || is_zone_name(&text) {
        return;
    }
    let hint = hint(&text, ZONES.lines(), || {
        "write an offset like `+02:00`, or an IANA name like `America/New_York`".to_owned()
    });
    errors.spanned(template.span, format!("`{text}` is no time zone; {hint}"));
}

/// The second part is another field, with a place of its own.
pub(crate) fn then(cursor: &Cursor, item: &Item, errors: &Errors) {
    let (Some(entry), Some(entries)) = (cursor.entries.get("then"), cursor.entries.keys("then")) else { return };
    if entries.get("field").is_none() && !entries.broken {
        errors.at(&entry.ident, "`then` names the second field of the cursor: `then(field = id)`");
    }
    let Some((path, _)) = cursor.then() else { return };
    if path == cursor.path {
        errors.at(
            path.last().unwrap_or(&entry.ident),
            "the records of one cursor value are not ordered by the cursor itself: `then` names another field",
        );
    }
    if let [only] = path.as_slice()
        && let Some(field) = item.fields().iter().find(|field| field.ident == *only)
        && (field.serde.skip || field.serde.flatten)
    {
        errors.at(
            only,
            format!("`{only}` has no place of its own in the JSON record, so it cannot be part of the cursor"),
        );
    }
}

/// Whether a text is a name of the IANA database.
pub(crate) fn is_zone_name(text: &str) -> bool {
    !is_offset(text) && ZONES.lines().any(|name| name == text)
}

/// `+02:00`, `-0530`, `+02`, `Z`, `UTC`: what needs no database.
fn is_offset(text: &str) -> bool {
    if ["UTC", "GMT", "Z"].iter().any(|utc| text.eq_ignore_ascii_case(utc)) {
        return true;
    }
    let Some(digits) = text.strip_prefix(['+', '-']) else { return false };
    let (hours, minutes) = match digits.as_bytes() {
        [h1, h2] => ([h1, h2], None),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => ([h1, h2], Some([m1, m2])),
        _ => return false,
    };
    let number = |[tens, ones]: [&u8; 2]| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    };
    let minutes = minutes.map_or(Some(0), number);
    matches!((number(hours), minutes), (Some(hours), Some(minutes)) if minutes < 60 && hours * 60 + minutes <= 18 * 60)
}
