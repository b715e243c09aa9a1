//! The hooks that an attribute can name a function for. Each is laid out to be read: rustc quotes its bound when a signature is wrong.

use connector_core::Result;
use connector_core::clock::BoxFuture;
use connector_core::state::StateDraft;
use connector_core::stream::Partitions;

use crate::{
    Answer, ApiClient, Body, Cx, Headers, Page, PageToken, Params, Parsed, Path, Records, Response, SchemaFields,
    StreamList, Verdict,
};

/// The path below the base URL.
///
/// # Errors
/// The function's own.
pub fn path<'a, C, H>(hook: H, cx: &'a Cx<'a, C>) -> Result<Path>
where
    H: FnOnce(&'a Cx<'a, C>) -> Result<Path>,
{
    hook(cx)
}

/// Query parameters.
///
/// # Errors
/// The function's own.
pub fn params<'a, C, H>(hook: H, cx: &'a Cx<'a, C>, params: &mut Params) -> Result<()>
where
    H: FnOnce(&'a Cx<'a, C>, &mut Params) -> Result<()>,
{
    hook(cx, params)
}

/// Headers.
///
/// # Errors
/// The function's own.
pub fn headers<'a, C, H>(hook: H, cx: &'a Cx<'a, C>, headers: &mut Headers) -> Result<()>
where
    H: FnOnce(&'a Cx<'a, C>, &mut Headers) -> Result<()>,
{
    hook(cx, headers)
}

/// The body.
///
/// # Errors
/// The function's own.
pub fn body<'a, C, H>(hook: H, cx: &'a Cx<'a, C>, body: &mut Body) -> Result<()>
where
    H: FnOnce(&'a Cx<'a, C>, &mut Body) -> Result<()>,
{
    hook(cx, body)
}

/// The records of a response.
///
/// # Errors
/// The function's own.
pub fn records<H>(hook: H, response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed>
where
    H: FnOnce(&Response<'_>, &mut Records<'_>) -> Result<Parsed>,
{
    hook(response, records)
}

/// The next page.
///
/// # Errors
/// The function's own.
pub fn next_page<H>(hook: H, page: &Page<'_>) -> Result<Option<PageToken>>
where
    H: FnOnce(&Page<'_>) -> Result<Option<PageToken>>,
{
    hook(page)
}

/// What the state advances to with a page.
///
/// # Errors
/// The function's own.
pub fn updated_state<H>(hook: H, page: &Page<'_>) -> Result<Option<String>>
where
    H: FnOnce(&Page<'_>) -> Result<Option<String>>,
{
    hook(page)
}

/// What a state of the author's own becomes with a page.
///
/// # Errors
/// The function's own, or a state of another type.
pub fn own_state<S: std::any::Any, H>(hook: H, page: &Page<'_>, state: &mut StateDraft) -> Result<()>
where
    H: FnOnce(&Page<'_>, &mut S) -> Result<()>,
{
    hook(page, state.get_mut()?)
}

/// What an answer means.
///
/// # Errors
/// The function's own.
pub fn classify<H>(hook: H, answer: &Answer<'_>) -> Result<Option<Verdict>>
where
    H: FnOnce(&Answer<'_>) -> Result<Option<Verdict>>,
{
    hook(answer)
}

/// The config as a whole.
///
/// # Errors
/// The function's own.
pub fn validate<C, H>(hook: H, config: &C) -> Result<()>
where
    H: FnOnce(&C) -> Result<()>,
{
    hook(config)
}

/// The partitions.
///
/// # Errors
/// The function's own.
pub fn partitions<C, H>(hook: H, config: &C) -> Result<Option<Partitions>>
where
    H: FnOnce(&C) -> Result<Option<Partitions>>,
{
    hook(config)
}

/// The streams that the config or the API decides.
pub fn streams<'a, C, H, F>(hook: H, config: &'a C, api: &'a ApiClient) -> BoxFuture<'a, Result<StreamList<C>>>
where
    H: FnOnce(&'a C, &'a ApiClient) -> F,
    F: Future<Output = Result<StreamList<C>>> + Send + 'a,
{
    Box::pin(hook(config, api))
}

/// The fields that the API knows of a schema.
pub fn schema<'a, C, H, F>(hook: H, config: &'a C, api: &'a ApiClient) -> BoxFuture<'a, Result<SchemaFields>>
where
    H: FnOnce(&'a C, &'a ApiClient) -> F,
    F: Future<Output = Result<SchemaFields>> + Send + 'a,
{
    Box::pin(hook(config, api))
}

/// The names of fields that requests list.
pub fn names<'a, C, H, F>(hook: H, config: &'a C, api: &'a ApiClient) -> BoxFuture<'a, Result<Vec<String>>>
where
    H: FnOnce(&'a C, &'a ApiClient) -> F,
    F: Future<Output = Result<Vec<String>>> + Send + 'a,
{
    Box::pin(hook(config, api))
}
