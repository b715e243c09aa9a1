//! The walk agrees with serde_json: the same records as values, the same acceptance, the same bytes but for whitespace.

use crate::strategy::{record, value};
use crate::tables::{Flat, Foreign, Inner, Wide, batch, batch_with};
use connector_core::record::{BodyParser, PageLimits, PageParser, PlanOptions, Record, Selector};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// What the batch makes of a record: its line, and whether it fits.
fn judged<T: Record>(record: &str) -> (String, bool) {
    let mut batch = batch::<T>();
    batch.push(record.as_bytes()).unwrap_or_else(|error| panic!("{record}: {error}"));
    let line = String::from_utf8(batch.rendered().to_vec()).unwrap();
    (line.strip_suffix('\n').unwrap().to_owned(), batch.accounts().misfits == 0)
}

/// How much a batch of its own mends in a record.
fn mends(record: &str) -> u64 {
    let mut batch = batch::<Wide>();
    batch.push(record.as_bytes()).unwrap();
    batch.accounts().mended().map(|(_, _, count)| count).sum()
}

/// A JSON text without whitespace between tokens.
fn compact(text: &str) -> String {
    let (mut out, mut inside, mut escaped) = (String::new(), false, false);
    for c in text.chars() {
        if inside || !c.is_ascii_whitespace() {
            out.push(c);
        }
        inside = if c == '"' && !escaped { !inside } else { inside };
        escaped = c == '\\' && !escaped;
    }
    out
}

fn agrees<T: Record + DeserializeOwned>(record: &str) {
    let (line, fits) = judged::<T>(record);
    // Both sides judge the mended text; the mending itself is compared as values.
    let expected = serde_json::from_str::<T>(&line);
    assert_eq!(fits, expected.is_ok(), "{record}: {:?}", expected.err());
    let (original, rendered): (Value, Value) =
        (serde_json::from_str(record).unwrap(), serde_json::from_str(&line).unwrap());
    assert_eq!(original, rendered, "{record}");
    if compact(record) != line {
        // Only double keys may make a difference.
        let mut mended = batch::<T>();
        mended.push(record.as_bytes()).unwrap();
        assert!(mended.accounts().mended().count() > 0, "{record} became {line}");
    }
}

/// Whitespace behind commas, behind colons, and by how much each level is indented.
type Style = (&'static str, &'static str, Option<usize>);

const STYLES: [Style; 6] =
    [("", "", None), (" ", " ", None), ("", " ", None), (" ", "", None), ("", " ", Some(2)), ("", "  ", Some(7))];

