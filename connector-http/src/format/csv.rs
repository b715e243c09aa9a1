//! CSV and TSV: each line becomes a JSON object whose values have the types that the struct declares.

use connector_core::record::{Batch, BodyParser, Envelope, Field, PageLimits, Shape};
use connector_core::stream::StreamDescriptor;
use connector_core::{Error, ErrorKind, Result};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The largest number of columns.
const COLUMNS: usize = 10_000;

/// The parser of one body. The first line names the columns.
pub(super) struct CsvParser {
    reader: Reader,
    fields: &'static [Field],
    limit: usize,
    /// The text of the line so far.
    text: Vec<u8>,
    filled: usize,
    /// Where its values end.
    ends: Vec<usize>,
    values: usize,
    columns: Option<Vec<Column>>,
    record: Vec<u8>,
    line: u64,
    begun: bool,
}

struct Column {
    /// The name as JSON text, with the colon.
    key: Vec<u8>,
    kind: Kind,
    /// An empty value is null.
    nullable: bool,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bool,
    /// JSON as it stands, where it is JSON.
    Json,
}

impl CsvParser {
    pub(super) fn new(delimiter: u8, descriptor: &'static StreamDescriptor, limits: PageLimits) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            fields: (descriptor.fields)(),
            limit: limits.record,
            text: vec![0; 4096],
            filled: 0,
            ends: vec![0; 64],
            values: 0,
            columns: None,
            record: Vec::new(),
            line: 0,
            begun: false,
        }
    }

    /// Reads on; an empty input says that the body has ended.
    fn read(&mut self, mut input: &[u8], batch: &mut Batch) -> Result<()> {
        loop {
            let (result, taken, written, ended) =
                self.reader.read_record(input, &mut self.text[self.filled..], &mut self.ends[self.values..]);
            input = &input[taken..];
            self.filled += written;
            self.values += ended;
            match result {
                ReadRecordResult::InputEmpty if input.is_empty() => return Ok(()),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < self.limit => {
                    self.text.resize((self.text.len() * 2).min(self.limit), 0)
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < COLUMNS => {
                    self.ends.resize(self.ends.len() * 2, 0)
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    let text = format!("line {} of the body is larger than a record may be", self.line + 1);
                    return Err(Error::new(ErrorKind::Limit, text));
                }
                ReadRecordResult::Record => {
                    self.take_line(batch)?;
                    self.filled = 0;
                    self.values = 0;
                }
                ReadRecordResult::End => return Ok(()),
            }
        }
    }

    fn take_line(&mut self, batch: &mut Batch) -> Result<()> {
        self.line += 1;
        let mut begin = 0;
        let values = self.ends[..self.values].iter().map(|&end| {
            let value = &self.text[begin..end];
            begin = end;
            value
        });
        let Some(columns) = &self.columns else {
            let fields = self.fields;
            self.columns = Some(values.map(|name| column(name, fields)).collect::<Result<_>>()?);
            return Ok(());
        };
        if self.values != columns.len() {
            let text = format!(
                "line {} of the body has {} values, but there are {} columns",
                self.line,
                self.values,
                columns.len()
            );
            return Err(Error::new(ErrorKind::Response, text));
        }
        self.record.clear();
        self.record.push(b'{');
        for (i, (column, value)) in columns.iter().zip(values).enumerate() {
            if i > 0 {
                self.record.push(b',');
            }
            self.record.extend_from_slice(&column.key);
            write_value(column, value, &mut self.record);
        }
        self.record.push(b'}');
        batch.push(&self.record)
    }
}

fn column(name: &[u8], fields: &[Field]) -> Result<Column> {
    let name = std::str::from_utf8(name)
        .map_err(|_| Error::new(ErrorKind::Response, "a column's name is not UTF-8"))?
        .trim_start_matches('\u{feff}');
    let known = fields.iter().find(|field| field.name == name || field.aliases.contains(&name));
    let mut key = serde_json::Value::from(name).to_string().into_bytes();
    key.push(b':');
    let kind = known.map_or(Kind::Text, |field| kind(field.shape));
    let nullable = kind != Kind::Text || known.is_some_and(|field| matches!(field.shape, Shape::Option(_)));
    Ok(Column { key, kind, nullable })
}

