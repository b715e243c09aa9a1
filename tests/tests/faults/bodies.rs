//! Bodies, packed and large.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

/// The page that an unharmed API has.
pub(crate) const PAGE: &str = r#"{"items":[{"id":0},{"id":1},{"id":2}]}"#;

pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// An archive with one stored file.
pub(crate) fn zip(body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(body);
    let size = u32::try_from(body.len()).unwrap().to_le_bytes();
    let head: &[&[u8]] = &[b"PK\x03\x04", &[0; 10], &crc.sum().to_le_bytes(), &size, &size, &[6, 0, 0, 0], b"a.json"];
    [&head.concat(), body, b"PK\x01\x02"].concat()
}

pub(crate) fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn raw_deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(body: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(body, ruzstd::encoding::CompressionLevel::Fastest)
}

/// One uncompressed meta-block and an empty last one (RFC 7932, 9.2): there is no encoder among our dependencies.
pub(crate) fn brotli(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() - 1).unwrap();
    assert!(length < 1 << 16);
    let head = (length << 4 | 1 << 20).to_le_bytes();
    [&head[..3], body, &[3]].concat()
}

/// How large the large page is, in MB; `FAULTS_LARGE_MB` makes it larger.
fn megabytes() -> usize {
    std::env::var("FAULTS_LARGE_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(8)
}

/// How many records the large page has: a kilobyte each.
pub(crate) fn large_count() -> u64 {
    megabytes() as u64 * 1000
}

/// A page of many records.
pub(crate) fn large() -> Vec<u8> {
    let mut body = Vec::with_capacity(megabytes() * 1_100_000);
    body.extend_from_slice(b"{\"items\":[");
    let name = "x".repeat(970);
    for id in 0..large_count() {
        let comma = if id == 0 { "" } else { "," };
        write!(body, "{comma}{{\"id\":{id},\"name\":\"{name}\"}}").unwrap();
    }
    body.extend_from_slice(b"]}");
    body
}
