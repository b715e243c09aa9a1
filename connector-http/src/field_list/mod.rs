//! The list of fields that an API wants to be told, in parts where it takes only so many at a time.
//!
//! A page is asked for once with each part of the list; `merge` puts the parts of its records together by their primary key.

mod merge;

pub(crate) use merge::merge;

use connector_core::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::paginate::{Place, put};
use crate::request::Draft;

/// The names of fields that requests list.
///
/// ```
/// use connector_http::{FieldList, Place, Settings};
/// let list = FieldList::new(["id", "clicks", "views"]).to(Place::Query("fields".into())).at_most(2);
/// let settings = Settings::new().field_list(list);
/// ```
#[derive(Debug, Clone)]
pub struct FieldList {
    /// Nothing: the stream's hook asks for them.
    names: Option<Vec<String>>,
    place: Place,
    at_most: Option<usize>,
    characters: Option<usize>,
    always: Vec<String>,
}

impl FieldList {
    /// These names, in the query parameter `fields`, in one request.
    #[must_use]
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self { names: Some(names.into_iter().map(Into::into).collect()), ..Self::asked() }
    }

    /// The names that the stream's [`field_names`](crate::HttpStream::field_names) asks for, once a sync.
    #[must_use]
    pub fn asked() -> Self {
        Self {
            names: None,
            place: Place::Query("fields".to_owned()),
            at_most: None,
            characters: None,
            always: Vec::new(),
        }
    }

    /// Where the list goes: joined by commas in a parameter or a header, as a list in a JSON body.
    #[must_use]
    pub fn to(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// At most so many names in a request. Where there are more, a page is asked for several times, and the parts of a record
    /// are put together by its primary key.
    #[must_use]
    pub fn at_most(mut self, names: usize) -> Self {
        self.at_most = Some(names);
        self
    }

    /// The same by the characters of the list, commas included.
    #[must_use]
    pub fn characters(mut self, characters: usize) -> Self {
        self.characters = Some(characters);
        self
    }

    /// A name that every request lists, as those of the fields are that the stream itself uses, if they are among the names: of the
    /// primary key, the cursor, and what its editor reads.
    #[must_use]
    pub fn always(mut self, name: impl Into<String>) -> Self {
        self.always.push(name.into());
        self
    }

    /// The names, where they are known.
    pub(crate) fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The lists of the requests for one page. The names that are used are in each if they are in one.
    ///
    /// # Errors
    /// What every request lists leaves no room for another name.
    pub(crate) fn parts(&self, names: &[String], used: &[&str]) -> Result<Vec<Vec<String>>> {
        let mut always = self.always.clone();
        let own = names.iter().filter(|name| used.contains(&name.as_str()));
        always.extend(own.filter(|name| !self.always.contains(name)).cloned());
        let mut parts = vec![always.clone()];
        for name in names.iter().filter(|name| !always.contains(name)) {
            if let Some(part) = parts.last_mut()
                && self.has_room(part, name)
            {
                part.push(name.clone());
                continue;
            }
            let mut part = always.clone();
            if !self.has_room(&part, name) && (self.at_most.is_some_and(|most| part.len() >= most) || !part.is_empty())
            {
                let text = format!(
                    "the list of fields has no room for `{name}` beside those that every request has ({})",
                    always.join(", ")
                );
                return Err(Error::new(ErrorKind::Internal, text));
            }
            part.push(name.clone());
            parts.push(part);
        }
        // Nothing but a name that alone is too long may have found no room in the first.
        parts.retain(|part| part.len() > always.len());
        Ok(if parts.is_empty() { vec![always] } else { parts })
    }

    fn has_room(&self, part: &[String], name: &str) -> bool {
        let characters: usize = part.iter().map(|name| name.chars().count() + 1).sum();
        self.at_most.is_none_or(|most| part.len() < most)
            && self.characters.is_none_or(|most| characters + name.chars().count() <= most)
    }

    /// Puts a list into a request.
    ///
    /// # Errors
    /// A body that has no fields.
    pub(crate) fn put(&self, part: &[String], draft: &mut Draft) -> Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        let value = if matches!(self.place, Place::Body(_)) { part.into() } else { Value::from(part.join(",")) };
        put(draft, &self.place, value)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::FieldList;

    fn parts(list: &FieldList, names: &str, used: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
        list.parts(&names, used).unwrap().iter().map(|part| part.join(",")).collect()
    }

    #[test]
    fn parts_by_names() {
        let list = FieldList::asked().at_most(3);
        assert_eq!(parts(&list, "a b id c d e", &["id", "day"]), ["id,a,b", "id,c,d", "id,e"]);
        assert_eq!(parts(&list, "a b", &["id"]), ["a,b"]);
        assert_eq!(parts(&list, "", &["id"]), [""]);
        assert_eq!(parts(&list.clone().always("x"), "a b c", &[]), ["x,a,b", "x,c"]);
        assert_eq!(parts(&FieldList::asked(), "a b id c", &["id"]), ["id,a,b,c"]);
        let names = ["a", "b"].map(str::to_owned);
        assert!(list.always("x").always("y").always("z").parts(&names, &[]).is_err());
        assert!(FieldList::asked().at_most(0).parts(&names, &[]).is_err());
    }

    #[test]
    fn parts_by_characters() {
        let list = FieldList::asked().characters(8);
        assert_eq!(parts(&list, "id abc def ghijk l", &["id"]), ["id,abc", "id,def", "id,ghijk", "id,l"]);
        assert_eq!(parts(&list, "much_too_long a b", &[]), ["much_too_long", "a,b"]);
        assert_eq!(parts(&list, "abc def g", &[]), ["abc,def", "g"]);
    }
}