fn kind(shape: &Shape) -> Kind {
    match shape {
        Shape::Bool => Kind::Bool,
        Shape::Int { .. } | Shape::Number | Shape::Decimal => Kind::Number,
        Shape::Option(inner) => kind(inner),
        Shape::Any | Shape::Str | Shape::Format(_) | Shape::Choice(_) | Shape::Typed(_) => Kind::Text,
        Shape::List(_) | Shape::Map(_) | Shape::Struct(_) => Kind::Json,
    }
}

/// A value as JSON: empty is null for an option and where no text is due; what does not fit its type stays text, and the record's check tells of it.
fn write_value(column: &Column, value: &[u8], out: &mut Vec<u8>) {
    let trimmed = value.trim_ascii();
    match column.kind {
        _ if column.nullable && trimmed.is_empty() => out.extend_from_slice(b"null"),
        Kind::Number if is_number(trimmed) => out.extend_from_slice(trimmed),
        Kind::Bool if trimmed.eq_ignore_ascii_case(b"true") || trimmed == b"1" => out.extend_from_slice(b"true"),
        Kind::Bool if trimmed.eq_ignore_ascii_case(b"false") || trimmed == b"0" => out.extend_from_slice(b"false"),
        Kind::Json if serde_json::from_slice::<serde::de::IgnoredAny>(trimmed).is_ok() => {
            out.extend_from_slice(trimmed)
        }
        _ => match std::str::from_utf8(value) {
            Ok(text) => out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes()),
            // Not UTF-8: between quotes as it is, for the record's walk to refuse with its place.
            Err(_) => {
                out.push(b'"');
                out.extend_from_slice(value);
                out.push(b'"');
            }
        },
    }
}

/// Whether a text is a number of JSON.
fn is_number(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'-' | b'0'..=b'9')) && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

impl BodyParser for CsvParser {
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.begun = true;
        self.read(chunk, batch)
    }

    fn finish(&mut self, batch: &mut Batch) -> Result<Envelope> {
        if !self.begun {
            return Err(Error::new(ErrorKind::Response, "the body is empty, without even a line of column names"));
        }
        self.read(&[], batch)?;
        Ok(Envelope::new("{}"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use connector_core::record::{Format, Framing, Plan, PlanOptions, Record};
    use proptest::prelude::*;

    static FIELDS: &[Field] = &[
        Field::new("id", "", &<u64 as Record>::SHAPE),
        Field::new("name", "", &Shape::Str),
        Field::new("ok", "", &<Option<bool> as Record>::SHAPE),
        Field::new("at", "", &Shape::Format(Format::Date)),
    ];
    static ITEMS: StreamDescriptor = StreamDescriptor::new("items", "", || FIELDS);

    fn parse(body: &[u8], size: usize) -> Result<String> {
        let mut batch = Batch::new(Plan::new(&ITEMS, PlanOptions::default())?.into(), Framing::Bare, 0);
        let mut parser = CsvParser::new(b',', &ITEMS, PageLimits::default());
        for chunk in body.chunks(size.max(1)) {
            parser.feed(chunk, &mut batch)?;
        }
        parser.finish(&mut batch)?;
        Ok(String::from_utf8(batch.rendered().to_vec()).unwrap())
    }

    #[test]
    fn values_take_the_declared_types() {
        let body = "\u{feff}id,name,ok,at,more\r\n7,\"a \"\"b\"\"\nc\",TRUE,2024-01-01,1\r\n8,9,,2024-01-02,x";
        let lines = "{\"id\":7,\"name\":\"a \\\"b\\\"\\nc\",\"ok\":true,\"at\":\"2024-01-01\",\"more\":\"1\"}\n{\"id\":8,\"name\":\"9\",\"ok\":null,\"at\":\"2024-01-02\",\"more\":\"x\"}\n";
        for size in 1..body.len() {
            assert_eq!(parse(body.as_bytes(), size).unwrap(), lines, "{size}");
        }
    }

    #[test]
    fn a_short_line_is_an_error_with_its_number() {
        assert!(parse(b"id,name\n1,a\n2\n", 5).unwrap_err().to_string().contains("line 3"));
        assert!(parse(b"", 5).is_err());
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), any::<u8>()], 0..300), size in 1_usize..50) {
            let _ = parse(&body, size);
        }
    }
}
