//! Zendesk Talk (the voice API of Zendesk): calls and their legs, agents, phone numbers, greetings, voice menus.
//!
//! Every list names the URL of its next page. Calls and legs are exported from a moment on, in seconds since 1970; figures of
//! the moment are one object, which gets the time at which it was read.

mod calls;
mod figures;
mod numbers;

use std::process::ExitCode;

use calls::{Call, CallLeg};
use connector_http::prelude::*;
use figures::{AccountOverview, AgentActivity, AgentsOverview, QueueActivity};
use numbers::{Address, Greeting, GreetingCategory, Ivr, IvrMenu, IvrRoute, PhoneNumber};

/// Calls, agents and phone numbers of Zendesk Talk.
#[source(
    name = "source-zendesk-talk",
    documentation_url = "https://developer.zendesk.com/api-reference/voice/talk-api/introduction/",
    base_url = config.base_url(),
    auth = match &config.credentials {
        Credentials::OAuth { access_token } => bearer(access_token),
        Credentials::ApiToken { email, api_token } => basic(format!("{email}/token"), api_token),
    },
    streams(
        Address, AgentActivity, AgentsOverview, Call, CallLeg, QueueActivity, AccountOverview, Greeting, GreetingCategory, Ivr,
        IvrMenu, IvrRoute, PhoneNumber,
    ),
    check("account_overview"),
    catalog_lock = "catalog.lock.json",
)]
struct Talk {
    /// The part of the account's address before .zendesk.com.
    subdomain: String,
    /// Who asks.
    credentials: Credentials,
    /// Calls before this moment are not read.
    start_date: DateTime<Utc>,
    /// Another address than Zendesk's own, for a proxy or a test.
    base_url: Option<String>,
}

/// Who asks.
#[config]
#[serde(tag = "auth_type", rename_all = "snake_case")]
enum Credentials {
    /// An application on behalf of a user.
    #[serde(rename = "oauth2.0")]
    OAuth {
        /// What the user's consent gave you.
        access_token: Secret,
    },
    /// A token from Admin Center → Apps and integrations → APIs.
    ApiToken {
        /// The address of the user who made the token.
        email: String,
        /// The token.
        api_token: Secret,
    },
}

impl Talk {
    fn base_url(&self) -> String {
        let own = || format!("https://{}.zendesk.com/api/v2/channels/voice/", self.subdomain);
        self.base_url.clone().unwrap_or_else(own)
    }
}

fn main() -> ExitCode {
    connector_http::run::<Talk>()
}
