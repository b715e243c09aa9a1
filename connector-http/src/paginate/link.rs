//! The `Link` header (RFC 8288), as far as pagination needs it.

use crate::http::HeaderMap;

/// The target of the link with `rel="next"`, over all `Link` headers.
pub(crate) fn next(headers: &HeaderMap) -> Option<String> {
    headers.get_all("link").iter().filter_map(|value| value.to_str().ok()).find_map(next_in)
}

/// The target of the first `rel="next"` in one header's text.
fn next_in(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(begin) = rest.find('<') {
        let end = begin + rest[begin..].find('>')?;
        let target = rest[begin + 1..end].trim();
        rest = &rest[end + 1..];
        let params = split_params(rest);
        if params.is_next {
            return Some(target.to_owned());
        }
        rest = &rest[params.length..];
    }
    None
}

struct Parameters {
    is_next: bool,
    length: usize,
}

/// The parameters after a target, up to the comma that begins the next link; commas in quotes do not.
fn split_params(text: &str) -> Parameters {
    let (mut quoted, mut escaped) = (false, false);
    let mut length = text.len();
    let mut ends = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => ends.push(at),
            ',' if !quoted => {
                length = at;
                break;
            }
            _ => {}
        }
    }
    ends.push(length);
    let mut begin = 0;
    let mut is_next = false;
    let mut seen_rel = false;
    for end in ends {
        let part = text[begin..end].trim();
        begin = (end + 1).min(text.len());
        let Some((name, value)) = part.split_once('=') else { continue };
        // Only the first `rel` counts (RFC 8288, 3.3).
        if name.trim().eq_ignore_ascii_case("rel") && !seen_rel {
            seen_rel = true;
            let value = value.trim().trim_matches('"');
            is_next = value.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"));
        }
    }
    Parameters { is_next, length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_that_apis_send() {
        for (text, target) in [
            (r#"<https://a.io/?page=2>; rel="next", <https://a.io/?page=9>; rel="last""#, Some("https://a.io/?page=2")),
            (r#"<https://a.io/?page=1>; rel="prev", <https://a.io/?page=3>; rel="next""#, Some("https://a.io/?page=3")),
            (r#"</x?y=1,2;3>; title="a, \"b\"; rel=next"; rel=next"#, Some("/x?y=1,2;3")),
            (r#"<https://a.io/2>; REL="last NEXT""#, Some("https://a.io/2")),
            (r#"<https://a.io/2>; rel="prev"; rel="next""#, None),
            (r#"<https://a.io/2>; rel="nextish""#, None),
            ("<https://a.io/2", None),
            ("", None),
        ] {
            assert_eq!(next_in(text).as_deref(), target, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[<>;,=\" a-z\\\\é]{0,60}") {
            let _ = next_in(&text);
        }

        #[test]
        fn the_next_among_others_is_found(
            before in proptest::collection::vec("[a-z,;=?/]{1,20}", 0..4),
            target in "https://a\\.io/[a-z0-9,;=?&]{0,30}",
        ) {
            let mut links: Vec<String> = before.iter().map(|path| format!("<{path}>; rel=\"other\"")).collect();
            links.push(format!("<{target}>; rel=\"next\""));
            prop_assert_eq!(next_in(&links.join(", ")), Some(target));
        }
    }
}
