//! Addresses that are not written to, and why.

use connector_http::prelude::*;

/// An address that a server refused.
#[derive(HttpStream)]
#[http(name = "bounces", path = "suppression/bounces")]
#[paginate(offset, param = "offset", size(count = 500, param = "limit"))]
pub(crate) struct Bounce {
    #[cursor(since = "start_time", until = "end_time", start = config.start_date.timestamp(), end = Utc::now().timestamp(), step = units(2_592_000))]
    created: i64,
    email: String,
    reason: Option<String>,
    status: Option<String>,
}

/// An address whose owner called a mail spam.
#[derive(HttpStream)]
#[http(name = "spam_reports", path = "suppression/spam_reports")]
#[paginate(offset, param = "offset", size(count = 500, param = "limit"))]
pub(crate) struct SpamReport {
    #[cursor(since = "start_time", until = "end_time", start = config.start_date.timestamp(), end = Utc::now().timestamp(), step = units(2_592_000))]
    created: i64,
    email: String,
    ip: Option<String>,
}

/// An address whose owner wants no mail at all.
#[derive(HttpStream)]
#[http(name = "global_suppressions", path = "suppression/unsubscribes")]
#[paginate(offset, param = "offset", size(count = 500, param = "limit"))]
pub(crate) struct GlobalSuppression {
    #[cursor(since = "start_time", until = "end_time", start = config.start_date.timestamp(), end = Utc::now().timestamp(), step = units(2_592_000))]
    created: i64,
    #[primary_key]
    email: String,
}

/// An address that a server blocked for a while.
#[derive(HttpStream)]
#[http(name = "blocks", path = "suppression/blocks")]
#[paginate(offset, param = "offset", size(count = 500, param = "limit"))]
pub(crate) struct Block {
    #[cursor(since = "start_time", until = "end_time", start = config.start_date.timestamp(), end = Utc::now().timestamp(), step = units(2_592_000))]
    created: i64,
    #[primary_key]
    email: String,
    reason: Option<String>,
    status: Option<String>,
}

/// An address that does not exist.
#[derive(HttpStream)]
#[http(name = "invalid_emails", path = "suppression/invalid_emails")]
#[paginate(offset, param = "offset", size(count = 500, param = "limit"))]
pub(crate) struct InvalidEmail {
    #[cursor(since = "start_time", until = "end_time", start = config.start_date.timestamp(), end = Utc::now().timestamp(), step = units(2_592_000))]
    created: i64,
    #[primary_key]
    email: String,
    reason: Option<String>,
}

/// A kind of mail that people can leave.
#[derive(HttpStream)]
#[http(name = "suppression_groups", path = "asm/groups")]
pub(crate) struct SuppressionGroup {
    #[primary_key]
    id: u64,
    name: Option<String>,
    description: Option<String>,
    is_default: Option<bool>,
    unsubscribes: Option<u64>,
}

/// An address whose owner left a kind of mail.
#[derive(HttpStream)]
#[http(name = "suppression_group_members", path = "asm/suppressions")]
#[paginate(offset, param = "offset", size(count = 500, param = "limit"))]
pub(crate) struct GroupMember {
    #[cursor(since = "start_time", until = "end_time", start = config.start_date.timestamp(), end = Utc::now().timestamp(), step = units(2_592_000))]
    created_at: i64,
    #[primary_key]
    group_id: u64,
    #[primary_key]
    email: String,
    group_name: Option<String>,
}
