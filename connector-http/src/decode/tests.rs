#![allow(clippy::unwrap_used)]

use std::io::Write as _;

use super::*;
use proptest::prelude::*;

mod archives;

/// Pushes the data in chunks of these sizes, in turn, and collects what comes out.
fn decode(encoding: &str, data: &[u8], sizes: &[usize]) -> Result<Vec<u8>, Fault> {
    let mut decoder = Decoder::new(Some(encoding))?;
    let mut out = Vec::new();
    let mut rest = data;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, left) = rest.split_at((*size).clamp(1, rest.len()));
        rest = left;
        decoder.push(Bytes::copy_from_slice(chunk));
        pull_all(&mut decoder, &mut out)?;
    }
    decoder.finish()?;
    pull_all(&mut decoder, &mut out)?;
    Ok(out)
}

/// What can be pulled; a file that begins is marked by `|`.
fn pull_all(decoder: &mut Decoder, out: &mut Vec<u8>) -> Result<(), Fault> {
    while let Some(piece) = decoder.pull()? {
        assert!(piece.bytes.len() <= PIECE);
        out.extend_from_slice(if piece.begins_file { b"|" } else { b"" });
        out.extend_from_slice(&piece.bytes);
    }
    Ok(())
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn raw_deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(data, ruzstd::encoding::CompressionLevel::Fastest)
}

/// `brotli` with a quality of 5 over the text below; there is no encoder among our dependencies.
const BROTLI: &[u8] = &[0x0b, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03];

/// So many cases, unless `PROPTEST_CASES` wants more.
fn few(cases: u32) -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    if asked { ProptestConfig::default() } else { ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(few(64))]
    #[test]
    fn every_encoding_survives_any_chunking(
        data in proptest::collection::vec(prop_oneof![Just(b'a'), any::<u8>()], 0..5000),
        sizes in proptest::collection::vec(1_usize..700, 1..8),
    ) {
        prop_assert_eq!(&decode("gzip", &gzip(&data), &sizes).unwrap(), &data);
        prop_assert_eq!(&decode("deflate", &zlib(&data), &sizes).unwrap(), &data);
        prop_assert_eq!(&decode("zstd", &zstd(&data), &sizes).unwrap(), &data);
        prop_assert_eq!(&decode("identity", &data, &sizes).unwrap(), &data);
    }

    #[test]
    fn noise_is_an_error_and_no_panic(
        data in proptest::collection::vec(any::<u8>(), 0..2000),
        sizes in proptest::collection::vec(1_usize..300, 1..4),
        encoding in prop_oneof![Just("gzip"), Just("deflate"), Just("br"), Just("zstd")],
    ) {
        let _ = decode(encoding, &data, &sizes);
    }

    #[test]
    fn a_cut_is_noticed(data in proptest::collection::vec(any::<u8>(), 1..3000), cut in 1_usize..20) {
        for (encoding, whole) in [("gzip", gzip(&data)), ("deflate", zlib(&data)), ("zstd", zstd(&data))] {
            let end = whole.len().saturating_sub(cut).max(1);
            prop_assert!(decode(encoding, &whole[..end], &[100]).is_err(), "{} cut by {}", encoding, cut);
        }
    }
}

#[test]
fn deflate_without_a_zlib_header() {
    let text = b"hello hello hello hello".repeat(20);
    assert_eq!(decode("deflate", &raw_deflate(&text), &[7]).unwrap(), text);
}

#[test]
fn brotli() {
    assert_eq!(decode("br", BROTLI, &[1]).unwrap(), b"hello");
    assert!(decode("br", &BROTLI[..BROTLI.len() - 2], &[3]).is_err());
}

/// Neither is lost or taken for padding, wherever the bytes are cut.
#[test]
fn what_follows_padding_is_a_member_or_harm() {
    let (mut two, mut harm) = ([gzip(b"ab"), vec![0; 20]].concat(), [gzip(b"ab"), vec![0; 20]].concat());
    two.extend(gzip(b"cd"));
    harm.extend(b"no member");
    for size in [1, 3, 7, usize::MAX] {
        assert_eq!(decode("gzip", &two, &[size]).unwrap(), b"abcd");
        assert!(decode("gzip", &harm, &[size]).is_err(), "{size}");
    }
}

#[test]
fn several_gzip_members_and_padding() {
    let mut data = gzip(b"one ");
    data.extend(gzip(b"two"));
    data.extend([0; 10]);
    assert_eq!(decode("gzip", &data, &[3]).unwrap(), b"one two");
}

#[test]
fn several_zstd_frames() {
    let mut data = zstd(b"one ");
    data.extend(zstd(b"two"));
    assert_eq!(decode("zstd", &data, &[2]).unwrap(), b"one two");
}

#[test]
fn a_bomb_comes_out_in_pieces() {
    let mut decoder = Decoder::new(Some("gzip")).unwrap();
    decoder.push(Bytes::from(gzip(&vec![0; 8 << 20])));
    let mut total = 0;
    while let Some(piece) = decoder.pull().unwrap() {
        assert!(piece.bytes.len() <= PIECE);
        total += piece.bytes.len();
    }
    assert_eq!(total, 8 << 20);
    decoder.finish().unwrap();
    assert_eq!(decoder.pull(), Ok(None));
}

#[test]
fn an_unknown_encoding_is_named() {
    assert!(Decoder::new(Some("compress")).err().unwrap().contains("`compress`"));
}

#[test]
fn a_compressed_file_is_recognised() {
    assert_eq!(decode("identity", &gzip(b"id,name\n"), &[1000]).unwrap(), b"id,name\n");
}
