//! What became of campaigns.

use std::collections::BTreeMap;

use connector_http::prelude::*;
use serde_json::Value;

use crate::campaigns::{Campaign, DeliveryStatus};

/// The figures of a campaign that was sent.
#[derive(HttpStream)]
#[http(
    name = "reports",
    records = "reports",
    params(sort_field = "send_time", sort_dir = "ASC", exclude_fields = "reports._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Report {
    #[primary_key]
    id: String,
    campaign_title: Option<String>,
    r#type: Option<String>,
    list_id: Option<String>,
    list_is_active: Option<bool>,
    list_name: Option<String>,
    subject_line: Option<String>,
    preview_text: Option<String>,
    emails_sent: Option<u64>,
    abuse_reports: Option<u64>,
    unsubscribed: Option<u64>,
    #[cursor(since = "since_send_time", until = "before_send_time", start = config.start_date, end = now(), lookback = seconds(1))]
    send_time: DateTime<Utc>,
    rss_last_send: Option<DateTime<Utc>>,
    bounces: Option<Bounces>,
    forwards: Option<Forwards>,
    opens: Option<Opens>,
    clicks: Option<Clicks>,
    facebook_likes: Option<FacebookLikes>,
    industry_stats: Option<IndustryStats>,
    list_stats: Option<ListStats>,
    ab_split: Option<AbSplit>,
    timewarp: Option<Vec<Timewarp>>,
    timeseries: Option<Vec<Hour>>,
    share_report: Option<Share>,
    ecommerce: Option<Orders>,
    delivery_status: Option<DeliveryStatus>,
}

#[derive(Record)]
struct Bounces {
    hard_bounces: Option<u64>,
    soft_bounces: Option<u64>,
    syntax_errors: Option<u64>,
}

#[derive(Record)]
struct Forwards {
    forwards_count: Option<u64>,
    forwards_opens: Option<u64>,
}

#[derive(Record)]
struct Opens {
    opens_total: Option<u64>,
    unique_opens: Option<u64>,
    open_rate: Option<f64>,
    last_open: Option<DateTime<Utc>>,
}

#[derive(Record)]
struct Clicks {
    clicks_total: Option<u64>,
    unique_clicks: Option<u64>,
    unique_subscriber_clicks: Option<u64>,
    click_rate: Option<f64>,
    last_click: Option<DateTime<Utc>>,
}

#[derive(Record)]
struct FacebookLikes {
    recipient_likes: Option<u64>,
    unique_likes: Option<u64>,
    facebook_likes: Option<u64>,
}

#[derive(Record)]
struct IndustryStats {
    r#type: Option<String>,
    open_rate: Option<f64>,
    click_rate: Option<f64>,
    bounce_rate: Option<f64>,
    unopen_rate: Option<f64>,
    unsub_rate: Option<f64>,
    abuse_rate: Option<f64>,
}

#[derive(Record)]
struct ListStats {
    sub_rate: Option<f64>,
    unsub_rate: Option<f64>,
    open_rate: Option<f64>,
    click_rate: Option<f64>,
}

#[derive(Record)]
struct AbSplit {
    a: Option<Half>,
    b: Option<Half>,
}

#[derive(Record)]
struct Half {
    bounces: Option<u64>,
    abuse_reports: Option<u64>,
    unsubs: Option<u64>,
    recipient_clicks: Option<u64>,
    forwards: Option<u64>,
    forwards_opens: Option<u64>,
    opens: Option<u64>,
    last_open: Option<DateTime<Utc>>,
    unique_opens: Option<u64>,
}

#[derive(Record)]
struct Timewarp {
    gmt_offset: Option<i32>,
    opens: Option<u64>,
    last_open: Option<DateTime<Utc>>,
    unique_opens: Option<u64>,
    clicks: Option<u64>,
    last_click: Option<DateTime<Utc>>,
    unique_clicks: Option<u64>,
    bounces: Option<u64>,
}

#[derive(Record)]
struct Hour {
    timestamp: Option<DateTime<Utc>>,
    emails_sent: Option<u64>,
    unique_opens: Option<u64>,
    recipients_clicks: Option<u64>,
}

#[derive(Record)]
struct Share {
    share_url: Option<String>,
    share_password: Option<String>,
}

#[derive(Record)]
struct Orders {
    total_orders: Option<u64>,
    total_spent: Option<f64>,
    total_revenue: Option<f64>,
    currency_code: Option<String>,
}

/// Something that a recipient did with a campaign: an open, a click, a bounce. The API lists them by recipient.
#[derive(HttpStream)]
#[http(
    name = "email_activity",
    path = "reports/{parent.id}/email-activity",
    parent = Campaign,
    records = "emails",
    params(exclude_fields = "emails._links")
)]
#[transform(explode = "activity")]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct EmailActivity {
    campaign_id: String,
    list_id: Option<String>,
    list_is_active: Option<bool>,
    #[primary_key]
    email_id: String,
    email_address: Option<String>,
    #[primary_key]
    action: String,
    r#type: Option<String>,
    #[primary_key]
    #[cursor(since = "since", start = config.start_date, lookback = seconds(1))]
    timestamp: DateTime<Utc>,
    url: Option<String>,
    ip: Option<String>,
}

/// Somebody who left an audience after a campaign.
#[derive(HttpStream)]
#[http(
    name = "unsubscribes",
    path = "reports/{parent.id}/unsubscribed",
    parent = Campaign,
    records = "unsubscribes",
    params(exclude_fields = "unsubscribes._links")
)]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Unsubscribe {
    #[primary_key]
    campaign_id: String,
    #[primary_key]
    email_id: String,
    email_address: Option<String>,
    merge_fields: Option<BTreeMap<String, Value>>,
    vip: Option<bool>,
    #[primary_key]
    #[cursor(start = config.start_date, client_filter)]
    timestamp: DateTime<Utc>,
    reason: Option<String>,
    list_id: Option<String>,
    list_is_active: Option<bool>,
}
