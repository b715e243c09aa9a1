//! "Did you mean": the nearest known name.

/// The known name that is nearest to a misspelt one, if one is near enough: a third of its letters may be wrong.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, name)| *distance <= wrong.len().max(name.len()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// What to say of a misspelt name: the known one that was meant, or else something of use.
pub(crate) fn hint<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    nearest(wrong, known).map_or_else(otherwise, |meant| format!("did you mean `{meant}`?"))
}

/// Letters to insert, drop, replace or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_of_the_keyboard() {
        let known = ["parent", "params", "path", "paginate", "records"];
        assert_eq!(nearest("parnt", known), Some("parent"));
        assert_eq!(nearest("praams", known), Some("params"));
        assert_eq!(nearest("record", known), Some("records"));
        assert_eq!(nearest("pth", known), Some("path"));
    }

    #[test]
    fn suggests_nothing_far_off() {
        assert_eq!(nearest("frobnicate", ["path", "params"]), None);
        assert_eq!(nearest("x", ["path"]), None);
    }
}
