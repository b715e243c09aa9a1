//! Titles and descriptions, out of names and doc comments.

/// Words that are written in capitals.
const CAPITALS: &[&str] = &[
    "api", "crm", "csv", "erp", "gid", "html", "http", "https", "id", "ids", "ip", "json", "jwt", "sku", "sql", "ssl",
    "tls", "uri", "url", "utc", "uuid", "vat", "xml",
];

/// A name as a title: `api_token` → `API token`, `OAuthKey` → `O auth key`, `start-date` → `Start date`.
pub(super) fn title(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut after_lower = false;
    for character in name.chars() {
        let separator = matches!(character, '_' | '-' | ' ' | '.');
        if separator || words.is_empty() || (after_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        if let (false, Some(word)) = (separator, words.last_mut()) {
            word.extend(character.to_lowercase());
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    for (index, word) in words.iter_mut().enumerate() {
        if word == "oauth" || word == "oauth2" {
            *word = word.replacen("oa", "OA", 1);
        } else if CAPITALS.contains(&word.as_str()) {
            *word = word.to_uppercase();
        } else if index == 0 {
            *word = capitalised(word);
        }
    }
    words.join(" ")
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// A doc comment: its heading (`# Token`), if it begins with one, and the rest as running text.
pub(super) fn of_doc(doc: &str) -> (Option<String>, String) {
    let doc = doc.trim();
    let Some(rest) = doc.strip_prefix('#') else { return (None, running(doc)) };
    let (heading, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let heading = heading.trim_start_matches('#').trim();
    ((!heading.is_empty()).then(|| heading.to_owned()), running(rest))
}

/// Joins the lines of each paragraph, since they were broken for the editor; keeps lists, code and paragraphs apart.
pub(super) fn running(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    let mut whole = true; // the line before ends as it is
    for line in text.trim().lines() {
        let fence = line.trim_start().starts_with("```");
        let trimmed = line.trim();
        let apart =
            code || fence || trimmed.is_empty() || trimmed.starts_with(['-', '*', '#', '|', '>']) || numbered(trimmed);
        if !out.is_empty() {
            out.push(if apart || whole { '\n' } else { ' ' });
        }
        out.push_str(if code { line.trim_end() } else { trimmed });
        code ^= fence;
        whole = code || fence || trimmed.is_empty();
    }
    out
}

fn numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "))
}

#[cfg(test)]
mod tests {
    use super::{of_doc, running, title};

    #[test]
    fn names_become_titles() {
        let cases = [
            ("api_token", "API token"),
            ("start-date", "Start date"),
            ("clientSecret", "Client secret"),
            ("OAuthKey", "OAuth key"),
            ("oauth2", "OAuth2"),
            ("id", "ID"),
            ("größe_in_m", "Größe in m"),
            ("élan", "Élan"),
            ("", ""),
            ("__", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(title(name), expected, "{name}");
        }
    }

    #[test]
    fn lines_of_a_paragraph_are_joined() {
        assert_eq!(running("One line\nand another.\n\nA new\nparagraph."), "One line and another.\n\nA new paragraph.");
        assert_eq!(running("Either\n- this\n- that"), "Either\n- this\n- that");
        assert_eq!(running("So:\n```\na  b\n  c\n```\nand on"), "So:\n```\na  b\n  c\n```\nand on");
        assert_eq!(running(""), "");
    }

    #[test]
    fn a_heading_is_the_title() {
        assert_eq!(
            of_doc("# Token\n\nFrom the\nsettings."),
            (Some("Token".to_owned()), "From the settings.".to_owned())
        );
        assert_eq!(of_doc("Only text."), (None, "Only text.".to_owned()));
        assert_eq!(of_doc("#"), (None, String::new()));
    }
}
