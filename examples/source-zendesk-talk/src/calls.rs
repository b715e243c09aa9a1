//! Calls and their legs, exported from a moment on. An export always names a next page; it is at its end when a page brings no
//! more than the call that the page before ended with.

use connector_http::prelude::*;
use serde_json::Value;

/// A call.
#[derive(HttpStream)]
#[http(name = "calls", path = "stats/incremental/calls", records = "calls")]
#[paginate(next_url = "next_page", stop = response.integer("count") <= Some(1))]
pub(crate) struct Call {
    #[primary_key]
    id: u64,
    #[cursor(since = "start_time", start = config.start_date, format = "epoch_seconds")]
    updated_at: DateTime<Utc>,
    created_at: Option<DateTime<Utc>>,
    agent_id: Option<u64>,
    call_charge: Option<String>,
    call_group_id: Option<u64>,
    call_recording_consent: Option<String>,
    call_recording_consent_action: Option<String>,
    call_recording_consent_keypress: Option<String>,
    callback: Option<bool>,
    callback_source: Option<String>,
    completion_status: Option<String>,
    consultation_time: Option<u64>,
    customer_requested_voicemail: Option<bool>,
    default_group: Option<bool>,
    direction: Option<String>,
    duration: Option<u64>,
    exceeded_queue_time: Option<bool>,
    exceeded_queue_wait_time: Option<bool>,
    hold_time: Option<u64>,
    ivr_action: Option<String>,
    ivr_destination_group_name: Option<String>,
    ivr_hops: Option<u64>,
    ivr_routed_to: Option<String>,
    ivr_time_spent: Option<u64>,
    minutes_billed: Option<u64>,
    not_recording_time: Option<u64>,
    outside_business_hours: Option<bool>,
    overflowed: Option<bool>,
    overflowed_to: Option<String>,
    phone_number: Option<String>,
    phone_number_id: Option<u64>,
    quality_issues: Option<Vec<Value>>,
    recording_control_interactions: Option<u64>,
    recording_time: Option<u64>,
    talk_time: Option<u64>,
    ticket_id: Option<u64>,
    time_to_answer: Option<u64>,
    voicemail: Option<bool>,
    wait_time: Option<u64>,
    wrap_up_time: Option<u64>,
}

/// A part of a call: an agent or a caller on the line.
#[derive(HttpStream)]
#[http(name = "call_legs", path = "stats/incremental/legs", records = "legs")]
#[paginate(next_url = "next_page", stop = response.integer("count") <= Some(1))]
pub(crate) struct CallLeg {
    #[primary_key]
    id: u64,
    #[cursor(since = "start_time", start = config.start_date, format = "epoch_seconds")]
    updated_at: DateTime<Utc>,
    created_at: Option<DateTime<Utc>>,
    agent_id: Option<u64>,
    available_via: Option<String>,
    call_charge: Option<String>,
    call_id: Option<u64>,
    completion_status: Option<String>,
    conference_from: Option<u64>,
    conference_time: Option<u64>,
    conference_to: Option<u64>,
    consultation_from: Option<u64>,
    consultation_time: Option<u64>,
    consultation_to: Option<u64>,
    duration: Option<u64>,
    forwarded_to: Option<String>,
    hold_time: Option<u64>,
    minutes_billed: Option<u64>,
    quality_issues: Option<Vec<Value>>,
    talk_time: Option<u64>,
    transferred_from: Option<u64>,
    transferred_to: Option<u64>,
    r#type: Option<String>,
    user_id: Option<u64>,
    wrap_up_time: Option<u64>,
}
