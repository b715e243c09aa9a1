//! The fuzzer's targets over their corpus (`fuzz/corpus`), without the fuzzer: each input, its beginnings, and each with a bit changed.

use std::fs;
use std::path::Path;

use crate::fuzzing::TARGETS;

#[test]
fn the_corpus_brings_nothing_down() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    if !corpus.exists() {
        // A published package has no corpus.
        return;
    }
    for (name, target) in TARGETS {
        let mut inputs = 0;
        for entry in fs::read_dir(corpus.join(name)).unwrap() {
            let input = fs::read(entry.unwrap().path()).unwrap();
            inputs += 1;
            target(&input);
            // All of a small input, some of a large one.
            let step = (input.len() / 200).max(1);
            for at in (0..input.len()).step_by(step) {
                target(&input[..at]);
                let mut changed = input.clone();
                changed[at] ^= 1 << (at % 8);
                target(&changed);
            }
        }
        assert!(inputs >= 3, "{name} has {inputs} inputs only");
    }
}
