#!/bin/sh
# A connector of three streams, the one of the README, in a package of its own: build times, and the size of the binary.
# Takes a directory for it, by default one below target; what is there is removed.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
dir=${1:-$root/target/three}
rm -rf "$dir" && mkdir -p "$dir/src"
sed -n '/^```rust,no_run/,/^```$/p' "$root/README.md" | sed '1d;/^```$/,$d' > "$dir/src/main.rs"
{
    printf '[package]\nname = "source-three"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n'
    printf 'connector-http = { path = "%s/connector-http" }\nserde_json = "1"\n\n[workspace]\n\n' "$root"
    sed -n '/^\[profile.release\]/,$p' "$root/Cargo.toml"
} > "$dir/Cargo.toml"
cp "$root/Cargo.lock" "$dir/Cargo.lock"
cd "$dir"
cargo fetch -q
timed() { echo "== $*"; /usr/bin/env bash -c 'TIMEFORMAT="%R s, CPU %U + %S s"; time "$@"' - "$@"; }
timed cargo build -q --release
timed cargo build -q
echo '// changed' >> src/main.rs
timed cargo build -q
ls -l target/release/source-three
timed target/release/source-three spec > /dev/null
