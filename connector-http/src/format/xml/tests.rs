#![allow(clippy::unwrap_used)]

use connector_core::record::{Field, Format, Framing, Plan, PlanOptions, Record};
use proptest::prelude::*;

use super::*;

static OWNER: &[Field] = &[
    Field::new("id", "", &<u64 as Record>::SHAPE),
    Field::new("$text", "", &<Option<String> as Record>::SHAPE),
    Field::new("role", "", &Shape::List(&Shape::Str)),
];
static FIELDS: &[Field] = &[
    Field::new("id", "", &<u64 as Record>::SHAPE),
    Field::new("name", "", &Shape::Str).optional(),
    Field::new("ok", "", &<Option<bool> as Record>::SHAPE),
    Field::new("at", "", &Shape::Format(Format::Date)).optional(),
    Field::new("price", "", &Shape::Decimal).optional(),
    Field::new("tag", "", &Shape::List(&Shape::Str)).optional(),
    Field::new("owner", "", &Shape::Struct(|| OWNER)).optional(),
];
static ITEMS: StreamDescriptor = StreamDescriptor::new("items", "", || FIELDS);

/// The records, and what is around them.
fn parse(path: &str, body: &[u8], size: usize) -> Result<(String, String)> {
    let mut batch = Batch::new(Plan::new(&ITEMS, PlanOptions::default())?.into(), Framing::Bare, 0);
    let limits = PageLimits { record: 20_000, envelope: 20_000 };
    let mut parser = XmlParser::new(&Selector::new(path)?.into(), &ITEMS, limits, true);
    for chunk in body.chunks(size.max(1)) {
        parser.feed(chunk, &mut batch)?;
    }
    let envelope = parser.finish(&mut batch)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ok((text(batch.rendered()), text(envelope.bytes())))
}

fn record(inner: &str) -> String {
    let body = format!("<r><i id=\"1\">{inner}</i></r>");
    let whole = parse("r.i", body.as_bytes(), 4096).unwrap();
    for size in 1..body.len() {
        assert_eq!(parse("r.i", body.as_bytes(), size).unwrap(), whole, "{size}");
    }
    whole.0.trim_end().to_owned()
}

fn refused(path: &str, body: &str) -> (ErrorKind, String) {
    let error = parse(path, body.as_bytes(), 7).unwrap_err();
    (error.kind(), error.message().to_owned())
}

