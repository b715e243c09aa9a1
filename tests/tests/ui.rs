//! What the compiler refuses, a file a fault, named after it.
//!
//! `ui/ours` quotes our own messages, which survive a new compiler; `ui/rustc` quotes rustc's, which may change with one.
//! `TRYBUILD=overwrite cargo test -p connector-tests --test ui` writes them anew; read the diff.

#[test]
fn faults_are_told_where_they_are() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/ours/*/*.rs");
    cases.compile_fail("ui/rustc/*/*.rs");
}
