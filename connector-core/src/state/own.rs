//! A state of the author's own type: versioned, and brought up from older versions.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::incoming::{full_refresh, object};
use super::note::{Note, shown};
use super::resume::ResumePoint;
use crate::{Error, ErrorKind, Result};

/// A type that a stream's state is, in one of its versions; `#[derive(StateType)]` writes it.
///
/// The document is `{"version":2,"state":…}`. One of an older version is read as the type that it was then, and made into this one
/// by `From`; one of a newer version is refused.
///
/// ```
/// use connector_core::state::{FoundState, StateType};
/// use connector_core::Result;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct TokenV1 { token: String }
///
/// impl StateType for TokenV1 {
///     const VERSION: u32 = 1;
/// }
///
/// #[derive(Serialize, Deserialize, Default, Clone)]
/// struct Tokens { tokens: Vec<String> }
///
/// impl From<TokenV1> for Tokens {
///     fn from(old: TokenV1) -> Self {
///         Self { tokens: vec![old.token] }
///     }
/// }
///
/// impl StateType for Tokens {
///     const VERSION: u32 = 2;
///
///     fn upgrade(found: &FoundState<'_>) -> Result<Option<Self>> {
///         found.upgrade().from::<TokenV1>()?.done()
///     }
///
///     fn older_versions() -> Vec<u32> {
///         FoundState::versions_of::<TokenV1>()
///     }
/// }
///
/// let old = serde_json::json!({"token": "a"});
/// let found = FoundState { version: Some(1), state: &old };
/// assert_eq!(found.read::<Tokens>()?.map(|state| state.tokens), Some(vec!["a".to_owned()]));
/// # Ok::<(), connector_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type for a state",
    label = "has no version",
    note = "derive it: #[derive(Serialize, Deserialize, Default, Clone, StateType)] #[state(version = 1)]"
)]
pub trait StateType: DeserializeOwned {
    /// Its version, from 1.
    const VERSION: u32;
    /// Whether it can be made of a state without a version, such as that of a connector before.
    const UNVERSIONED: bool = false;

    /// Reads a state of another version than its own; nothing if that is not known.
    ///
    /// # Errors
    /// A state of a known version that does not fit its type.
    fn upgrade(found: &FoundState<'_>) -> Result<Option<Self>> {
        let _ = found;
        Ok(None)
    }

    /// The older versions that it can be made of, newest first.
    #[must_use]
    fn older_versions() -> Vec<u32> {
        Vec::new()
    }
}

/// A state as it came in.
#[derive(Debug, Clone, Copy)]
pub struct FoundState<'a> {
    /// Its version; none for what has no version.
    pub version: Option<u64>,
    /// What it says.
    pub state: &'a Value,
}

impl<'a> FoundState<'a> {
    /// Reads it as a type of this or an older version; nothing if none of these is its version.
    ///
    /// # Errors
    /// [`ErrorKind::State`] for a state that does not fit the type of its version.
    pub fn read<T: StateType>(&self) -> Result<Option<T>> {
        if self.version == Some(T::VERSION.into()) { self.parsed().map(Some) } else { T::upgrade(self) }
    }

    /// Begins to bring it up.
    #[must_use]
    pub const fn upgrade<T>(&self) -> Upgrade<'a, T> {
        Upgrade { found: *self, state: None }
    }

    /// The versions that are known to a type, newest first.
    #[must_use]
    pub fn versions_of<T: StateType>() -> Vec<u32> {
        let mut versions = vec![T::VERSION];
        versions.extend(T::older_versions());
        versions
    }

    fn parsed<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(self.state).map_err(|error| {
            let version = self.version.map_or("without a version".to_owned(), |version| format!("of version {version}"));
            let found = shown(self.state);
            let text =
                format!("the state {found}, {version}, cannot be read: {error}; correct the state, or reset it to read everything again");
            Error::new(ErrorKind::State, text)
        })
    }
}

/// The way of a state from an older version to this one.
#[derive(Debug)]
pub struct Upgrade<'a, T> {
    found: FoundState<'a>,
    state: Option<T>,
}

impl<T> Upgrade<'_, T> {
    /// It may be of the version of that type, or of one before it.
    ///
    /// # Errors
    /// A state of such a version that does not fit.
    pub fn from<Old: StateType>(mut self) -> Result<Self>
    where
        T: From<Old>,
    {
        if self.state.is_none() && self.found.version.is_some() {
            self.state = self.found.read::<Old>()?.map(T::from);
        }
        Ok(self)
    }

    /// It may have no version: a connector wrote it that knew none.
    ///
    /// # Errors
    /// A state without a version that does not fit.
    pub fn unversioned<Old: DeserializeOwned>(mut self) -> Result<Self>
    where
        T: From<Old>,
    {
        if self.state.is_none() && self.found.version.is_none() {
            self.state = Some(T::from(self.found.parsed::<Old>()?));
        }
        Ok(self)
    }

    /// The state, if its version is known.
    ///
    /// # Errors
    /// None; it ends the line of calls that may have failed.
    pub fn done(self) -> Result<Option<T>> {
        Ok(self.state)
    }
}

/// A value of an author's type.
type Held = Box<dyn Any + Send + Sync>;

/// A state of an author's type, as the engine carries it.
#[derive(Clone)]
pub(crate) struct OwnState {
    value: Arc<dyn Any + Send + Sync>,
    codec: StateCodec,
}

impl OwnState {
    pub(crate) fn get<T: Any>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    /// A copy to be changed.
    pub(crate) fn draft(&self) -> StateDraft {
        StateDraft { value: (self.codec.copy)(&*self.value), codec: self.codec }
    }

    /// The state that a stream begins with.
    pub(crate) fn first(&self) -> Self {
        self.codec.first()
    }

