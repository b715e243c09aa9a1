#!/usr/bin/env python3
"""What the macros cost while a connector is built: 100 streams of 20 fields, against the same structs with other derives.

usage: .ci/macros.py [--rounds N] [--streams N] [--fields N] [--release] [--share] [VARIANT …]

The crates are written to target/costs, outside the workspace, with a target folder of their own. All dependencies are built
first; each figure is one crate's own build: its artefacts are removed before. Variants take turns, round by round. Reported
is the least CPU time (user and system, all threads) and the least wall time; CPU time says more on a machine that others use.
"""
import argparse, os, pathlib, resource, shutil, statistics, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "costs"

TYPES = ["u64", "String", "Option<String>", "bool", "DateTime<Utc>", "Option<f64>", "Option<Decimal>", "Vec<String>",
         "Option<Vec<Line{s}>>", "BTreeMap<String, u64>", "NaiveDate", "i32", "Option<DateTime<Utc>>", "Option<i64>"]
FIELD_WORDS = ["name", "email", "status", "total", "note", "region", "kind", "owner", "city", "code"]

VARIANTS = {
    "none": "no derives",
    "ours": "`HttpStream` and `#[source]`",
    "serde": "`Deserialize`, used",
    "serde_schemars": "`Deserialize` and `JsonSchema`, used",
    "serde_unused": "`Deserialize`, never used",
    "both": "ours, and both of serde's and schemars', used",
}


def derives(variant, stream):
    found = []
    if variant in ("ours", "both"):
        found.append("connector_http::HttpStream" if stream else "connector_http::Record")
    if variant in ("serde", "serde_schemars", "serde_unused", "both"):
        found.append("serde::Deserialize")
    if variant in ("serde_schemars", "both"):
        found.append("schemars::JsonSchema")
    return "#[derive(%s)]\n" % ", ".join(found) if found else ""


def program(variant, streams, fields):
    ours = variant in ("ours", "both")
    out = ["#![allow(dead_code, unused_imports)]", "use std::collections::BTreeMap;", "use connector_http::prelude::*;"]
    for s in range(streams):
        out.append(f"/// A line of record {s}.\n{derives(variant, False)}struct Line{s} {{ sku{s}: String, amount: Option<f64> }}")
        doc = f"/// Records number {s}, as the API describes them."
        attributes = ""
        if ours:
            parent = f", parent = Stream{s - 1}" if s % 4 == 3 else ""
            path = f"groups/{{parent.id}}/things{s}" if parent else f"things{s}"
            attributes = f'#[http(name = "things{s}", path = "{path}", records = "data.things", params(limit = 100, region = config.region){parent})]\n'
            attributes += '#[paginate(token = "meta.next", param = "after")]\n'
        out.append(f"{doc}\n{derives(variant, True)}{attributes}struct Stream{s} {{")
        out.append(("    #[primary_key]\n" if ours else "") + "    id: u64,")
        cursor = '    #[cursor(since = "since", start = config.start_date)]\n' if ours else ""
        out.append(cursor + "    updated_at: DateTime<Utc>,")
        for f in range(fields - 2):
            name = f"{FIELD_WORDS[f % len(FIELD_WORDS)]}_{s}_{f}"
            out.append(f"    /// The {name} of it.\n    {name}: {TYPES[f % len(TYPES)].format(s=s)},")
        out.append("}")
    names = ", ".join(f"Stream{s}" for s in range(streams))
    config = "struct Example {\n    token: Secret,\n    region: Option<String>,\n    start_date: Option<DateTime<Utc>>,\n}"
    if ours:
        out.append(f'#[connector_http::source(name = "source-costs", base_url = "https://api.example.com/", auth = bearer(config.token), streams({names}))]\n{config}')
    else:
        out.append(config)
    out.append("fn main() -> ExitCode {\n    let marker = 1;")
    use = []
    for s in range(streams):
        if variant in ("serde", "serde_schemars", "both"):
            use.append(f"    drop(serde_json::from_str::<Stream{s}>(&text));")
        if variant in ("serde_schemars", "both"):
            use.append(f"    drop(schemars::schema_for!(Stream{s}));")
    if use:
        out.append("    let text = std::env::args().nth(9).unwrap_or_default();\n" + "\n".join(use))
    out.append("    std::hint::black_box(marker);")
    out.append("    connector_http::run::<Example>()\n}" if ours else "    ExitCode::SUCCESS\n}")
    return "\n".join(out) + "\n"


