//! Campaigns and automations: what is sent.

use connector_http::prelude::*;
use serde_json::Value;

/// A campaign: an e-mail to an audience.
#[derive(HttpStream)]
#[http(
    name = "campaigns",
    records = "campaigns",
    params(sort_field = "create_time", sort_dir = "ASC", exclude_fields = "campaigns._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Campaign {
    #[primary_key]
    pub(crate) id: String,
    web_id: Option<u64>,
    parent_campaign_id: Option<String>,
    r#type: Option<CampaignType>,
    #[cursor(since = "since_create_time", until = "before_create_time", start = config.start_date, end = now(), lookback = seconds(1))]
    create_time: DateTime<Utc>,
    send_time: Option<DateTime<Utc>>,
    archive_url: Option<String>,
    long_archive_url: Option<String>,
    status: Option<CampaignStatus>,
    emails_sent: Option<u64>,
    content_type: Option<String>,
    needs_block_refresh: Option<bool>,
    resendable: Option<bool>,
    recipients: Option<Recipients>,
    settings: Option<CampaignSettings>,
    variate_settings: Option<VariateSettings>,
    tracking: Option<Tracking>,
    rss_opts: Option<RssOptions>,
    ab_split_opts: Option<AbSplitOptions>,
    social_card: Option<SocialCard>,
    report_summary: Option<ReportSummary>,
    delivery_status: Option<DeliveryStatus>,
}

#[derive(Record)]
#[serde(rename_all = "lowercase")]
enum CampaignType {
    Regular,
    PlainText,
    AbSplit,
    Rss,
    Automation,
    Variate,
    Auto,
}

#[derive(Record)]
#[serde(rename_all = "lowercase")]
enum CampaignStatus {
    Save,
    Paused,
    Schedule,
    Sending,
    Sent,
    Canceled,
    Canceling,
    Archived,
}

#[derive(Record)]
struct Recipients {
    list_id: Option<String>,
    list_is_active: Option<bool>,
    list_name: Option<String>,
    segment_text: Option<String>,
    recipient_count: Option<u64>,
    segment_opts: Option<SegmentChoice>,
    store_id: Option<String>,
}

#[derive(Record)]
struct SegmentChoice {
    saved_segment_id: Option<u64>,
    prebuilt_segment_id: Option<String>,
    r#match: Option<String>,
    conditions: Option<Vec<Value>>,
}

#[derive(Record)]
struct CampaignSettings {
    subject_line: Option<String>,
    preview_text: Option<String>,
    title: Option<String>,
    from_name: Option<String>,
    reply_to: Option<String>,
    use_conversation: Option<bool>,
    to_name: Option<String>,
    folder_id: Option<String>,
    authenticate: Option<bool>,
    auto_footer: Option<bool>,
    inline_css: Option<bool>,
    auto_tweet: Option<bool>,
    auto_fb_post: Option<Vec<String>>,
    fb_comments: Option<bool>,
    timewarp: Option<bool>,
    template_id: Option<u64>,
    drag_and_drop: Option<bool>,
}

#[derive(Record)]
struct VariateSettings {
    winning_combination_id: Option<String>,
    winning_campaign_id: Option<String>,
    winner_criteria: Option<String>,
    wait_time: Option<u64>,
    test_size: Option<u64>,
    subject_lines: Option<Vec<String>>,
    send_times: Option<Vec<DateTime<Utc>>>,
    from_names: Option<Vec<String>>,
    reply_to_addresses: Option<Vec<String>>,
    contents: Option<Vec<String>>,
    combinations: Option<Vec<Combination>>,
}

#[derive(Record)]
struct Combination {
    id: Option<String>,
    subject_line: Option<i64>,
    send_time: Option<i64>,
    from_name: Option<i64>,
    reply_to: Option<i64>,
    content_description: Option<i64>,
    recipients: Option<u64>,
}

