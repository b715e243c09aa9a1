//! What the fields of a record are called, and where they stand.

use super::tree::{Key, Member, Tree, keep_last};
use super::{KeyCase, Transform};

/// Moves and renames the fields of a record.
pub(super) fn name(transform: &Transform, record: &mut Tree<'_>) {
    for path in &transform.lift {
        if matches!(record.at(&path.steps), Some(Tree::Object(_)))
            && let Some(Tree::Object(lifted)) = record.take(&path.steps)
            && let Tree::Object(members) = record
        {
            members.extend(lifted);
            keep_last(members);
        }
    }
    if let (Some(between), Tree::Object(members)) = (&transform.flatten, &mut *record) {
        let mut flat = Vec::with_capacity(members.len());
        for member in std::mem::take(members) {
            flatten(member, None, between, &mut flat);
        }
        keep_last(&mut flat);
        *members = flat;
    }
    for (name, path) in &transform.rename {
        rename(record, name, &path.steps);
    }
    if transform.keys.is_some() || !transform.replace.is_empty() {
        rewrite(transform, record);
    }
}

fn flatten<'b>(member: Member<'b>, before: Option<&str>, between: &str, flat: &mut Vec<Member<'b>>) {
    let name = || match before {
        Some(before) => format!("{before}{between}{}", member.key.name()),
        None => member.key.name().into_owned(),
    };
    match member.value {
        Tree::Object(members) if !members.is_empty() => {
            let name = name();
            for member in members {
                flatten(member, Some(&name), between, flat);
            }
        }
        value => {
            let key = if before.is_some() { Key::of(&name()) } else { member.key };
            flat.push(Member { key, value });
        }
    }
}

fn rename(record: &mut Tree<'_>, name: &str, path: &[String]) {
    if let ([only], Tree::Object(members)) = (path, &mut *record) {
        let Some(at) = members.iter().rposition(|member| member.key.name() == *only) else { return };
        if let Some(member) = members.get_mut(at) {
            member.key = Key::of(name);
        }
        // What had the name before gives way.
        let mut place = 0;
        members.retain(|member| {
            let stays = place == at || member.key.name() != name;
            place += 1;
            stays
        });
        return;
    }
    if let Some(value) = record.take(path)
        && let Tree::Object(members) = record
    {
        members.push(Member::new(name, value));
        keep_last(members);
    }
}

/// Writes all keys anew.
fn rewrite(transform: &Transform, tree: &mut Tree<'_>) {
    match tree {
        Tree::Leaf(_) => {}
        Tree::List(items) => items.iter_mut().for_each(|item| rewrite(transform, item)),
        Tree::Object(members) => {
            let mut changed = false;
            for member in members.iter_mut() {
                rewrite(transform, &mut member.value);
                let name = member.key.name();
                let new = written(transform, &name);
                if new != *name {
                    member.key = Key::of(&new);
                    changed = true;
                }
            }
            if changed {
                keep_last(members);
            }
        }
    }
}

fn written(transform: &Transform, name: &str) -> String {
    let mut name = name.to_owned();
    for (from, to) in transform.replace.iter().filter(|(from, _)| !from.is_empty()) {
        name = name.replace(from, to);
    }
    match transform.keys {
        None => name,
        Some(KeyCase::Lower) => name.to_lowercase(),
        Some(KeyCase::Snake) => snake(&name),
    }
}

/// `someKey`, `SomeKEY`, `Some Key` and `some-key` as `some_key`.
fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            // A leading underscore is part of a name; any other run of marks is one.
            if !out.ends_with('_') && (at == 0) == (*c == '_') || *c == '_' && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let behind = chars.get(at + 1);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && behind.is_some_and(|behind| behind.is_lowercase())
            });
        if begins && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    if chars.last().is_some_and(|last| !last.is_alphanumeric() && *last != '_') && out.len() > 1 {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn keys_in_snake_case() {
        for (name, expected) in [
            ("someKey", "some_key"),
            ("SomeKey", "some_key"),
            ("Some Key-Name", "some_key_name"),
            ("HTTPServer", "http_server"),
            ("userID", "user_id"),
            ("some__key", "some_key"),
            ("_id", "_id"),
            ("a1B2", "a1_b2"),
            ("Total (EUR)", "total_eur"),
            ("Größe", "größe"),
            ("", ""),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }
}
