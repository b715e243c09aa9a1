//! Figures of the moment and of the day.

use connector_http::prelude::*;

/// What an agent has done today.
#[derive(HttpStream)]
#[http(name = "agents_activity", path = "stats/agents_activity", records = "agents_activity")]
#[paginate(next_url = "next_page")]
pub(crate) struct AgentActivity {
    #[primary_key]
    agent_id: u64,
    name: Option<String>,
    avatar_url: Option<String>,
    agent_state: Option<String>,
    call_status: Option<String>,
    via: Option<String>,
    forwarding_number: Option<String>,
    available_time: Option<u64>,
    away_time: Option<u64>,
    online_time: Option<u64>,
    transfers_only_time: Option<u64>,
    calls_accepted: Option<u64>,
    calls_denied: Option<u64>,
    calls_missed: Option<u64>,
    calls_put_on_hold: Option<u64>,
    accepted_transfers: Option<u64>,
    started_transfers: Option<u64>,
    accepted_third_party_conferences: Option<u64>,
    started_third_party_conferences: Option<u64>,
    average_hold_time: Option<u64>,
    average_talk_time: Option<u64>,
    average_wrap_up_time: Option<u64>,
    total_call_duration: Option<u64>,
    total_hold_time: Option<u64>,
    total_talk_time: Option<u64>,
    total_wrap_up_time: Option<u64>,
}

/// What all agents have done today.
#[derive(HttpStream)]
#[http(name = "agents_overview", path = "stats/agents_overview", records = "agents_overview")]
#[add(current_timestamp = now().timestamp())]
pub(crate) struct AgentsOverview {
    total_calls_accepted: Option<u64>,
    total_calls_denied: Option<u64>,
    total_calls_missed: Option<u64>,
    total_calls_put_on_hold: Option<u64>,
    total_accepted_transfers: Option<u64>,
    total_started_transfers: Option<u64>,
    total_hold_time: Option<u64>,
    total_talk_time: Option<u64>,
    total_wrap_up_time: Option<u64>,
    average_accepted_transfers: Option<u64>,
    average_available_time: Option<u64>,
    average_away_time: Option<u64>,
    average_calls_accepted: Option<u64>,
    average_calls_denied: Option<u64>,
    average_calls_missed: Option<u64>,
    average_calls_put_on_hold: Option<u64>,
    average_hold_time: Option<u64>,
    average_online_time: Option<u64>,
    average_started_transfers: Option<u64>,
    average_talk_time: Option<u64>,
    average_transfers_only_time: Option<u64>,
    average_wrap_up_time: Option<u64>,
}

/// Who is waiting now.
#[derive(HttpStream)]
#[http(name = "current_queue_activity", path = "stats/current_queue_activity", records = "current_queue_activity")]
#[add(current_timestamp = now().timestamp())]
pub(crate) struct QueueActivity {
    agents_online: Option<u64>,
    calls_waiting: Option<u64>,
    callbacks_waiting: Option<u64>,
    embeddable_callbacks_waiting: Option<u64>,
    average_wait_time: Option<u64>,
    longest_wait_time: Option<u64>,
}

/// The account's calls today.
#[derive(HttpStream)]
#[http(name = "account_overview", path = "stats/account_overview", records = "account_overview")]
#[add(current_timestamp = now().timestamp())]
pub(crate) struct AccountOverview {
    total_calls: Option<u64>,
    total_inbound_calls: Option<u64>,
    total_outbound_calls: Option<u64>,
    total_callback_calls: Option<u64>,
    total_embeddable_callback_calls: Option<u64>,
    total_textback_requests: Option<u64>,
    total_voicemails: Option<u64>,
    total_calls_abandoned_in_queue: Option<u64>,
    total_calls_outside_business_hours: Option<u64>,
    total_calls_with_exceeded_queue_wait_time: Option<u64>,
    total_calls_with_requested_voicemail: Option<u64>,
    total_call_duration: Option<u64>,
    total_hold_time: Option<u64>,
    total_wrap_up_time: Option<u64>,
    average_call_duration: Option<u64>,
    average_callback_wait_time: Option<u64>,
    average_hold_time: Option<u64>,
    average_queue_wait_time: Option<u64>,
    average_time_to_answer: Option<u64>,
    average_wrap_up_time: Option<u64>,
    max_calls_waiting: Option<u64>,
    max_queue_wait_time: Option<u64>,
}