/// A JSON text with whitespace between its tokens besides what it has.
fn styled(text: &str, (comma, colon, indent): Style) -> String {
    let (mut out, mut inside, mut escaped, mut depth) = (String::new(), false, false, 0_usize);
    let line = |depth: usize| indent.map(|by| format!("\n{}", " ".repeat(by * depth))).unwrap_or_default();
    for c in text.chars() {
        if !inside && matches!(c, '}' | ']') {
            depth -= 1;
            out.push_str(&line(depth));
        }
        out.push(c);
        match c {
            ',' if !inside => out.push_str(&(comma.to_owned() + &line(depth))),
            ':' if !inside => out.push_str(colon),
            '{' | '[' if !inside => {
                depth += 1;
                out.push_str(&line(depth));
            }
            '"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

/// Whitespace that was learned is compared like any other byte.
#[test]
fn a_broken_byte_counts_in_records_of_any_style() {
    let record = r#"{"id":1,"text":"abc","yes":true,"inner":{"id":2,"name":"x","children":[]},"extra":[1,{"a":2,"b":null}],"float":1.5,"padding":"pppppppppppppppppppppppppppppppppppppppppppppppp"}"#;
    for style in STYLES {
        let record = styled(record, style);
        for at in 0..record.len() - 60 {
            let mut batch = batch::<Wide>();
            for byte in *b" \n\t,:\"{}x\0" {
                batch.push(record.as_bytes()).unwrap();
                let mut broken = record.clone().into_bytes();
                broken[at] = byte;
                let (before, text) = (batch.rendered().len(), String::from_utf8(broken).unwrap());
                let expected = serde_json::from_str::<serde_json::Map<String, Value>>(&text).is_ok();
                assert_eq!(batch.push(text.as_bytes()).is_ok(), expected, "{text}");
                if expected {
                    let line = std::str::from_utf8(&batch.rendered()[before..]).unwrap();
                    assert_eq!(line.trim_end(), judged::<Wide>(&text).0);
                }
            }
        }
    }
}

/// So many cases, unless `PROPTEST_CASES` wants more.
fn few(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    if asked { usual } else { ProptestConfig { cases, ..usual } }
}

proptest! {
    #![proptest_config(few(400))]

    #[test]
    fn acceptance_is_serdes(record in record()) {
        agrees::<Wide>(&record);
        agrees::<Inner>(&record);
        agrees::<Flat>(&record);
        agrees::<Foreign>(&record);
    }

    #[test]
    fn one_field_of_each_kind_is_judged_as_serde_does(field in 1_usize..16, value in value()) {
        let names = ["id", "small", "signed", "huge", "huger", "float", "text", "yes", "at", "day", "price", "tags", "prices", "color", "inner", "any"];
        agrees::<Wide>(&format!("{{\"id\":1,\"{}\":{value}}}", names[field]));
        agrees::<Inner>(&format!("{{\"id\":1,\"children\":{value}}}"));
    }

    #[test]
    fn a_page_gives_the_same_records_wherever_it_is_cut(records in prop::collection::vec(record(), 0..6), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8), around in value()) {
        let body = format!("{{\"before\":{around},\"rows\":[{}],\"after\":{around}}}", records.join(" , "));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        cuts.extend([0, body.len()]);
        cuts.sort_unstable();
        let mut batch = batch::<Wide>();
        let mut parser = PageParser::new(Arc::new(Selector::new("rows").unwrap()), PageLimits::default());
        for pair in cuts.windows(2) {
            parser.feed(&body.as_bytes()[pair[0]..pair[1]], &mut batch).unwrap();
        }
        let envelope = parser.finish(&mut batch).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(batch.rendered()).unwrap().lines().collect();
        let expected: Vec<String> = records.iter().map(|record| judged::<Wide>(record).0).collect();
        prop_assert_eq!(lines, expected);
        let bare: Value = serde_json::from_str(&format!("{{\"before\":{around},\"rows\":[],\"after\":{around}}}")).unwrap();
        prop_assert_eq!(envelope.get(""), Some(bare));
        prop_assert_eq!(envelope.get("before"), serde_json::from_str(&around).ok());
    }

    #[test]
    fn records_in_any_order_and_with_any_fields_are_judged_as_serde_does(
        mut members in prop::collection::vec(("[a-z]{1,40}", value()), 1..30),
        rounds in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..20),
        known in prop::collection::vec((prop::sample::select(vec!["text", "yes", "at", "float", "signed"]), value()), 0..5),
        styles in prop::collection::vec(prop::sample::select(STYLES.to_vec()), 1..4),
        stays in 1..6_usize,
    ) {
        members.extend(known.into_iter().map(|(name, value)| (name.to_owned(), value)));
        // One batch sees all of them, so that it learns their order and their whitespace, and one record after the other differs a little.
        let mut batch = batch::<Wide>();
        let (mut misfits, mut mended) = (0, 0);
        for (round, (from, to, without)) in rounds.into_iter().enumerate() {
            let member = members.remove(from.index(members.len()));
            members.insert(to.index(members.len() + 1), member);
            let left_out = without.index(members.len() * 2);
            let kept = members.iter().enumerate().filter(|(at, _)| *at != left_out);
            let text: Vec<String> = kept.map(|(_, (name, value))| format!("\"{name}\":{value}")).collect();
            let record = format!("{{\"id\":1,{}}}", text.join(",")).replace(",}", "}");
            let record = styled(&record, styles[round / stays % styles.len()]);
            let before = batch.rendered().len();
            batch.push(record.as_bytes()).unwrap();
            let (line, fits) = judged::<Wide>(&record);
            misfits += u64::from(!fits);
            prop_assert_eq!(std::str::from_utf8(&batch.rendered()[before..]).unwrap().trim_end(), line);
            mended += mends(&record);
        }
        prop_assert_eq!(batch.accounts().misfits, misfits);
        prop_assert_eq!(batch.accounts().mended().map(|(_, _, count)| count).sum::<u64>(), mended);
    }

    #[test]
    fn unread_records_are_those_that_are_read(records in prop::collection::vec(record(), 0..6), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let body = format!("[{}]", records.join(" , "));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        cuts.extend([0, body.len()]);
        cuts.sort_unstable();
        let mut batch = batch_with::<Wide>(PlanOptions { check: false, ..PlanOptions::default() });
        let mut parser = PageParser::new(Arc::new(Selector::new("").unwrap()), PageLimits::default());
        for pair in cuts.windows(2) {
            parser.feed(&body.as_bytes()[pair[0]..pair[1]], &mut batch).unwrap();
        }
        parser.finish(&mut batch).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(batch.rendered()).unwrap().lines().collect();
        prop_assert_eq!(lines.len(), records.len());
        for (line, record) in lines.into_iter().zip(&records) {
            prop_assert_eq!(serde_json::from_str::<Value>(line).unwrap(), serde_json::from_str::<Value>(record).unwrap());
        }
    }

    #[test]
    fn whatever_is_no_json_is_refused(mut body in value(), at in any::<prop::sample::Index>(), byte in prop::sample::select(b"{}[]\",:\\x0-.e\x01\x7f ".to_vec())) {
        body.insert_str(0, "{\"id\":");
        body.push('}');
        let mut bytes = body.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let mut batch = batch::<Wide>();
        // serde_json skips what it need not decode with less care for surrogates, so the comparison is with a value.
        let lenient = String::from_utf8_lossy(&bytes).contains("\\u");
        let expected = serde_json::from_slice::<serde_json::Map<String, Value>>(&bytes);
        // A float beyond f64 is none for serde_json; here it passes unchanged.
        let infinite = expected.as_ref().is_err_and(|error| error.to_string().contains("number out of range"));
        if !lenient && !infinite {
            prop_assert_eq!(batch.push(&bytes).is_ok(), expected.is_ok(), "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\u 0-.etrufalsn".to_vec())], 0..200), path in prop::sample::select(vec!["", "a", "a.b", "*", "a.*.b"])) {
        let mut parser = PageParser::new(Arc::new(Selector::new(path).unwrap()), PageLimits::default());
        let mut batch = batch::<Wide>();
        if parser.feed(&bytes, &mut batch).is_ok() {
            let _ = parser.finish(&mut batch);
        }
    }
}
