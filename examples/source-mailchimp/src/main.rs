//! Mailchimp's Marketing API (version 3.0): audiences and their members, campaigns and what became of them.
//!
//! All lists are read by `count` and `offset`. What is dated is asked for from a moment on; what belongs to an audience or a
//! campaign is asked for once for each.

mod audiences;
mod campaigns;
mod reports;

use std::process::ExitCode;

use audiences::{Audience, Interest, InterestCategory, Member, Segment, SegmentMember, Tag};
use campaigns::{Automation, Campaign};
use connector_http::prelude::*;
use reports::{EmailActivity, Report, Unsubscribe};

/// Audiences, campaigns and reports of a Mailchimp account.
#[source(
    name = "source-mailchimp",
    documentation_url = "https://mailchimp.com/developer/marketing/api/",
    base_url = config.base_url(),
    auth = match &config.credentials {
        Credentials::OAuth { access_token } => bearer(access_token),
        Credentials::ApiKey { api_key } => basic("anystring", api_key),
    },
    requests_per_host = 6,
    streams(
        Automation, Campaign, EmailActivity, Audience, Member, Tag, InterestCategory, Interest, Report, Segment, SegmentMember,
        Unsubscribe,
    ),
    check("campaigns"),
    catalog_lock = "catalog.lock.json",
)]
struct Mailchimp {
    /// The part of the account's address that names its data centre, such as us6.
    data_center: String,
    /// Who asks.
    credentials: Credentials,
    /// What is older is not read.
    start_date: Option<DateTime<Utc>>,
    /// Another address than Mailchimp's own, for a proxy or a test.
    base_url: Option<String>,
}

/// Who asks.
#[config]
#[serde(tag = "auth_type", rename_all = "snake_case")]
enum Credentials {
    /// An application on behalf of a user; Mailchimp's access tokens do not expire.
    #[serde(rename = "oauth2.0")]
    OAuth {
        /// What the user's consent gave you.
        access_token: Secret,
    },
    /// A key from Account → Extras → API keys.
    #[serde(rename = "apikey")]
    ApiKey {
        /// The key.
        api_key: Secret,
    },
}

impl Mailchimp {
    fn base_url(&self) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("https://{}.api.mailchimp.com/3.0/", self.data_center))
    }
}

fn main() -> ExitCode {
    connector_http::run::<Mailchimp>()
}
