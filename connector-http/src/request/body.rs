//! The body of a request: JSON, a form, text, or a GraphQL query.

use bytes::Bytes;
use connector_core::{Error, ErrorKind, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use super::params::{ParamValue, Params};

/// What a request carries.
///
/// ```
/// let mut body = connector_http::Body::new();
/// body.set("filter.status", &["open"])?;
/// body.set("limit", &100)?;
/// assert_eq!(body.render()?.unwrap().1, r#"{"filter":{"status":["open"]},"limit":100}"#);
/// # Ok::<(), connector_http::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Body(BodyKind);

/// The kinds of a [`Body`].
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum BodyKind {
    /// Nothing is sent.
    #[default]
    Empty,
    /// A JSON value; `application/json`.
    Json(Value),
    /// Named values; `application/x-www-form-urlencoded`.
    Form(Params),
    /// Text with its content type.
    Text {
        /// The content type.
        content_type: String,
        /// The text.
        text: String,
    },
}

impl Body {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends this value as JSON, instead of what was there.
    ///
    /// # Errors
    /// A value that serde_json cannot write, such as a map whose keys are not strings.
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.0 = BodyKind::Json(to_value(value)?);
        Ok(())
    }

    /// Sets one value of a JSON object by its dotted path; makes the objects on the way.
    ///
    /// # Errors
    /// The body is already a form or text, or something on the way is no object.
    pub fn set<T: Serialize + ?Sized>(&mut self, path: &str, value: &T) -> Result<()> {
        let value = to_value(value)?;
        if matches!(self.0, BodyKind::Empty) {
            self.0 = BodyKind::Json(Value::Object(Map::new()));
        }
        let BodyKind::Json(root) = &mut self.0 else { return Err(mixed(path)) };
        place(root, path, value)
    }

    /// Adds a field of a form.
    ///
    /// # Errors
    /// The body is already JSON or text.
    pub fn form<T: ParamValue + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        if matches!(self.0, BodyKind::Empty) {
            self.0 = BodyKind::Form(Params::new());
        }
        let BodyKind::Form(params) = &mut self.0 else { return Err(mixed(name)) };
        params.add(name, value);
        Ok(())
    }

    /// Sends text of a content type, instead of what was there.
    pub fn text(&mut self, content_type: &str, text: impl Into<String>) {
        self.0 = BodyKind::Text { content_type: content_type.to_owned(), text: text.into() };
    }

    /// Sends a GraphQL query; variables are set with [`set`](Self::set) under `variables.`.
    pub fn graphql(&mut self, query: &str) {
        self.0 = BodyKind::Json(serde_json::json!({ "query": query, "variables": {} }));
    }

    /// Puts a value in by name, wherever this kind of body keeps named values (a paginator's token, a key).
    ///
    /// # Errors
    /// The body is text.
    pub(crate) fn put(&mut self, name: &str, value: Value) -> Result<()> {
        match &mut self.0 {
            BodyKind::Form(params) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                params.set(name, text);
                Ok(())
            }
            _ => self.set(name, &value),
        }
    }

    /// Takes a value out by name, if it is there.
    pub(crate) fn remove(&mut self, name: &str) {
        match &mut self.0 {
            BodyKind::Form(params) => params.remove(name),
            BodyKind::Json(value) => {
                let (way, last) = name.rsplit_once('.').map_or(("", name), |(way, last)| (way, last));
                let mut steps = way.split('.').filter(|step| !step.is_empty());
                let object = steps.try_fold(value, |value, step| value.get_mut(step));
                if let Some(Value::Object(members)) = object {
                    members.remove(last);
                }
            }
            BodyKind::Empty | BodyKind::Text { .. } => {}
        }
    }

    /// What kind of body it is.
    #[must_use]
    pub fn kind(&self) -> &BodyKind {
        &self.0
    }

    /// Content type and text, or nothing.
    ///
    /// # Errors
    /// None today; a body of a future kind may fail to render.
    pub fn render(&self) -> Result<Option<(String, Bytes)>> {
        Ok(match &self.0 {
            BodyKind::Empty => None,
            BodyKind::Json(value) => Some(("application/json".to_owned(), Bytes::from(value.to_string()))),
            BodyKind::Form(params) => {
                Some(("application/x-www-form-urlencoded".to_owned(), Bytes::from(params.to_form())))
            }
            BodyKind::Text { content_type, text } => Some((content_type.clone(), Bytes::from(text.clone()))),
        })
    }
}

impl std::fmt::Debug for Body {
    /// The kind only: a value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            BodyKind::Empty => "Body::Empty",
            BodyKind::Json(_) => "Body::Json",
            BodyKind::Form(_) => "Body::Form",
            BodyKind::Text { .. } => "Body::Text",
        })
    }
}

fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| {
        Error::new(ErrorKind::Config, format!("a value of the request body cannot be written as JSON: {error}"))
    })
}

fn mixed(name: &str) -> Error {
    Error::new(ErrorKind::Config, format!("`{name}` cannot be added to this request body: it is of another kind"))
}

fn place(root: &mut Value, path: &str, value: Value) -> Result<()> {
    let mut at = root;
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let Value::Object(object) = at else {
            return Err(Error::new(
                ErrorKind::Config,
                format!("`{path}` of the request body lies inside a value that is no object"),
            ));
        };
        if names.peek().is_none() {
            object.insert(name.to_owned(), value);
            return Ok(());
        }
        at = object.entry(name).or_insert_with(|| Value::Object(Map::new()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn graphql_takes_variables() {
        let mut body = Body::new();
        body.graphql("query($n: Int) { users(first: $n) { id } }");
        body.set("variables.n", &5).unwrap();
        let (content_type, text) = body.render().unwrap().unwrap();
        assert_eq!(content_type, "application/json");
        assert_eq!(text, r#"{"query":"query($n: Int) { users(first: $n) { id } }","variables":{"n":5}}"#);
    }

    #[test]
    fn kinds_do_not_mix() {
        let mut body = Body::new();
        body.form("a", &1).unwrap();
        assert!(body.set("b", &2).is_err());
        let mut body = Body::new();
        body.set("a", &1).unwrap();
        assert!(body.set("a.b", &2).is_err());
    }
}
