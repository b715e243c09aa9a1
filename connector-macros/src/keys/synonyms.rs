//! What other frameworks, or the trait's methods, call our keys.

/// The names that other frameworks, or the trait's methods, have for our keys: attribute, their name, ours.
const SYNONYMS: &[(&str, &str, &str)] = &[
    ("http", "request_params", "params"),
    ("http", "query", "params"),
    ("http", "request_headers", "headers"),
    ("http", "request_body", "body"),
    ("http", "json", "body"),
    ("http", "parse_response", "records"),
    ("http", "data_path", "records"),
    ("http", "next_page_token", "next_page"),
    ("http", "should_retry", "classify"),
    ("http", "get_updated_state", "updated_state"),
    ("http", "stream_slices", "partitions"),
    ("http", "url", "path"),
    ("http", "incremental_dependency", "incremental"),
    ("http", "distinct", "drop_duplicates"),
    ("http", "unique", "drop_duplicates"),
    ("http", "url_base", "base_url"),
    ("http", "verb", "method"),
    ("http", "decoder", "format"),
    ("csv", "separator", "delimiter"),
    ("csv", "skip_lines", "skip"),
    ("source", "url_base", "base_url"),
    ("source", "url", "base_url"),
    ("source", "authenticator", "auth"),
    ("paginate", "per_page", "size"),
    ("paginate", "limit", "size"),
    ("paginate", "page_size", "size"),
    ("paginate", "cursor", "token"),
    ("paginate", "page", "pages"),
    ("paginate", "next", "next_url"),
    ("job", "create", "created"),
    ("job", "polling", "poll"),
    ("job", "timeout", "within"),
    ("job", "urls", "results"),
    ("job", "url", "results"),
    ("job", "expired", "failed"),
    ("job", "completed", "done"),
    ("transform", "unnest", "lift"),
    ("transform", "flatten_fields", "lift"),
    ("transform", "key_case", "keys"),
    ("transform", "schema_normalization", "cast"),
    ("cursor", "from", "since"),
    ("cursor", "window", "step"),
    ("cursor", "start_date", "start"),
];

/// What another framework's name for a key is called here.
pub(crate) fn synonym(attribute: &str, name: &str) -> Option<&'static str> {
    SYNONYMS.iter().find(|(of, theirs, _)| *of == attribute && *theirs == name).map(|(_, _, ours)| *ours)
}