#[derive(Record)]
struct Tracking {
    opens: Option<bool>,
    html_clicks: Option<bool>,
    text_clicks: Option<bool>,
    goal_tracking: Option<bool>,
    ecomm360: Option<bool>,
    google_analytics: Option<String>,
    clicktale: Option<String>,
    salesforce: Option<Salesforce>,
    capsule: Option<Capsule>,
}

#[derive(Record)]
struct Salesforce {
    campaign: Option<bool>,
    notes: Option<bool>,
}

#[derive(Record)]
struct Capsule {
    notes: Option<bool>,
}

#[derive(Record)]
struct RssOptions {
    feed_url: Option<String>,
    frequency: Option<String>,
    schedule: Option<RssSchedule>,
    last_sent: Option<DateTime<Utc>>,
    constrain_rss_img: Option<bool>,
}

#[derive(Record)]
struct RssSchedule {
    hour: Option<u32>,
    daily_send: Option<Weekdays>,
    weekly_send_day: Option<String>,
    monthly_send_date: Option<f64>,
}

#[derive(Record)]
struct Weekdays {
    sunday: Option<bool>,
    monday: Option<bool>,
    tuesday: Option<bool>,
    wednesday: Option<bool>,
    thursday: Option<bool>,
    friday: Option<bool>,
    saturday: Option<bool>,
}

#[derive(Record)]
struct AbSplitOptions {
    split_test: Option<String>,
    pick_winner: Option<String>,
    wait_units: Option<String>,
    wait_time: Option<u64>,
    split_size: Option<u64>,
    from_name_a: Option<String>,
    from_name_b: Option<String>,
    reply_email_a: Option<String>,
    reply_email_b: Option<String>,
    subject_a: Option<String>,
    subject_b: Option<String>,
    send_time_a: Option<DateTime<Utc>>,
    send_time_b: Option<DateTime<Utc>>,
    send_time_winner: Option<String>,
}

#[derive(Record)]
struct SocialCard {
    image_url: Option<String>,
    description: Option<String>,
    title: Option<String>,
}

#[derive(Record)]
struct ReportSummary {
    opens: Option<u64>,
    unique_opens: Option<u64>,
    open_rate: Option<f64>,
    clicks: Option<u64>,
    subscriber_clicks: Option<u64>,
    click_rate: Option<f64>,
    ecommerce: Option<Orders>,
}

#[derive(Record)]
struct Orders {
    total_orders: Option<u64>,
    total_spent: Option<f64>,
    total_revenue: Option<f64>,
}

/// How far the sending of a campaign is.
#[derive(Record)]
pub(crate) struct DeliveryStatus {
    enabled: Option<bool>,
    can_cancel: Option<bool>,
    status: Option<String>,
    emails_sent: Option<u64>,
    emails_canceled: Option<u64>,
}

/// A series of e-mails that begins by itself.
#[derive(HttpStream)]
#[http(
    name = "automations",
    records = "automations",
    params(sort_field = "create_time", sort_dir = "ASC", exclude_fields = "automations._links")
)]
#[transform(empty(strings = drop))]
#[paginate(offset, param = "offset", size(count = 1000, param = "count"))]
pub(crate) struct Automation {
    #[primary_key]
    id: String,
    #[cursor(since = "since_create_time", until = "before_create_time", start = config.start_date, end = now(), lookback = seconds(1))]
    create_time: DateTime<Utc>,
    start_time: Option<DateTime<Utc>>,
    status: Option<String>,
    emails_sent: Option<u64>,
    recipients: Option<Recipients>,
    settings: Option<CampaignSettings>,
    tracking: Option<Tracking>,
    trigger_settings: Option<TriggerSettings>,
    report_summary: Option<ReportSummary>,
}

#[derive(Record)]
struct TriggerSettings {
    workflow_type: Option<String>,
    workflow_title: Option<String>,
    runtime: Option<Runtime>,
    workflow_emails_count: Option<u64>,
}

#[derive(Record)]
struct Runtime {
    days: Option<Vec<String>>,
    hours: Option<Hours>,
}

#[derive(Record)]
struct Hours {
    r#type: Option<String>,
}