def crate(variant, streams, fields):
    folder = WORK / variant
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(f'''[package]
name = "costs-{variant.replace("_", "-")}"
version = "0.1.0"
edition = "2024"

[dependencies]
connector-http = {{ path = "{ROOT}/connector-http" }}
chrono = {{ version = "0.4", default-features = false, features = ["std", "clock", "serde"] }}
rust_decimal = {{ version = "1", default-features = false, features = ["std", "serde"] }}
schemars = {{ version = "1", features = ["chrono04", "rust_decimal1"] }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"

[profile.dev]
debug = "line-tables-only"
[profile.dev.package."*"]
debug = false
[profile.release]
strip = "symbols"
[workspace]
''')
    (folder / "src/main.rs").write_text(program(variant, streams, fields))
    if not (folder / "Cargo.lock").exists():
        shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
    return folder


def cargo(folder, *args, incremental=False, extra=None, quiet=True):
    env = dict(os.environ, CARGO_TARGET_DIR=str(WORK / "target"), CARGO_INCREMENTAL="1" if incremental else "0", **(extra or {}))
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(["cargo", *args], cwd=folder, env=env, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start, done


def forget(folder, release):
    name = "costs-" + folder.name.replace("_", "-")
    cargo(folder, "clean", "-p", name, *(["--release"] if release else []))


def measure(folder, what):
    release = what == "release"
    if what == "rebuild":
        main = folder / "src/main.rs"
        cargo(folder, "build", incremental=True)
        text = main.read_text()
        at = text.index("let marker = ")
        end = text.index(";", at)
        number = int(text[at + len("let marker = "):end]) + 1
        main.write_text(text[:at] + f"let marker = {number}" + text[end:])
        cpu, wall, _ = cargo(folder, "build", incremental=True)
        return cpu, wall
    if what == "field":
        # A line of a stream changes: the macros run again.
        main = folder / "src/main.rs"
        cargo(folder, "build", incremental=True)
        text = main.read_text()
        main.write_text(text.replace("/// The name_0_0 of it", "/// The name_0_0 of it!", 1))
        cpu, wall, _ = cargo(folder, "build", incremental=True)
        return cpu, wall
    forget(folder, release)
    args = {"check": ["check"], "debug": ["build"], "release": ["build", "--release"]}[what]
    cpu, wall, _ = cargo(folder, *args)
    return cpu, wall


def size(folder):
    binary = WORK / "target/release" / ("costs-" + folder.name.replace("_", "-"))
    return f"{binary.stat().st_size / 1e6:.2f}" if binary.exists() else ""


def share(folder):
    """The passes of a check, as rustc times them."""
    forget(folder, False)
    name = "costs-" + folder.name.replace("_", "-")
    _, _, done = cargo(folder, "rustc", "--profile", "check" if False else "dev", "--bin", name, "--", "-Ztime-passes",
                       "--emit=metadata", extra={"RUSTC_BOOTSTRAP": "1"})
    lines = [l for l in (done.stdout + done.stderr).splitlines() if l.startswith("time:")]
    wanted = ("parse_crate", "macro_expand_crate", "expand_crate", "type_check_crate", "MIR_borrow_checking", "MIR_effect_checking", "misc_checking", "total")
    return [l for l in lines if any(w in l for w in wanted)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("variants", nargs="*", default=["none", "ours", "serde", "serde_schemars", "both"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--fields", type=int, default=20)
    parser.add_argument("--release", action="store_true", help="also release builds, which take minutes with serde")
    parser.add_argument("--share", action="store_true", help="print rustc's own times of its passes for each variant")
    given = parser.parse_args()
    folders = {v: crate(v, given.streams, given.fields) for v in given.variants}
    kinds = ["check", "debug", "rebuild", "field"] + (["release"] if given.release else [])
    for folder in folders.values():
        cargo(folder, "check")
        cargo(folder, "build")
        cargo(folder, "build", incremental=True)
        if given.release:
            cargo(folder, "build", "--release")
    found = {v: {k: [] for k in kinds} for v in folders}
    for _ in range(given.rounds):
        for kind in kinds:
            for variant, folder in folders.items():
                found[variant][kind].append(measure(folder, kind))
    print("| structs with | " + " | ".join(kinds) + " | MB |")
    print("|---" * (len(kinds) + 2) + "|")
    for variant, folder in folders.items():
        cells = [f"{min(c for c, _ in found[variant][k]):.2f} / {min(w for _, w in found[variant][k]):.2f}" for k in kinds]
        print(f"| {VARIANTS[variant]} | " + " | ".join(cells) + f" | {size(folder)} |")
    if given.share:
        for variant, folder in folders.items():
            print(variant, *share(folder), sep="\n  ")


main()
