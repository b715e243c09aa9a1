//! Audiences ("lists" in the API), who is in them and how they are divided.

use std::collections::BTreeMap;

use connector_http::prelude::*;
use serde_json::Value;

/// An audience.
#[derive(HttpStream)]
#[http(
    name = "lists",
    records = "lists",
    params(sort_field = "date_created", sort_dir = "ASC", exclude_fields = "lists._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Audience {
    #[primary_key]
    pub(crate) id: String,
    web_id: Option<u64>,
    name: Option<String>,
    contact: Option<Contact>,
    permission_reminder: Option<String>,
    use_archive_bar: Option<bool>,
    campaign_defaults: Option<CampaignDefaults>,
    notify_on_subscribe: Option<String>,
    notify_on_unsubscribe: Option<String>,
    #[cursor(since = "since_date_created", until = "before_date_created", start = config.start_date, end = now(), lookback = seconds(1))]
    date_created: DateTime<Utc>,
    list_rating: Option<u32>,
    email_type_option: Option<bool>,
    subscribe_url_short: Option<String>,
    subscribe_url_long: Option<String>,
    beamer_address: Option<String>,
    visibility: Option<String>,
    double_optin: Option<bool>,
    has_welcome: Option<bool>,
    marketing_permissions: Option<bool>,
    modules: Option<Vec<String>>,
    stats: Option<AudienceStats>,
}

#[derive(Record)]
struct Contact {
    company: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    country: Option<String>,
    phone: Option<String>,
}

#[derive(Record)]
struct CampaignDefaults {
    from_name: Option<String>,
    from_email: Option<String>,
    subject: Option<String>,
    language: Option<String>,
}

#[derive(Record)]
struct AudienceStats {
    member_count: Option<u64>,
    total_contacts: Option<u64>,
    unsubscribe_count: Option<u64>,
    cleaned_count: Option<u64>,
    member_count_since_send: Option<u64>,
    unsubscribe_count_since_send: Option<u64>,
    cleaned_count_since_send: Option<u64>,
    campaign_count: Option<u64>,
    campaign_last_sent: Option<DateTime<Utc>>,
    merge_field_count: Option<u64>,
    avg_sub_rate: Option<f64>,
    avg_unsub_rate: Option<f64>,
    target_sub_rate: Option<f64>,
    open_rate: Option<f64>,
    click_rate: Option<f64>,
    last_sub_date: Option<DateTime<Utc>>,
    last_unsub_date: Option<DateTime<Utc>>,
}

/// A person in an audience.
#[derive(HttpStream)]
#[http(
    name = "list_members",
    path = "lists/{parent.id}/members",
    parent = Audience,
    records = "members",
    params(exclude_fields = "members._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Member {
    #[primary_key]
    id: String,
    #[primary_key]
    list_id: String,
    #[cursor(since = "since_last_changed", until = "before_last_changed", start = config.start_date, end = now(), lookback = seconds(1))]
    last_changed: DateTime<Utc>,
    #[serde(flatten)]
    person: Person,
    contact_id: Option<String>,
    full_name: Option<String>,
    web_id: Option<u64>,
    unsubscribe_reason: Option<String>,
    consents_to_one_to_one_messaging: Option<bool>,
    source: Option<String>,
    tags_count: Option<u64>,
    tags: Option<Vec<MemberTag>>,
}

/// What audiences and segments say alike of a person.
#[derive(Record)]
struct Person {
    email_address: Option<String>,
    unique_email_id: Option<String>,
    email_type: Option<String>,
    status: Option<String>,
    /// The audience's own fields, by their tags.
    merge_fields: Option<BTreeMap<String, Value>>,
    /// Which interests were chosen, by their ids.
    interests: Option<BTreeMap<String, bool>>,
    stats: Option<MemberStats>,
    ip_signup: Option<String>,
    timestamp_signup: Option<DateTime<Utc>>,
    ip_opt: Option<String>,
    timestamp_opt: Option<DateTime<Utc>>,
    member_rating: Option<u32>,
    language: Option<String>,
    vip: Option<bool>,
    email_client: Option<String>,
    location: Option<Location>,
    last_note: Option<Note>,
}

