//! The connector that meets the faults: two streams, and in the config what a row wants of them.

use std::sync::Arc;
use std::time::Duration;

use connector_core::SourceInfo;
use connector_core::record::{Field, Misfit, Record, Shape};
use connector_core::stream::{NoParent, StreamDescriptor, StreamType};
use connector_http::prelude::*;
use serde_json::{Value, json};

/// What must never be seen.
pub(crate) const TOKEN: &str = "s3cret+t0ken/for=all";

pub(crate) struct Api(Value);

impl Api {
    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Source for Api {
    const INFO: SourceInfo =
        SourceInfo { name: "source-faults", version: "0.1.0", doc: "Items.", documentation_url: None };

    fn config_schema() -> Value {
        json!({"type": "object", "required": ["base_url"], "properties": {
            "base_url": {"type": "string"},
            "token": {"type": "string", "airbyte_secret": true},
            "refresh_token": {"type": "string", "airbyte_secret": true},
            "token_url": {"type": "string"},
            "auth": {"type": "string"},
            "pages": {"type": "string"},
            "misfit": {"type": "string"},
            "hook": {"type": "string"},
            "ignore": {"type": "string"},
            "every": {"type": "string"},
        }})
    }

    fn from_config(config: &Value) -> Result<Self> {
        Ok(Self(config.clone()))
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        vec![Item::descriptor(), Other::descriptor(), Report::descriptor()]
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        HttpStreams::new(self, cx)?.with::<Item>()?.with::<Other>()?.with::<Report>()?.finish()
    }
}

impl HttpSource for Api {
    fn url_base(&self) -> Result<String> {
        Ok(self.text("base_url").to_owned())
    }

    fn authenticator(&self) -> Result<Auth> {
        let token = self.text("token");
        Ok(match self.text("auth") {
            "header" => Auth::header("X-Api-Key", token),
            "query" => Auth::query("api_key", token),
            "cookie" => Auth::cookie("session", token),
            "basic" => Auth::basic("me", token),
            "oauth2" => auth::oauth2()
                .url(self.text("token_url"))
                .client_id("me")
                .client_secret(token)
                .refresh_token(self.text("refresh_token"))
                .keep_refresh_token("refresh_token")
                .into(),
            _ => Auth::bearer(token),
        })
    }
}

pub(crate) struct Item;
pub(crate) struct Other;
/// What is made on request.
pub(crate) struct Report;

static FIELDS: &[Field] =
    &[Field::new("id", "", &<u64 as Record>::SHAPE), Field::new("name", "", &<Option<String> as Record>::SHAPE)];

impl Record for Item {
    const SHAPE: Shape = Shape::Struct(|| FIELDS);
}

impl Record for Other {
    const SHAPE: Shape = Shape::Struct(|| FIELDS);
}

impl StreamType for Item {
    const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("items", "Items.", || FIELDS).primary_key(&[&["id"]]);
    type Parent = NoParent;
}

impl Record for Report {
    const SHAPE: Shape = Shape::Struct(|| FIELDS);
}

impl StreamType for Other {
    const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("others", "Others.", || FIELDS).primary_key(&[&["id"]]);
    type Parent = NoParent;
}

impl HttpStream<Api> for Item {
    fn settings(api: &Api) -> Result<Settings> {
        let misfit = match api.text("misfit") {
            "null" => Misfit::Null,
            "skip" => Misfit::Skip,
            "fail" => Misfit::Fail,
            _ => Misfit::Keep,
        };
        let pages = match api.text("pages") {
            "url" => Paginator::next_url("next"),
            "numbers" => Paginator::pages().param("page"),
            _ => Paginator::token("next").param("page"),
        };
        let settings = Settings::new().records("items").misfit(misfit).paginate(pages);
        Ok(if api.text("ignore") == "404" { settings.rule(Rule::status(404).ignore()) } else { settings })
    }

    fn path(_: &Cx<'_, Api>) -> Result<Path> {
        Ok(Path::new().text("items"))
    }

    fn request_params(cx: &Cx<'_, Api>, _: &mut Params) -> Result<()> {
        assert!(cx.config.text("hook") != "panic", "no such key: {}", cx.config.text("token"));
        Ok(())
    }

    fn parse_response(response: &Response<'_>, _: &mut Records<'_>) -> Result<Parsed> {
        if response.headers().contains_key("x-read-whole") {
            response.body()?;
        }
        Ok(Parsed::Declared)
    }
}

impl HttpStream<Api> for Other {
    fn settings(_: &Api) -> Result<Settings> {
        Ok(Settings::new().records("items"))
    }

    fn path(_: &Cx<'_, Api>) -> Result<Path> {
        Ok(Path::new().text("others"))
    }
}

impl StreamType for Report {
    const DESCRIPTOR: StreamDescriptor =
        StreamDescriptor::new("reports", "Reports.", || FIELDS).primary_key(&[&["id"]]);
    type Parent = NoParent;
}

impl HttpStream<Api> for Report {
    fn settings(api: &Api) -> Result<Settings> {
        let every = api.text("every").parse().unwrap_or(5);
        let job = Job::new()
            .created("id", "id")
            .status("state")
            .running("QUEUED")
            .done("READY")
            .empty("NO_DATA")
            .failed("FAILED")
            .failed("EXPIRED")
            .results("urls")
            .every(Duration::from_secs(every))
            .within(Duration::from_secs(every * 6));
        Ok(Settings::new().method(Method::POST).records("items").job(job))
    }

    fn path(_: &Cx<'_, Api>) -> Result<Path> {
        Ok(Path::new().text("reports"))
    }

    fn poll_request(cx: &Cx<'_, Api>, request: &mut JobRequest) -> Result<()> {
        request.path = Some(Path::new().text("reports/").segment(cx.job("id")?)?);
        Ok(())
    }
}
