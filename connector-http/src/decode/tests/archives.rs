//! Zip archives, made by hand, and what is packed twice.

use super::*;

/// How a file's sizes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sizes {
    InHeader,
    In64Bits,
    Behind,
    BehindUnsigned,
    BehindIn64Bits,
}

const ALL: [Sizes; 5] = [Sizes::InHeader, Sizes::In64Bits, Sizes::Behind, Sizes::BehindUnsigned, Sizes::BehindIn64Bits];

fn crc(data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    crc.sum()
}

fn file(name: &str, data: &[u8], packed: bool, sizes: Sizes) -> Vec<u8> {
    let body = if packed { raw_deflate(data) } else { data.to_vec() };
    let behind = matches!(sizes, Sizes::Behind | Sizes::BehindUnsigned | Sizes::BehindIn64Bits);
    let (size, unpacked) = (body.len() as u64, data.len() as u64);
    let told: [u32; 3] = match sizes {
        Sizes::InHeader => [crc(data), size as u32, unpacked as u32],
        Sizes::In64Bits => [crc(data), u32::MAX, u32::MAX],
        _ => [0; 3],
    };
    let mut extra = Vec::new();
    if sizes == Sizes::In64Bits {
        // Another field stands before the one that matters.
        extra.extend_from_slice(&[0x55, 0x54, 1, 0, 9, 1, 0, 16, 0]);
        extra.extend_from_slice(&unpacked.to_le_bytes());
        extra.extend_from_slice(&size.to_le_bytes());
    }
    let mut out = b"PK\x03\x04".to_vec();
    let method = if packed { 8_u16 } else { 0 };
    for word in [20, if behind { 8 } else { 0 }, method, 0, 0] {
        out.extend_from_slice(&u16::to_le_bytes(word));
    }
    for word in told {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(&(name.len() as u16).to_le_bytes());
    out.extend_from_slice(&(extra.len() as u16).to_le_bytes());
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(&extra);
    out.extend_from_slice(&body);
    if behind {
        out.extend_from_slice(if sizes == Sizes::BehindUnsigned { b"" } else { b"PK\x07\x08" });
        out.extend_from_slice(&crc(data).to_le_bytes());
        for size in [size, unpacked] {
            match sizes {
                Sizes::BehindIn64Bits => out.extend_from_slice(&size.to_le_bytes()),
                _ => out.extend_from_slice(&(size as u32).to_le_bytes()),
            }
        }
    }
    out
}

/// Files, and a directory that nobody reads.
fn archive(files: &[Vec<u8>]) -> Vec<u8> {
    let mut out = files.concat();
    out.extend_from_slice(b"PK\x01\x02 the directory PK\x05\x06 its end");
    out
}

proptest! {
    #![proptest_config(few(64))]
    #[test]
    fn archives_survive_any_chunking(
        files in proptest::collection::vec(
            (proptest::collection::vec(prop_oneof![Just(b'a'), any::<u8>()], 0..2000), any::<bool>(), 0_usize..5), 1..4),
        sizes in proptest::collection::vec(1_usize..300, 1..8),
    ) {
        let mut expected = Vec::new();
        let mut packed = Vec::new();
        for (i, (data, deflated, how)) in files.iter().enumerate() {
            // What is packed within would be unpacked, too.
            let mut data = data.clone();
            data.insert(0, b'x');
            let how = if *deflated { ALL[*how] } else { ALL[how % 2] };
            packed.push(file(&format!("{i}.csv"), &data, *deflated, how));
            packed.push(file("dir/", b"", false, Sizes::InHeader));
            packed.push(file("__MACOSX/._a.csv", b"resource", *deflated, how));
            expected.extend_from_slice(if i > 0 { b"|" } else { b"" });
            expected.extend_from_slice(&data);
        }
        prop_assert_eq!(decode("identity", &archive(&packed), &sizes).unwrap(), expected);
    }

    #[test]
    fn harm_is_an_error_or_harmless(at in 0_usize..200, byte: u8, cut in 0_usize..200, sizes in proptest::collection::vec(1_usize..90, 1..3)) {
        let mut whole = archive(&[file("a", b"hello hello", true, Sizes::Behind), file("b", &[7; 90], false, Sizes::InHeader)]);
        let at = at % whole.len();
        whole[at] = byte;
        let _ = decode("identity", &whole, &sizes);
        let cut = cut.min(whole.len());
        let _ = decode("identity", &whole[cut..], &sizes);
    }
}

#[test]
fn a_cut_or_a_changed_byte_is_noticed() {
    for sizes in ALL {
        let one = file("a.csv", &b"id\n1\n2\n".repeat(50), true, sizes);
        assert!(decode("identity", &one, &[9]).is_err(), "{sizes:?} without a directory");
        let mut changed = archive(&[file("a.csv", b"id\n1\n", false, Sizes::InHeader)]);
        changed[37] = b'!';
        assert!(decode("identity", &changed, &[9]).unwrap_err().contains("checksum of file 1"));
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let with = |at: usize, value: u8| {
        let mut whole = archive(&[file("a.csv", b"id\n", false, Sizes::InHeader)]);
        whole[at] = value;
        decode("identity", &whole, &[20]).unwrap_err()
    };
    assert_eq!(with(6, 1), "the zip data is broken: the file `a.csv` is encrypted");
    assert!(with(8, 12).contains("`a.csv` is packed by method 12"));
    let unknown = file("a.csv", b"id\n", false, Sizes::Behind);
    assert!(decode("identity", &unknown, &[20]).unwrap_err().contains("stored without its size"));
}

#[test]
fn packed_twice_and_packed_within() {
    let csv = b"id,name\n1,a\n";
    assert_eq!(decode("gzip", &gzip(&gzip(csv)), &[5]).unwrap(), csv);
    let within = archive(&[
        file("a.csv.gz", &gzip(csv), false, Sizes::InHeader),
        file("b.csv", b"x", true, Sizes::Behind),
        file("c", b"P", false, Sizes::InHeader),
    ]);
    assert_eq!(decode("identity", &within, &[5]).unwrap(), [&csv[..], b"|x|P"].concat());
    assert_eq!(decode("identity", b"PK\x05\x06 nothing in it", &[3]).unwrap(), b"");
    // Too little to tell is what it is.
    assert_eq!(decode("identity", b"PK", &[1]).unwrap(), b"PK");
    assert_eq!(decode("identity", b"\x1f", &[1]).unwrap(), b"\x1f");
}

#[test]
fn a_bomb_in_an_archive_comes_out_in_pieces() {
    let mut decoder = Decoder::new(None).unwrap();
    decoder.push(Bytes::from(archive(&[file("a", &vec![0; 8 << 20], true, Sizes::Behind)])));
    let mut total = 0;
    while let Some(piece) = decoder.pull().unwrap() {
        assert!(piece.bytes.len() <= PIECE);
        total += piece.bytes.len();
    }
    assert_eq!(total, 8 << 20);
}
