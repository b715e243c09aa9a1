//! The keys of a report that is made on request.

use super::{Attribute, Bare, Key, Shape, key};

const PATH: Key = key(
    "path",
    Shape::Path,
    "The path under the base URL, as in `http`; it may read the `job`.",
    "",
    r#"path = "reports/{job.id}""#,
);
const PARAMS: Key = key("params", Shape::Values, "Query parameters.", "none", "params(token = job.token)");
const BODY: Key =
    key("body", Shape::Values, "Fields of a JSON body; the request is POST then.", "no body", "body(id = job.id)");

const POLL: &[Key] = &[
    PATH,
    key(
        "url",
        Shape::Value,
        "In the place of a path: a URL that the API named, absolute or relative to the base URL. Another host is refused, unless `allowed_hosts` names it.",
        "",
        "url = job.url",
    ),
    PARAMS,
    BODY,
];

const DOWNLOAD: &[Key] = &[
    PATH,
    PARAMS,
    BODY,
    key(
        "url",
        Shape::Text,
        "The answer is not the file: it has the file's URL at this path.",
        "the answer is the file",
        r#"url = "location""#,
    ),
];

/// `#[job(…)]`.
pub(crate) const JOB: Attribute = Attribute {
    name: "job",
    place: "a stream's struct",
    doc: "Reports that are made on request: the request of `http` creates a job, `poll` asks for its status until it is done, and its results are the \
          stream's pages; `records`, `format` and `#[paginate]` are theirs. A job that fails, takes too long or is gone is followed by another one. The \
          stream's `headers` and the rules of `#[on]` hold for every step.",
    example: r#"#[job(created(id = "reportId"), poll(path = "reports/{job.id}"), status = "state", running("QUEUED", "WORKING"), done("READY"), failed("FAILED"), results = "files.*.url")]"#,
    open: false,
    bare: Bare::No,
    keys: &[
        key(
            "created",
            Shape::Values,
            "Values of the answer that created the job, by dotted path, under names of your own: `poll` and `download` read them as `job.name`, a text.",
            "none",
            r#"created(id = "data.report_id")"#,
        ),
        key(
            "created_headers",
            Shape::Values,
            "The same of that answer's headers, by their names.",
            "none",
            r#"created_headers(url = "Location")"#,
        ),
        key("poll", Shape::Keys(POLL), "How its status is asked for.", "", r#"poll(path = "reports/{job.id}")"#),
        key(
            "status",
            Shape::Text,
            "Where the status is in the answer to that, by dotted path.",
            "it is done when it has results",
            r#"status = "data.state""#,
        ),
        key(
            "running",
            Shape::Texts,
            "Statuses of a job that is under way. A status that is named nowhere is an error.",
            "every status that is not named",
            r#"running("QUEUED", "WORKING")"#,
        ),
        key("done", Shape::Texts, "Statuses of a job that has results.", "", r#"done("READY")"#),
        key(
            "empty",
            Shape::Texts,
            "Statuses of a job that ended without results, and that is well.",
            "none",
            r#"empty("NO_DATA")"#,
        ),
        key(
            "failed",
            Shape::Texts,
            "Statuses of a job that failed or expired: another one is created.",
            "none",
            r#"failed("FAILED", "EXPIRED")"#,
        ),
        key(
            "results",
            Shape::Text,
            "Where the results are in the answer that says that it is done, by dotted path; `*` is each element of a list. URLs, or what `download` reads \
             as `job.result`. A URL on another host is asked without credentials, unless `allowed_hosts` names the host.",
            "what `download` asks for",
            r#"results = "files.*.url""#,
        ),
        key(
            "results_optional",
            Shape::Flag,
            "An answer without results, or with null there, is a job without records.",
            "an error",
            "results_optional",
        ),
        key(
            "download",
            Shape::Keys(DOWNLOAD),
            "How a result is asked for, where it is no URL.",
            "at its URL",
            r#"download(path = "reports/{job.id}/rows")"#,
        ),
        key(
            "every",
            Shape::Value,
            "The wait before each poll; a `Retry-After` may make it longer.",
            "`seconds(5)`",
            "every = seconds(30)",
        ),
        key(
            "within",
            Shape::Value,
            "How long a job may take; one that takes longer counts as failed.",
            "`hours(1)`",
            "within = minutes(20)",
        ),
        key("tries", Shape::Value, "How many jobs are created for a slice at most.", "3", "tries = 5"),
        key(
            "at_once",
            Shape::Value,
            "How many jobs of the stream may be under way at once.",
            "no limit",
            "at_once = 2",
        ),
    ],
};
