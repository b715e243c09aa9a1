//! Marketing: lists, segments, what is sent to them, and the people in them.

use std::collections::BTreeMap;

use connector_http::prelude::*;
use serde_json::Value;

/// A list of contacts.
#[derive(HttpStream)]
#[http(name = "lists", path = "marketing/lists", records = "result", params(page_size = 1000))]
#[paginate(next_url = "_metadata.next")]
pub(crate) struct List {
    #[primary_key]
    id: String,
    name: Option<String>,
    contact_count: Option<u64>,
    #[serde(rename = "_metadata")]
    metadata: Option<Link>,
}

#[derive(Record)]
struct Link {
    #[serde(rename = "self")]
    this: Option<String>,
}

/// A part of the contacts, as a query describes it.
#[derive(HttpStream)]
#[http(name = "segments", path = "marketing/segments/2.0", records = "results")]
pub(crate) struct Segment {
    #[primary_key]
    id: String,
    name: Option<String>,
    contacts_count: Option<u64>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    sample_updated_at: Option<DateTime<Utc>>,
    next_sample_update: Option<DateTime<Utc>>,
    parent_list_ids: Option<Vec<String>>,
    query_version: Option<String>,
    status: Option<SegmentStatus>,
}

#[derive(Record)]
struct SegmentStatus {
    query_validation: Option<String>,
    error_message: Option<String>,
}

/// What became of a mail that was sent once.
#[derive(HttpStream)]
#[http(name = "singlesend_stats", path = "marketing/stats/singlesends", records = "results", params(page_size = 50))]
#[paginate(next_url = "_metadata.next")]
pub(crate) struct SingleSendStats {
    #[primary_key]
    id: String,
    ab_phase: Option<String>,
    ab_variation: Option<String>,
    aggregation: Option<String>,
    stats: Option<Stats>,
}

/// What became of the mails of an automation.
#[derive(HttpStream)]
#[http(name = "stats_automations", path = "marketing/stats/automations", records = "results", params(page_size = 50))]
#[paginate(next_url = "_metadata.next")]
pub(crate) struct StatsAutomation {
    #[primary_key]
    id: String,
    step_id: Option<String>,
    aggregation: Option<String>,
    stats: Option<Stats>,
}

#[derive(Record)]
struct Stats {
    requests: Option<u64>,
    delivered: Option<u64>,
    opens: Option<u64>,
    unique_opens: Option<u64>,
    clicks: Option<u64>,
    unique_clicks: Option<u64>,
    bounces: Option<u64>,
    bounce_drops: Option<u64>,
    invalid_emails: Option<u64>,
    spam_reports: Option<u64>,
    spam_report_drops: Option<u64>,
    unsubscribes: Option<u64>,
}

/// A mail that is sent once.
#[derive(HttpStream)]
#[http(name = "singlesends", path = "marketing/singlesends", records = "result", params(page_size = 100))]
#[paginate(next_url = "_metadata.next")]
pub(crate) struct SingleSend {
    #[primary_key]
    id: String,
    name: Option<String>,
    status: Option<String>,
    categories: Option<Vec<String>>,
    is_abtest: Option<bool>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    send_at: Option<DateTime<Utc>>,
}

/// A template of a mail, old or new style.
#[derive(HttpStream)]
#[http(
    name = "templates",
    path = "templates",
    records = "result",
    params(generations = "legacy,dynamic", page_size = 200)
)]
#[paginate(next_url = "_metadata.next")]
pub(crate) struct Template {
    #[primary_key]
    id: String,
    name: Option<String>,
    generation: Option<String>,
    updated_at: Option<String>,
    versions: Option<Vec<Version>>,
}

#[derive(Record)]
struct Version {
    id: Option<String>,
    template_id: Option<String>,
    active: Option<u8>,
    name: Option<String>,
    subject: Option<String>,
    editor: Option<String>,
    generate_plain_content: Option<bool>,
    thumbnail_url: Option<String>,
    updated_at: Option<String>,
}

/// A marketing campaign.
#[derive(HttpStream)]
#[http(name = "campaigns", path = "marketing/campaigns", records = "result", params(page_size = 100))]
#[paginate(next_url = "_metadata.next")]
pub(crate) struct Campaign {
    #[primary_key]
    id: String,
    name: Option<String>,
    status: Option<String>,
    is_abtest: Option<bool>,
    channels: Option<Vec<String>>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
}

/// A person. All of them come as an export: a file of lines whose keys are written in capitals.
#[derive(HttpStream)]
#[http(name = "contacts", path = "marketing/contacts/exports", method = POST, body(file_type = "json"), format = json_lines)]
#[job(
    created(id = "id"),
    poll(path = "marketing/contacts/exports/{job.id}"),
    status = "status",
    running("pending"),
    done("ready"),
    failed("failure", "failed", "timeout"),
    results = "urls",
    every = seconds(5)
)]
#[transform(keys = lower_case)]
pub(crate) struct Contact {
    #[primary_key]
    contact_id: String,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    unique_name: Option<String>,
    alternate_emails: Option<Vec<String>>,
    address_line_1: Option<String>,
    address_line_2: Option<String>,
    city: Option<String>,
    state_province_region: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    phone_number: Option<String>,
    whatsapp: Option<String>,
    line: Option<String>,
    facebook: Option<String>,
    list_ids: Option<Vec<String>>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    custom_fields: Option<BTreeMap<String, Value>>,
}
