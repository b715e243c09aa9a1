//! CSV and TSV: each line becomes a JSON object whose values have the types that the struct declares.

use connector_core::record::{Batch, BodyParser, Envelope, Field, PageLimits};
use connector_core::stream::StreamDescriptor;
use connector_core::{Error, ErrorKind, Result};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::scalar::{self, Kind};
use crate::settings::Csv;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

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
    /// Whether the first line names the columns.
    named: bool,
    record: Vec<u8>,
    /// Lines before the table that are still to be left out.
    skip: usize,
    line: u64,
    begun: bool,
    /// How many bytes of the mark at the beginning were seen, until it is there or not.
    mark: Option<usize>,
}

struct Column {
    /// The name as JSON text, with the colon.
    key: Vec<u8>,
    kind: Kind,
    /// An empty value is null.
    nullable: bool,
}

impl CsvParser {
    pub(super) fn new(csv: &Csv, descriptor: &'static StreamDescriptor, limits: PageLimits) -> Self {
        let fields = (descriptor.fields)();
        let mut builder = ReaderBuilder::new();
        builder.delimiter(csv.delimiter);
        match csv.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        let columns = (!csv.header).then(|| fields.iter().filter(|field| !field.flatten).map(known_column).collect());
        Self {
            reader: builder.build(),
            fields,
            limit: limits.record,
            text: vec![0; 4096],
            filled: 0,
            ends: vec![0; 64],
            values: 0,
            columns,
            named: csv.header,
            record: Vec::new(),
            skip: csv.skip,
            line: 0,
            begun: false,
            mark: Some(0),
        }
    }

    /// Leaves out the byte order mark; what was taken for its beginning and is none is given back first.
    fn after_mark<'c>(&mut self, chunk: &'c [u8]) -> (&'static [u8], &'c [u8]) {
        let Some(seen) = self.mark else { return (&[], chunk) };
        let due = MARK.get(seen..).unwrap_or_default();
        let same = due.iter().zip(chunk).take_while(|(due, byte)| due == byte).count();
        if same == due.len() || same < chunk.len() {
            self.mark = None;
            let none = same < due.len();
            let before = if none { MARK.get(..seen).unwrap_or_default() } else { &[] };
            return (before, chunk.get(if none { 0 } else { same }..).unwrap_or_default());
        }
        self.mark = Some(seen + same);
        (&[], &[])
    }

    /// Leaves out the lines that stand before the table.
    fn table<'c>(&mut self, chunk: &'c [u8]) -> &'c [u8] {
        let mut rest = chunk;
        while self.skip > 0 {
            let Some(end) = memchr::memchr(b'\n', rest) else { return &[] };
            rest = rest.get(end + 1..).unwrap_or_default();
            self.skip -= 1;
            self.line += 1;
        }
        rest
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
            scalar::write(column.kind, column.nullable, value, &mut self.record);
        }
        self.record.push(b'}');
        batch.push(&self.record)
    }
}

fn column(name: &[u8], fields: &[Field]) -> Result<Column> {
    let name =
        std::str::from_utf8(name).map_err(|_| Error::new(ErrorKind::Response, "a column's name is not UTF-8"))?;
    let known = fields.iter().find(|field| field.name == name || field.aliases.contains(&name));
    Ok(named_column(name, known))
}

/// A column under the name of a field, where the body names none.
fn known_column(field: &Field) -> Column {
    named_column(field.name, Some(field))
}

fn named_column(name: &str, known: Option<&Field>) -> Column {
    let mut key = Vec::new();
    scalar::write_text(name, &mut key);
    key.push(b':');
    let kind = known.map_or(Kind::Text, |field| Kind::of(field.shape));
    let nullable = known.is_some_and(|field| scalar::nullable(field.shape));
    Column { key, kind, nullable }
}

impl BodyParser for CsvParser {
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.begun = true;
        let (before, rest) = self.after_mark(chunk);
        for piece in [before, rest] {
            let table = self.table(piece);
            if !table.is_empty() {
                self.read(table, batch)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, batch: &mut Batch) -> Result<Envelope> {
        if !self.begun && self.named {
            return Err(Error::new(ErrorKind::Response, "the body is empty, without even a line of column names"));
        }
        self.read(&[], batch)?;
        if self.columns.is_none() {
            return Err(Error::new(ErrorKind::Response, "the body has no line of column names"));
        }
        Ok(Envelope::new("{}"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use connector_core::record::{Format, Framing, Plan, PlanOptions, Record, Shape};
    use proptest::prelude::*;

    static FIELDS: &[Field] = &[
        Field::new("id", "", &<u64 as Record>::SHAPE),
        Field::new("name", "", &Shape::Str),
        Field::new("ok", "", &<Option<bool> as Record>::SHAPE),
        Field::new("at", "", &Shape::Format(Format::Date)),
    ];
    static ITEMS: StreamDescriptor = StreamDescriptor::new("items", "", || FIELDS);

    fn parse(body: &[u8], size: usize) -> Result<String> {
        parse_as(&Csv::new(), body, size)
    }

    fn parse_as(csv: &Csv, body: &[u8], size: usize) -> Result<String> {
        let mut batch = Batch::new(Plan::new(&ITEMS, PlanOptions::default())?.into(), Framing::Bare, 0);
        let mut parser = CsvParser::new(csv, &ITEMS, PageLimits::default());
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

    #[test]
    fn tables_of_another_kind() {
        let line = "{\"id\":7,\"name\":\"a;'b\",\"ok\":null,\"at\":\"2024-01-01\"}\n";
        let semicolons = Csv::new().delimiter(b';').quote(b'\'').skip_lines(2);
        let bare = Csv::new().delimiter(b'|').without_quotes().without_header();
        for size in 1..40 {
            let body = "\u{feff}Report \"x\n\r\nid;name;ok;at\r\n7;'a;''b';;2024-01-01\r\n";
            assert_eq!(parse_as(&semicolons, body.as_bytes(), size).unwrap(), line, "{size}");
            assert_eq!(parse_as(&bare, b"7|a;'b||2024-01-01", size).unwrap(), line, "{size}");
            assert_eq!(parse_as(&bare, "\u{feff}7|a;'b||2024-01-01\n".as_bytes(), size).unwrap(), line, "{size}");
            // A quoted name behind a mark; and what begins like a mark and is none.
            let marked = "\u{feff}\"id\",name\n7,x\n";
            assert_eq!(parse(marked.as_bytes(), size).unwrap(), "{\"id\":7,\"name\":\"x\"}\n", "{size}");
            assert_eq!(parse("\u{fec0}\nx\n".as_bytes(), size).unwrap(), "{\"\u{fec0}\":\"x\"}\n", "{size}");
        }
        assert_eq!(parse_as(&bare, b"", 1).unwrap(), "");
        assert!(
            parse_as(&bare, b"7|a\n", 9)
                .unwrap_err()
                .to_string()
                .contains("line 1 of the body has 2 values, but there are 4 columns")
        );
        assert!(parse_as(&semicolons, b"one line\n", 9).unwrap_err().to_string().contains("no line of column names"));
    }

    #[test]
    fn a_line_may_end_in_many_ways() {
        let lines = "{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"\"}\n";
        for body in ["id,name\n1,a\n2,\n", "id,name\r\n1,a\r\n2,\r\n", "id,name\r1,a\r2,\r", "id,name\n\n1,a\n\n2,"] {
            assert_eq!(parse(body.as_bytes(), 3).unwrap(), lines, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), any::<u8>()], 0..300), size in 1_usize..50) {
            let _ = parse(&body, size);
        }
    }
}
