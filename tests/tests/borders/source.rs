//! A source whose streams declare what the config says.

use crate::declared::{Declared, Kind};
use connector_http::SourceInfo;
use connector_http::cursor::CursorKind;
use connector_http::prelude::*;
use connector_http::record::{Field, Shape};
use connector_http::stream::{CursorField, NoParent, Partition, StreamDescriptor, StreamType};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) struct Borders(Declared);

impl Source for Borders {
    const INFO: SourceInfo = SourceInfo { name: "source-borders", version: "0.1.0", doc: "", documentation_url: None };

    fn config_schema() -> Value {
        json!({ "type": "object" })
    }

    fn from_config(config: &Value) -> Result<Self> {
        Declared::deserialize(config).map(Self).map_err(|error| Error::new(ErrorKind::Config, error.to_string()))
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        vec![Moment::descriptor(), Naive::descriptor(), Day::descriptor(), Number::descriptor()]
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        let (kind, two_parts) = (self.0.kind, self.0.two_parts);
        let streams = HttpStreams::new(self, cx)?;
        match (kind, two_parts) {
            (Kind::Moment, false) => streams.with::<Moment>(),
            (Kind::Naive, false) => streams.with::<Naive>(),
            (Kind::Date, false) => streams.with::<Day>(),
            (Kind::Number, false) => streams.with::<Number>(),
            (Kind::Moment, true) => streams.with::<MomentAndId>(),
            (Kind::Naive, true) => streams.with::<NaiveAndId>(),
            (Kind::Date, true) => streams.with::<DayAndId>(),
            (Kind::Number, true) => streams.with::<NumberAndId>(),
        }?
        .finish()
    }
}

impl HttpSource for Borders {
    fn url_base(&self) -> Result<String> {
        Ok("https://api.example.com/".to_owned())
    }
}

macro_rules! streams {
    ($($stream:ident: $type:ty => $kind:ident $(, $then:ident)?;)+) => { $(
        struct $stream;

        impl Record for $stream {
            const SHAPE: Shape = Shape::Struct(|| {
                static FIELDS: &[Field] = &[Field::new("id", "", &u64::SHAPE), Field::new("at", "", &<$type>::SHAPE)];
                FIELDS
            });
        }

        impl StreamType for $stream {
            const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("things", "", || {
                static FIELDS: &[Field] = &[Field::new("id", "", &u64::SHAPE), Field::new("at", "", &<$type>::SHAPE)];
                FIELDS
            })
            .primary_key(&[&["id"]])
            .cursor(&["at"], CursorKind::$kind)
            $(.$then(&["id"], CursorKind::Integer))?;
            type Parent = NoParent;
        }

        impl HttpStream<Borders> for $stream {
            fn settings(Borders(declared): &Borders) -> Result<Settings> {
                let spec = declared.spec(CursorField { path: &["at"], kind: CursorKind::$kind })?;
                let settings = Settings::new().cursor(spec).unchecked();
                let settings = if declared.client_filter { settings } else { settings.since("since").then_since("behind").until("until") };
                Ok(match declared.page_size {
                    0 => settings,
                    size => settings.paginate(Paginator::pages().param("page").size("size", size as u64)),
                })
            }

            fn path(cx: &Cx<'_, Borders>) -> Result<Path> {
                let path = Path::new().text("things");
                if cx.config.0.partitions == 0 { Ok(path) } else { path.text("/").segment(&cx.partition::<u64>("of")?) }
            }

            fn stream_slices(Borders(declared): &Borders) -> Result<Option<Partitions>> {
                let of = |number: usize| Partition::new(vec![(vec!["of"], number.to_string().into_bytes())]);
                let list = (0..declared.partitions).map(of).collect();
                Ok((declared.partitions > 0).then_some(Partitions::List(list)))
            }
        }
    )+ };
}

streams! {
    Moment: DateTime<Utc> => DateTime;
    Naive: NaiveDateTime => NaiveDateTime;
    Day: NaiveDate => Date;
    Number: i64 => Integer;
    MomentAndId: DateTime<Utc> => DateTime, then;
    NaiveAndId: NaiveDateTime => NaiveDateTime, then;
    DayAndId: NaiveDate => Date, then;
    NumberAndId: i64 => Integer, then;
}
