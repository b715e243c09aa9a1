//! The nearest of known names, for "did you mean".

/// The candidate that a misspelt word most likely means: fewest letters inserted, left out, replaced or swapped, and not
/// more than a third of the word (at least one). None if nothing is that near.
///
/// ```
/// use connector_core::nearest;
/// assert_eq!(nearest("api_tokn", ["api_token", "start_date"]), Some("api_token"));
/// assert_eq!(nearest("colour", ["api_token", "start_date"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let most = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters: Vec<char> = candidate.chars().take(64).flat_map(char::to_lowercase).collect();
            let distance = distance(&word, &letters);
            (distance <= most).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of letters to insert, leave out, replace or swap with their neighbour (optimal string alignment).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != other);
            let mut least = replaced.min(above[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *letter == to[column - 1] && from[row - 1] == *other {
                least = least.min(before[column - 1] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_is_found_within_a_third_of_the_word() {
        let names = ["page", "page_size", "since", "start_date"];
        let cases = [
            ("pages", Some("page")),
            ("pagesize", Some("page_size")),
            ("SINCE", Some("since")),
            ("sicne", Some("since")),
            ("strat_dat", Some("start_date")),
            ("pg", None),
            ("pae", Some("page")),
            ("", None),
            ("end_date", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }
}
