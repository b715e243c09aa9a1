//! SendGrid's Web API (version 3): who must not be written to, and why; marketing lists, campaigns and their figures.
//!
//! Suppressions are read by `offset` within windows of time in seconds since 1970; marketing lists name the URL of their next
//! page; all contacts come as an export, which is ordered, waited for and downloaded.

mod marketing;
mod suppressions;

use std::process::ExitCode;

use connector_http::prelude::*;
use marketing::{Campaign, Contact, List, Segment, SingleSend, SingleSendStats, StatsAutomation, Template};
use suppressions::{Block, Bounce, GlobalSuppression, GroupMember, InvalidEmail, SpamReport, SuppressionGroup};

/// Suppressions and marketing campaigns of a SendGrid account.
#[source(
    name = "source-sendgrid",
    documentation_url = "https://www.twilio.com/docs/sendgrid/api-reference",
    base_url = config.base_url(),
    auth = bearer(config.api_key),
    streams(
        Bounce, SpamReport, GlobalSuppression, Block, InvalidEmail, SuppressionGroup, GroupMember,
        List, Segment, SingleSendStats, StatsAutomation, SingleSend, Template, Campaign, Contact,
    ),
    catalog_lock = "catalog.lock.json",
)]
struct SendGrid {
    /// A key from Settings → API keys.
    api_key: Secret,
    /// Suppressions before this moment are not read.
    start_date: DateTime<Utc>,
    /// Another address than SendGrid's own, for a proxy or a test.
    base_url: Option<String>,
}

impl SendGrid {
    fn base_url(&self) -> &str {
        self.base_url.as_deref().unwrap_or("https://api.sendgrid.com/v3/")
    }
}

fn main() -> ExitCode {
    connector_http::run::<SendGrid>()
}
