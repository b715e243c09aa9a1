#!/bin/sh
# Builds source-bench with `unchecked` on each stream, nothing else changed: target/release/source-bench-unchecked.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
copy=$root/target/unchecked
rm -rf "$copy" && mkdir -p "$copy" && cp -r "$root/examples/source-bench/src" "$copy/src"
sed -i 's/#\[http(/#[http(unchecked, /' "$copy/src/records.rs"
sed -e 's/^name = .*/name = "source-bench-unchecked"/' -e 's|\.\./\.\.|../..|' "$root/examples/source-bench/Cargo.toml" > "$copy/Cargo.toml"
# A package of its own needs the profile, too.
{ echo '[workspace]'; sed -n '/^\[profile.release\]/,/^\[profile.dev\]/p' "$root/Cargo.toml" | sed '$d'; } >> "$copy/Cargo.toml"
cp "$root/Cargo.lock" "$copy/Cargo.lock"
cargo build --release --manifest-path "$copy/Cargo.toml" --target-dir "$root/target"
