//! Phone numbers and what callers hear: greetings and voice menus.

use connector_http::prelude::*;
use serde_json::{Map, Value};

/// A postal address, which some countries ask of those who have a number.
#[derive(HttpStream)]
#[http(name = "addresses", records = "addresses")]
#[paginate(next_url = "next_page")]
pub(crate) struct Address {
    #[primary_key]
    id: u64,
    name: Option<String>,
    street: Option<String>,
    city: Option<String>,
    province: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    country_code: Option<String>,
    provider_reference: Option<String>,
}

/// A kind of greeting.
#[derive(HttpStream)]
#[http(name = "greeting_categories", records = "greeting_categories")]
#[paginate(next_url = "next_page")]
pub(crate) struct GreetingCategory {
    #[primary_key]
    id: u64,
    name: Option<String>,
}

/// A recording that callers hear.
#[derive(HttpStream)]
#[http(name = "greetings", records = "greetings")]
#[paginate(next_url = "next_page")]
pub(crate) struct Greeting {
    #[primary_key]
    id: String,
    name: Option<String>,
    category_id: Option<u64>,
    active: Option<bool>,
    default: Option<bool>,
    default_lang: Option<bool>,
    pending: Option<bool>,
    has_sub_settings: Option<bool>,
    audio_name: Option<String>,
    audio_url: Option<String>,
    upload_id: Option<u64>,
    ivr_ids: Option<Vec<Value>>,
    phone_number_ids: Option<Vec<u64>>,
}

/// A phone number.
#[derive(HttpStream)]
#[http(name = "phone_numbers", records = "phone_numbers")]
#[paginate(next_url = "next_page")]
pub(crate) struct PhoneNumber {
    #[primary_key]
    id: u64,
    number: Option<String>,
    display_number: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
    country_code: Option<String>,
    location: Option<String>,
    line_type: Option<String>,
    priority: Option<i64>,
    toll_free: Option<bool>,
    external: Option<bool>,
    recorded: Option<bool>,
    transcription: Option<bool>,
    sms_enabled: Option<bool>,
    voice_enabled: Option<bool>,
    outbound_enabled: Option<bool>,
    capabilities: Option<Capabilities>,
    group_ids: Option<Vec<u64>>,
    default_group_id: Option<u64>,
    sms_group_id: Option<u64>,
    schedule_id: Option<u64>,
    ivr_id: Option<u64>,
    greeting_ids: Option<Vec<Value>>,
    default_greeting_ids: Option<Vec<String>>,
    categorised_greetings: Option<Map<String, Value>>,
    categorised_greetings_with_sub_settings: Option<Map<String, Value>>,
    call_recording_consent: Option<String>,
    failover_number: Option<String>,
    token: Option<String>,
    created_at: Option<DateTime<Utc>>,
}

#[derive(Record)]
struct Capabilities {
    voice: Option<bool>,
    sms: Option<bool>,
    mms: Option<bool>,
    emergency_address: Option<bool>,
}

/// A voice menu system: menus, and what each key does.
#[derive(HttpStream)]
#[http(name = "ivrs", path = "ivr", records = "ivrs")]
#[paginate(next_url = "next_page")]
pub(crate) struct Ivr {
    #[primary_key]
    id: u64,
    name: Option<String>,
    menus: Option<Vec<Menu>>,
    phone_number_ids: Option<Vec<Value>>,
    phone_number_names: Option<Vec<String>>,
}

#[derive(Record)]
struct Menu {
    id: Option<u64>,
    name: Option<String>,
    default: Option<bool>,
    greeting_id: Option<u64>,
    routes: Option<Vec<Route>>,
}

#[derive(Record)]
struct Route {
    id: Option<u64>,
    action: Option<String>,
    greeting: Option<String>,
    keypress: Option<String>,
    option_text: Option<String>,
    options: Option<Map<String, Value>>,
    overflow_options: Option<Vec<Value>>,
}

/// A menu of a voice menu system.
#[derive(HttpStream)]
#[http(name = "ivr_menus", path = "ivr", records = "ivrs")]
#[paginate(next_url = "next_page")]
#[transform(explode = "menus", copy(ivr_id = "id"))]
#[remove(routes)]
pub(crate) struct IvrMenu {
    #[primary_key]
    id: u64,
    ivr_id: u64,
    name: Option<String>,
    default: Option<bool>,
    greeting_id: Option<u64>,
    routes: Option<Vec<Route>>,
}

/// What a key does in a menu.
#[derive(HttpStream)]
#[http(name = "ivr_routes", path = "ivr", records = Self::routes)]
#[paginate(next_url = "next_page")]
pub(crate) struct IvrRoute {
    #[primary_key]
    id: u64,
    ivr_id: u64,
    ivr_menu_id: u64,
    action: Option<String>,
    greeting: Option<String>,
    keypress: Option<String>,
    option_text: Option<String>,
    options: Option<Map<String, Value>>,
    overflow_options: Option<Vec<Value>>,
}

impl IvrRoute {
    /// Routes lie two lists deep, and want the ids of both.
    fn routes(response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed> {
        let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
        for ivr in list(&response.json()?, "ivrs") {
            for menu in list(&ivr, "menus") {
                for mut route in list(&menu, "routes") {
                    if let Some(fields) = route.as_object_mut() {
                        fields.insert("ivr_id".to_owned(), ivr["id"].clone());
                        fields.insert("ivr_menu_id".to_owned(), menu["id"].clone());
                    }
                    records.push_value(&route)?;
                }
            }
        }
        Ok(Parsed::Done)
    }
}