#[derive(Record)]
struct MemberStats {
    avg_open_rate: Option<f64>,
    avg_click_rate: Option<f64>,
    ecommerce_data: Option<Ecommerce>,
}

#[derive(Record)]
struct Ecommerce {
    total_revenue: Option<f64>,
    number_of_orders: Option<f64>,
    currency_code: Option<String>,
}

#[derive(Record)]
struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
    gmtoff: Option<i32>,
    dstoff: Option<i32>,
    country_code: Option<String>,
    timezone: Option<String>,
    region: Option<String>,
}

#[derive(Record)]
struct Note {
    note_id: Option<u64>,
    created_at: Option<DateTime<Utc>>,
    created_by: Option<String>,
    note: Option<String>,
}

#[derive(Record)]
struct MemberTag {
    id: Option<u64>,
    name: Option<String>,
}

/// A tag of an audience.
#[derive(HttpStream)]
#[http(name = "tags", path = "lists/{parent.id}/tag-search", parent = Audience, records = "tags", params(exclude_fields = "tags._links"))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
#[add(list_id = parent.id)]
pub(crate) struct Tag {
    #[primary_key]
    id: u64,
    name: Option<String>,
}

/// A question that members of an audience are asked about their interests.
#[derive(HttpStream)]
#[http(
    name = "interest_categories",
    path = "lists/{parent.id}/interest-categories",
    parent = Audience,
    records = "categories",
    params(exclude_fields = "categories._links")
)]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct InterestCategory {
    #[primary_key]
    pub(crate) id: String,
    pub(crate) list_id: String,
    title: Option<String>,
    display_order: Option<u32>,
    r#type: Option<String>,
}

/// An interest: an answer to that question.
#[derive(HttpStream)]
#[http(
    name = "interests",
    path = "lists/{parent.list_id}/interest-categories/{parent.id}/interests",
    parent = InterestCategory,
    records = "interests",
    params(exclude_fields = "interests._links")
)]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Interest {
    #[primary_key]
    id: String,
    category_id: Option<String>,
    list_id: Option<String>,
    name: Option<String>,
    subscriber_count: Option<String>,
    display_order: Option<u32>,
}

/// A part of an audience.
#[derive(HttpStream)]
#[http(
    name = "segments",
    path = "lists/{parent.id}/segments",
    parent = Audience,
    records = "segments",
    params(exclude_fields = "segments._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Segment {
    #[primary_key]
    pub(crate) id: u64,
    pub(crate) list_id: String,
    name: Option<String>,
    member_count: Option<u64>,
    r#type: Option<String>,
    created_at: Option<DateTime<Utc>>,
    #[cursor(since = "since_updated_at", until = "before_updated_at", start = config.start_date, end = now(), lookback = seconds(1))]
    updated_at: DateTime<Utc>,
    options: Option<SegmentOptions>,
}

#[derive(Record)]
struct SegmentOptions {
    r#match: Option<String>,
    conditions: Option<Vec<SegmentCondition>>,
}

#[derive(Record)]
struct SegmentCondition {
    condition_type: Option<String>,
    field: Option<String>,
    op: Option<String>,
}

/// A person in a part of an audience. The API cannot ask for changes here, so they are picked out of all.
#[derive(HttpStream)]
#[http(
    name = "segment_members",
    path = "lists/{parent.list_id}/segments/{parent.id}/members",
    parent = Segment,
    records = "members",
    params(exclude_fields = "members._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
#[add(segment_id = parent.id)]
#[primary_key(id, segment_id)]
pub(crate) struct SegmentMember {
    id: String,
    list_id: Option<String>,
    #[cursor(start = config.start_date, client_filter)]
    last_changed: DateTime<Utc>,
    #[serde(flatten)]
    person: Person,
}
