//! The compact map against a plain one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::state::front::{Reader, Writer};
use crate::state::runs::RunMap;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn it_is_a_map(seed in any::<u64>(), wide in 1_u64..100_000, count in 0_u64..9000) {
        let (mut map, mut model) = (RunMap::default(), BTreeMap::new());
        let mut number = seed | 1;
        for _ in 0..count {
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
            let (key, payload) = (format!("\"k{}ü\"", number % wide), format!("{}", number % 7));
            map.insert(&key, &payload);
            model.insert(key, payload);
        }
        for key in model.keys().step_by(17) {
            prop_assert_eq!(map.get(key), model.get(key).map(String::as_str));
            prop_assert_eq!(map.get(&format!("{key}x")), None);
        }
        prop_assert_eq!(map.get(""), None);
        let mut entries = Vec::new();
        map.for_each(|key, payload| entries.push((key.to_owned(), payload.to_owned())));
        prop_assert_eq!(&entries, &model.clone().into_iter().collect::<Vec<_>>());
        let even = map.rewrite(|key, payload, out| { out.push_str(payload); out.push('!'); key.len() % 2 == 0 });
        let mut left = Vec::new();
        even.for_each(|key, payload| left.push((key.to_owned(), payload.to_owned())));
        let expected: Vec<_> = model.into_iter().filter(|(key, _)| key.len() % 2 == 0).map(|(key, payload)| (key, payload + "!")).collect();
        prop_assert_eq!(left, expected);
    }
}

proptest! {
    #[test]
    fn front_coding_gives_back_what_it_got(keys in proptest::collection::btree_set(".{0,90}", 0..40), payloads in any::<bool>()) {
        let mut writer = Writer::default();
        for key in &keys {
            if payloads { writer.entry(key, &key.to_uppercase()) } else { writer.key(key) }
        }
        let mut reader = Reader::new(&writer.text, payloads);
        for key in &keys {
            prop_assert!(reader.advance().unwrap());
            prop_assert_eq!(&reader.key, key);
            if payloads { prop_assert_eq!(reader.payload, key.to_uppercase()) }
        }
        prop_assert!(!reader.advance().unwrap());
    }

    #[test]
    fn no_text_panics(text in ".{0,60}", payloads in any::<bool>()) {
        let mut reader = Reader::new(&text, payloads);
        while let Ok(true) = reader.advance() {}
    }
}
