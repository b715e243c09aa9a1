//! `source-orders` without macros: what the derives and attributes write, written by hand.

use std::process::ExitCode;
use std::sync::Arc;

use connector_http::SourceInfo;
use connector_http::cursor::{CursorKind, CursorSpec, CursorValue, Order as Turn};
use connector_http::prelude::*;
use connector_http::record::{Field, Shape};
use connector_http::stream::{CursorField, NoParent, StreamDescriptor, StreamType};
use serde::Deserialize;
use serde_json::{Value, json};

/// The config. `#[source]` would also write its schema.
#[derive(Deserialize)]
struct Orders {
    base_url: String,
    api_token: Secret,
    start_date: Option<DateTime<Utc>>,
    checkpoint_interval: Option<u32>,
}

/// What the API puts on a page at most.
const MAX_PAGE: u32 = 100;

impl Source for Orders {
    const INFO: SourceInfo = SourceInfo {
        name: "source-orders-by-hand",
        version: env!("CARGO_PKG_VERSION"),
        doc: "The orders of an example API.",
        documentation_url: Some("https://docs.rs/connector-http"),
    };

    fn config_schema() -> Value {
        json!({
            "type": "object",
            "required": ["base_url", "api_token"],
            "properties": {
                "base_url": { "type": "string", "description": "Where the API is, such as https://api.example.com/v1/." },
                "api_token": { "type": "string", "description": "Token from Settings → API.", "airbyte_secret": true },
                "start_date": {
                    "type": ["string", "null"],
                    "format": "date-time",
                    "description": "Orders changed before this moment are not read.",
                },
                "checkpoint_interval": {
                    "type": ["integer", "null"],
                    "minimum": 0,
                    "description": "For accounts whose orders come with the earliest change first: after so many orders, 100 at most, the state advances.",
                },
            },
        })
    }

    fn from_config(config: &Value) -> Result<Self> {
        Self::deserialize(config).map_err(|error| Error::new(ErrorKind::Config, error.to_string()))
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        vec![Order::descriptor()]
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        HttpStreams::new(self, cx)?.with::<Order>()?.finish()
    }
}

impl HttpSource for Orders {
    fn url_base(&self) -> Result<String> {
        Ok(self.base_url.clone())
    }

    fn authenticator(&self) -> Result<Auth> {
        Ok(auth::bearer(&self.api_token))
    }
}

/// A record is not a struct here: all that the framework wants of one is the table of its fields.
struct Order;

const UPDATED_AT: CursorField = CursorField { path: &["updated_at"], kind: CursorKind::DateTime };

static FIELDS: &[Field] = &[
    Field::new("id", "", &u64::SHAPE),
    Field::new("user_id", "Who bought it.", &u64::SHAPE),
    Field::new("amount", "", &Shape::Decimal),
    Field::new("currency", "ISO 4217.", &Shape::Str),
    Field::new("status", "", &Shape::Str),
    Field::new("updated_at", "", &<DateTime<Utc>>::SHAPE),
];

impl Record for Order {
    const SHAPE: Shape = Shape::Struct(|| FIELDS);
}

impl StreamType for Order {
    const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("orders", "What was bought.", || FIELDS)
        .primary_key(&[&["id"]])
        .cursor(UPDATED_AT.path, UPDATED_AT.kind);
    type Parent = NoParent;
}

impl HttpStream<Orders> for Order {
    fn settings(config: &Orders) -> Result<Settings> {
        // Only an order that is certain lets the state advance before the last page.
        let order = if config.checkpoint_interval.is_some() { Turn::Ascending } else { Turn::Unordered };
        Ok(Settings::new()
            .records("orders")
            .paginate(Paginator::token("next_page_token").param("page_token"))
            .cursor(CursorSpec::new(UPDATED_AT).start(config.start_date.map(CursorValue::from)).order(order))
            .since("updated_since"))
    }

    fn path(_: &Cx<'_, Orders>) -> Result<Path> {
        Ok(Path::new().text("orders"))
    }

    fn request_params(cx: &Cx<'_, Orders>, params: &mut Params) -> Result<()> {
        // A state can follow a page, so a page has no more orders than may come before the next state.
        let limit = cx.config.checkpoint_interval.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
        params.add("limit", &limit);
        Ok(())
    }
}

fn main() -> ExitCode {
    connector_http::run::<Orders>()
}
