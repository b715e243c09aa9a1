//! Right bodies in odd clothes.

use connector_core::FailureType::System;
use connector_tests::Reply;

use crate::bodies::{PAGE, brotli, gzip, raw_deflate, zip, zlib, zstd};
use crate::row::Row;

fn packed(fault: &'static str, encoding: &str, body: Vec<u8>) -> Row {
    Row::new(fault).first([Reply::json(body).header("Content-Encoding", encoding).chunked()])
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(crate) fn rows() -> Vec<Row> {
    let page = PAGE.as_bytes();
    vec![
        packed("gzip", "gzip", gzip(page)),
        packed("deflate as zlib, which is right", "deflate", zlib(page)),
        packed("deflate as raw deflate, which is wrong and usual", "deflate", raw_deflate(page)),
        packed("brotli", "br", brotli(page)),
        packed("zstd", "zstd", zstd(page)),
        packed("gzip in two members", "gzip", [gzip(&page[..20]), gzip(&page[20..])].concat()),
        packed("gzip within gzip", "gzip", gzip(&gzip(page))),
        Row::new("a zip archive, undeclared").body(zip(page)),
        Row::new("a zip archive without its end, then whole")
            .first([Reply::json(zip(page)[..60].to_vec()), Reply::json(zip(page))])
            .requests(2)
            .waits(&[1.0]),
        Row::new("a zip archive whose checksum is wrong, for ever")
            .always(Reply::json(
                zip(page).into_iter().map(|byte| if byte == b'2' { b'3' } else { byte }).collect::<Vec<_>>(),
            ))
            .requests(5)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(System, &["cannot be decoded", "the checksum of file 1 is wrong", "tried 5 times"]),
        Row::new("XML as `text/xml` where JSON is due")
            .first([Reply::status(200).header("Content-Type", "text/xml").body("<error><code>7</code></error>")])
            .fails(System, &["the records path `items` is not there", "`<error>`"]),
        Row::new("JSON as `text/html`").first([Reply::status(200).header("Content-Type", "text/html").body(PAGE)]),
        Row::new("JSON without a content type").first([Reply::status(200).body(PAGE)]),
        Row::new("a byte order mark").body(format!("\u{feff}{PAGE}")),
        Row::new("`charset=iso-8859-1`")
            .first([Reply::status(200)
                .header("Content-Type", "application/json; charset=iso-8859-1")
                .body(b"{\"items\":[{\"id\":0,\"name\":\"M\xfcller\"}]}".to_vec())])
            .ids([0])
            .data(&[r#"{"id":0,"name":"Müller"}"#]),
        Row::new("`charset=utf-16le`")
            .first([Reply::status(200).header("Content-Type", "application/json; charset=utf-16le").body(utf16(PAGE))]),
        Row::new("UTF-16 with its mark, undeclared").body(utf16(&format!("\u{feff}{PAGE}"))),
        Row::new("`charset=shift_jis`, and it is")
            .first([Reply::status(200)
                .header("Content-Type", "application/json; charset=Shift_JIS")
                .body(b"{\"items\":[{\"id\":0,\"name\":\"\x93\xfa\"}]}".to_vec())])
            .fails(System, &["stream `items`", "not UTF-8", "the charset `shift_jis`, which is not known"]),
        middle("204 in place of the second page", Reply::status(204)),
        middle("304 in place of the second page", Reply::status(304)),
        middle("404 in place of the second page, which the stream ignores", Reply::status(404)).set("ignore", "404"),
        Row::new("204")
            .first([Reply::status(204)])
            .ids([])
            .logs(1, "204 No Content: no records")
            .note("the log says why"),
        Row::new("304")
            .first([Reply::status(304)])
            .ids([])
            .logs(1, "304 Not Modified: no records")
            .note("the log says why"),
        Row::new("202, then the page").first([Reply::status(202)]).requests(2).waits(&[1.0]),
        Row::new("no records")
            .body(r#"{"items":[]}"#)
            .ids([])
            .logs(1, "0 records emitted of 0 found; 1 page, 1 request"),
    ]
}

/// A slice that ends without a page: what came before it stays.
fn middle(fault: &'static str, second: Reply) -> Row {
    Row::new(fault).first([Reply::json(r#"{"items":[{"id":0}],"next":"b"}"#), second]).requests(2).ids([0])
}