#[test]
fn values_take_the_declared_types() {
    assert_eq!(record(""), r#"{"id":1,"tag":[]}"#);
    let inner = "<name>007</name><ok>TRUE</ok><at> 2024-01-01\n</at><price currency='EUR'> 1.50 </price><more>1</more>";
    assert_eq!(record(inner), r#"{"id":1,"name":"007","ok":true,"at":"2024-01-01","price":1.50,"more":"1","tag":[]}"#);
    assert_eq!(record("<ok/><name></name><more/>"), r#"{"id":1,"ok":null,"name":"","more":null,"tag":[]}"#);
    assert_eq!(record("<price xsi:nil='true'/><tag/>"), r#"{"id":1,"price":null,"tag":[""]}"#);
    assert_eq!(record("<price>much</price><tag>a</tag>"), r#"{"id":1,"price":"much","tag":["a"]}"#);
}

#[test]
fn repeats_are_lists() {
    assert_eq!(record("<tag>a</tag><x>1</x><tag>b</tag>"), r#"{"id":1,"tag":["a","b"],"x":"1"}"#);
    assert_eq!(
        record("<x>1</x><x a='2'>3<y/></x><x/>"),
        r#"{"id":1,"x":["1",{"a":"2","y":null,"$text":"3"},null],"tag":[]}"#
    );
    let owner = "<owner id='7'>\n <role>a</role>\n me</owner>";
    assert_eq!(record(owner), r#"{"id":1,"owner":{"id":7,"role":["a"],"$text":"\n \n me"},"tag":[]}"#);
    assert_eq!(record("<owner id='7' xmlns:q='u'/>"), r#"{"id":1,"owner":{"id":7,"role":[]},"tag":[]}"#);
}

#[test]
fn entities_and_sections() {
    let inner =
        "<name>a &amp; b &lt;&#99;&#x64;&gt;&quot;&apos; <![CDATA[<&amp;]]>]]&gt;</name><!-- > <x> --><?php > ?>";
    assert_eq!(record(inner), r#"{"id":1,"name":"a & b <cd>\"' <&amp;]]>","tag":[]}"#);
    assert_eq!(record("<x a='&#10;>/' b=\"'\"/>"), r#"{"id":1,"x":{"a":"\n>/","b":"'"},"tag":[]}"#);
}

#[test]
fn the_rest_is_the_envelope() {
    let body = "\u{feff}<?xml version='1.0'?><!DOCTYPE f SYSTEM 'f.dtd'>\n<f next='b'><n>3</n><e><i id='1'/></e><e><i id='2'/></e></f>\n";
    let (records, envelope) = parse("f.e.i", body.as_bytes(), 3).unwrap();
    assert_eq!(records, "{\"id\":1,\"tag\":[]}\n{\"id\":2,\"tag\":[]}\n");
    assert_eq!(envelope, r#"{"f":{"next":"b","n":"3","e":[null,null]}}"#);
    assert_eq!(parse("*.*.i", body.as_bytes(), 9).unwrap().0, records);
    assert_eq!(parse("", b"<i id='3'/>", 2).unwrap().0, "{\"id\":3,\"tag\":[]}\n");
    // No element is an empty list, if that is there itself.
    assert_eq!(parse("f.e.i", b"<f><e/></f>", 2).unwrap().0, "");
    assert_eq!(refused("f.e.i", "<f><x/></f>").0, ErrorKind::RecordsPath);
    let (kind, text) = refused("f.e.i", "<error><code>7</code></error>");
    assert_eq!((kind, text.contains("`<error>`") && text.contains("`code`")), (ErrorKind::RecordsPath, true));
}

#[test]
fn a_declared_encoding() {
    for size in 1..60 {
        let body = b"<?xml version='1.0' encoding='ISO-8859-1'?><r><i id='1'><name>caf\xe9</name></i></r>";
        assert_eq!(parse("r.i", body, size).unwrap().0, "{\"id\":1,\"name\":\"café\",\"tag\":[]}\n", "{size}");
    }
    assert!(refused("r", "<?xml encoding='klingon'?><r/>").1.contains("klingon"));
    assert!(parse("r", b"<?xml encoding='utf-16'?><r/>", 3).is_ok());
}

#[test]
fn what_is_no_xml_is_told() {
    for (body, part) in [
        ("", "no element"),
        ("  ", "no element"),
        ("{\"items\":[]}", "stands outside of the root element"),
        ("<r><i></r>", "`</r>` ends `<i>`"),
        ("<r></r></r>", "ends nothing"),
        ("<r/><r/>", "behind the root"),
        ("<r><i>", "ends within `<i>`: it is truncated"),
        ("<r><i", "in the middle of a tag: it is truncated"),
        ("<r><!-- x", "truncated"),
        ("<r a=b/>", "an attribute is written"),
        ("<r a='b/>", "truncated"),
        ("<r a/>", "an attribute is written"),
        ("<1/>", "is no name"),
        ("< r/>", "is no name"),
        ("<r>a & b</r>", "written `&amp;`"),
    ] {
        let (kind, text) = refused("r.i", body);
        assert_eq!((kind, text.contains(part)), (ErrorKind::Response, true), "{body}: {text}");
    }
    for (body, part) in [
        ("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>", "entities of its own"),
        ("<r>&x;</r>", "`&x;` is not defined"),
        ("<r>&#0;</r>", "`&#0;` is not defined"),
        ("<r>&#xd800;</r>", "is not defined"),
    ] {
        let (kind, text) = refused("r.i", body);
        assert_eq!((kind, text.contains(part)), (ErrorKind::Content, true), "{body}: {text}");
    }
    let error = parse("r", b"<r>\xff</r>", 2).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Content, "byte 3 of the body is not UTF-8"));
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(parse("a.b", deep(128).as_bytes(), 50).unwrap().0, "");
    assert_eq!(refused("a.b", &deep(129)).0, ErrorKind::Content);
    for body in [
        format!("<r><i id='1'>{}</i></r>", "<x/>".repeat(5000)),
        format!("<r>{}</r>", "<x>1</x>".repeat(5000)),
        format!("<r>{}</r>", "x".repeat(30_000)),
        format!("<r a='{}'/>", "x".repeat(30_000)),
        format!("<!--{}", "x".repeat(30_000)),
    ] {
        assert_eq!(refused("r.i", &body).0, ErrorKind::Limit, "{}", &body[..20]);
    }
    // Records are not held.
    let many = format!("<r>{}</r>", "\n          <i id='1'/>".repeat(3000));
    assert_eq!(parse("r.i", many.as_bytes(), 100).unwrap().0.lines().count(), 3000);
}

const PIECES: &[&[u8]] = &[
    b"<r>",
    b"</r>",
    b"<i id='1'>",
    b"</i>",
    b"<i/>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&amp;",
    b"&#1",
    b"<?xml encoding='",
    b"latin1",
    b"'?>",
    b"<",
    b">",
    b"/",
    b"'",
    b"\"",
    b"=",
    b"&",
    b";",
    b"<!DOCTYPE",
    b"\xff",
    b"\xc3\xa9",
    b" ",
    b"x",
];

proptest! {
    #[test]
    fn no_body_panics(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60),
        size in 1_usize..20,
    ) {
        let body = pieces.concat();
        let whole = parse("r.i", &body, body.len());
        let cut = parse("r.i", &body, size);
        prop_assert_eq!(whole.is_ok(), cut.is_ok());
        if let (Ok(whole), Ok(cut)) = (whole, cut) {
            prop_assert_eq!(whole, cut);
        }
    }

    #[test]
    fn any_text_survives(text in "\\PC{0,40}", size in 1_usize..9) {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let body = format!("<r><i id='1'><name>{escaped}</name></i></r>");
        let (records, _) = parse("r.i", body.as_bytes(), size).unwrap();
        let value: serde_json::Value = serde_json::from_str(&records).unwrap();
        prop_assert_eq!(value["name"].as_str().unwrap(), &text);
    }
}