    /// The document.
    ///
    /// # Errors
    /// A value that has no JSON form.
    pub(crate) fn document(&self) -> Result<String> {
        (self.codec.document)(&*self.value)
    }
}

impl fmt::Debug for OwnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnState")
    }
}

impl PartialEq for OwnState {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value)
    }
}

impl Eq for OwnState {}

/// What a stream's own state becomes with a slice: a copy that is changed page by page, and counts when the slice has ended.
pub struct StateDraft {
    value: Held,
    codec: StateCodec,
}

impl StateDraft {
    /// The state, to be changed.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`]: the stream's descriptor names another type.
    pub fn get_mut<T: Any>(&mut self) -> Result<&mut T> {
        self.value.downcast_mut().ok_or_else(another_type)
    }

    pub(crate) fn own(&self) -> OwnState {
        OwnState { value: Arc::from((self.codec.copy)(&*self.value)), codec: self.codec }
    }
}

impl fmt::Debug for StateDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateDraft")
    }
}

pub(crate) fn another_type() -> Error {
    Error::new(ErrorKind::Internal, "the stream's state is not of that type; its descriptor names the type")
}

/// How the state of an author's type is read and written; see [`StreamDescriptor::state`](crate::stream::StreamDescriptor::state).
#[derive(Clone, Copy)]
pub struct StateCodec {
    first: fn() -> Held,
    copy: fn(&dyn Any) -> Held,
    document: fn(&dyn Any) -> Result<String>,
    read: fn(&FoundState<'_>) -> Result<Option<Held>>,
    versions: fn() -> Vec<u32>,
    unversioned: bool,
    pub(crate) each_page: bool,
}

impl StateCodec {
    pub(crate) const fn of<T: StateType + Serialize + Default + Clone + Send + Sync + 'static>() -> Self {
        Self {
            first: || Box::new(T::default()),
            copy: |value| Box::new(value.downcast_ref::<T>().cloned().unwrap_or_default()),
            document: |value| {
                let state = serde_json::to_value(value.downcast_ref::<T>()).map_err(|error| {
                    Error::new(ErrorKind::Internal, format!("the stream's state cannot be written as JSON: {error}"))
                })?;
                Ok(json!({"version": T::VERSION, "state": state}).to_string())
            },
            read: |found| Ok(found.read::<T>()?.map(|state| -> Held { Box::new(state) })),
            versions: || FoundState::versions_of::<T>(),
            unversioned: T::UNVERSIONED,
            each_page: false,
        }
    }

    fn first(self) -> OwnState {
        OwnState { value: (self.first)().into(), codec: self }
    }

    /// The state that came in, if one did.
    ///
    /// # Errors
    /// [`ErrorKind::State`], with what was found and the versions that are known.
    fn open(self, incoming: Option<&Value>, notes: &mut Vec<Note>) -> Result<Option<OwnState>> {
        let Some(document) = object(incoming)? else { return Ok(None) };
        if document.keys().any(|key| key.starts_with("__ab_")) || ResumePoint::is_document(document) {
            notes.extend(full_refresh(None, document));
            return Ok(None);
        }
        let whole = Value::Object(document.clone());
        let found = match (document.get("version").and_then(Value::as_u64), document.get("state")) {
            (Some(version), Some(state)) if document.len() == 2 => FoundState { version: Some(version), state },
            _ => FoundState { version: None, state: &whole },
        };
        if found.version.is_none()
            && !self.unversioned
            && let Some(note) = full_refresh(None, document)
        {
            notes.push(note);
            return Ok(None);
        }
        match (self.read)(&found)? {
            Some(state) => Ok(Some(OwnState { value: state.into(), codec: self })),
            None => Err(self.refused(found.version, document)),
        }
    }

    fn refused(self, version: Option<u64>, document: &Map<String, Value>) -> Error {
        let versions = (self.versions)();
        let newest = versions.first().copied().unwrap_or_default();
        let mut known: Vec<String> = versions.iter().map(u32::to_string).collect();
        if self.unversioned {
            known.push("none".to_owned());
        }
        let (found, known) = (shown(&Value::Object(document.clone())), known.join(", "));
        let text = match version {
            Some(version) if version > newest.into() => format!(
                "the state {found} is of version {version}, which a newer connector wrote; this one knows {known}: use the newer one, or reset the state"
            ),
            Some(version) => format!(
                "the state {found} is of version {version}, which is not known; known are {known}: reset the state to read everything again"
            ),
            None => format!(
                "the state {found} has no version; known are {known}, as in {{\"version\":{newest},\"state\":…}}: correct the state, or reset it to read everything again"
            ),
        };
        Error::new(ErrorKind::State, text)
    }
}

impl fmt::Debug for StateCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateCodec")
    }
}

/// The state of a stream whose state is of an author's type.
#[derive(Debug)]
pub(super) struct Own {
    /// What is certain; nothing while it is what a stream begins with.
    pub(super) state: Option<OwnState>,
    first: OwnState,
    text: String,
}

impl Own {
    pub(super) fn open(codec: StateCodec, incoming: Option<&Value>, notes: &mut Vec<Note>) -> Result<Self> {
        let state = codec.open(incoming, notes)?;
        let text = state.as_ref().map(OwnState::document).transpose()?.unwrap_or_default();
        Ok(Self { state, first: codec.first(), text })
    }

    /// Where the slice begins.
    pub(super) fn start(&self) -> OwnState {
        self.state.as_ref().unwrap_or(&self.first).clone()
    }

    pub(super) fn set(&mut self, state: OwnState, text: String) {
        (self.state, self.text) = (Some(state), text);
    }

    /// The document; `{}` for what a stream begins with.
    pub(super) fn text(&self) -> &str {
        if self.text.is_empty() { "{}" } else { &self.text }
    }
}
