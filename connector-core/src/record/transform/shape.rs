//! One value becomes one or several records.

use super::Transform;
use super::tree::{Member, Tree};
use crate::error::{Error, ErrorKind, Result};

/// Takes each record that is made.
type Emit<'e> = dyn FnMut(Tree<'_>) -> Result<()> + 'e;

/// The records that a value becomes.
pub(super) fn records(transform: &Transform, value: Tree<'_>, emit: &mut Emit<'_>) -> Result<()> {
    let Some(name) = &transform.entries else { return exploded(transform, value, None, emit) };
    let Tree::Object(members) = value else {
        return Err(Error::new(
            ErrorKind::Record,
            "a list stands where an object is due whose entries are the records",
        ));
    };
    for member in members {
        let key = (name.as_str(), member.key.into_value());
        match member.value {
            Tree::List(items) => {
                for item in items {
                    exploded(transform, item, Some(key.clone()), emit)?;
                }
            }
            value if value.is_null() && transform.wrap.is_none() => {}
            value => exploded(transform, value, Some(key), emit)?,
        }
    }
    Ok(())
}

/// A name and its value, for the beginning of a record.
type First<'b> = Option<(&'b str, Tree<'b>)>;

/// The records in the list that is exploded, or the one that the value is.
fn exploded<'b>(transform: &'b Transform, mut value: Tree<'b>, first: First<'b>, emit: &mut Emit<'_>) -> Result<()> {
    let Some(path) = &transform.explode else {
        let mut members = own(transform, value)?;
        if let Some((name, key)) = first {
            put_first(&mut members, vec![Member::new(name, key)], true);
        }
        return emit(Tree::Object(members));
    };
    let list = match value.take(&path.steps) {
        Some(list) => list,
        None if transform.optional => return Ok(()),
        None => return Err(without(&value, &path.text)),
    };
    let mut around: Vec<Member<'b>> = first.map(|(name, key)| Member::new(name, key)).into_iter().collect();
    let all = transform.copy.is_empty();
    if all {
        if let Tree::Object(members) = value {
            around.extend(members);
        }
    } else {
        let copied = transform.copy.iter().map(|(name, path)| {
            let value = value.at(&path.steps).cloned().unwrap_or(Tree::NULL);
            Member::new(name, value)
        });
        around.extend(copied);
    }
    let items = match list {
        Tree::List(items) => items,
        other => vec![other],
    };
    for item in items {
        if item.is_null() && transform.wrap.is_none() {
            continue;
        }
        let mut members = own(transform, item)?;
        put_first(&mut members, around.clone(), !all);
        emit(Tree::Object(members))?;
    }
    Ok(())
}

/// The members of a record before anything is added to it.
fn own<'b>(transform: &Transform, value: Tree<'b>) -> Result<Vec<Member<'b>>> {
    match (&transform.wrap, value) {
        (Some(name), value) => Ok(vec![Member::new(name, value)]),
        (None, Tree::Object(members)) => Ok(members),
        (None, other) => {
            let found = if matches!(other, Tree::List(_)) { "a list" } else { "a single value" };
            let text = format!("a record is {found}, not an object; `wrap` gives what was found a name in its record");
            Err(Error::new(ErrorKind::Record, text))
        }
    }
}

/// Puts members before a record's own. `win`: the record's own of the same name go, else those that are put there.
fn put_first<'b>(members: &mut Vec<Member<'b>>, mut first: Vec<Member<'b>>, win: bool) {
    let same = |a: &Member<'_>, b: &Member<'_>| a.key.name() == b.key.name();
    if win {
        members.retain(|own| !first.iter().any(|member| same(member, own)));
    } else {
        first.retain(|member| !members.iter().any(|own| same(member, own)));
    }
    first.append(members);
    *members = first;
}

fn without(record: &Tree<'_>, path: &str) -> Error {
    let keys: Vec<String> = match record {
        Tree::Object(members) => members.iter().take(12).map(|member| format!("`{}`", member.key.name())).collect(),
        _ => Vec::new(),
    };
    let text = format!(
        "a record has no `{path}`, whose elements are the records; it has {}; if that means that there are none, declare the records as optional",
        keys.join(", ")
    );
    Error::new(ErrorKind::Record, text)
}
