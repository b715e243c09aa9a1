#!/usr/bin/env python3
"""Counts what the compiler says of planted faults: over tests/ui, and over ten like faults in serde, clap and bon.

usage: .ci/faults.py [--peers]    --peers also compiles the ten faults of each crate, in target/faults outside the workspace

found       there is an error
token       it underlines what the author got wrong, and not the macro's name or the whole item
suggestion  it says what to write instead: a name, an example, a form, a note with the fix
follow-up   there are more errors than faults
"""
import json, os, pathlib, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
# What rustc adds of its own: neither of these says what to write.
NOISE = re.compile(r"note: (required|this error originates|inside|expected|the |function defined|method defined|associated|in this)[^\n]*|help: (the trait|the following other types|consider importing|items from traits)[^\n]*")
# Cases that plant several faults.
SEVERAL = {"keys/all_at_once": 8, "formats/delimiter_of_two_characters": 2, "sources/all_with_two_faults": 2, "formats/another_frameworks_words": 2, "jobs/misspelt_and_foreign_keys": 2, "jobs/value_of_the_job_misspelt": 2,
           "sources/stream_misspelt_beside_auth_misspelt": 2, "sources/stream_misspelt_beside_authenticator_misspelt": 2,
           "cursors/second_part_without_a_field": 3, "cursors/time_zone_misspelt": 2, "jobs/status_at_two_places": 2, "parents/first_page_beside_cursor_and_lists": 2, "parents/second_parent_beside_others": 2,
           "values/field_list_in_parts_of_no_one_list": 3, "parents/field_of_one_of_several": 3, "sources/circle_and_gap_among_several_parents": 2}
HINT = re.compile(r"did you mean|help: |note: |it has |it is one of |takes |available fields|`[^`]*(=|\()[^`]*`|make it |leave |name |add |give |list |such as|as in|belongs|can be|expected one of", re.I)


def ui():
    rows = []
    for family in ("ours", "rustc"):
        for path in sorted((ROOT / "tests/ui" / family).glob("*/*.stderr")):
            rows.append(case(family, path))
    for family in ("ours", "rustc"):
        show(f"`tests/ui/{family}`", [row for row in rows if row["family"] == family])
    show("all", rows)
    for row in rows:
        if not row["token"] or row["follow"] or not row["hint"]:
            told = [word for word, so in (("not at the token", not row["token"]), ("follow-up", row["follow"]), ("no suggestion", not row["hint"])) if so]
            print("  ", row["name"], ", ".join(told), file=sys.stderr)


def case(family, path):
    text = path.read_text()
    blocks = [block for block in re.split(r"\n(?=error)", text) if block.startswith("error")]
    source = path.with_suffix(".rs").read_text().splitlines()
    first = blocks[0] if blocks else ""
    where = re.search(r"-->\s+\S+?:(\d+):(\d+)", first)
    marks = re.search(r"\^+", first)
    line, column = (int(where.group(1)), int(where.group(2))) if where else (0, 0)
    marked = source[line - 1][column - 1:column - 1 + len(marks.group(0))] if where and marks and line <= len(source) else ""
    return {
        "family": family, "name": f"{path.parent.name}/{path.stem}", "found": bool(blocks),
        "token": bool(marked) and marked.strip() not in ("HttpStream", "Record") and not marked.startswith("#[source("),
        "hint": bool(HINT.search(NOISE.sub("", text))), "follow": len(blocks) > SEVERAL.get(f"{path.parent.name}/{path.stem}", 1),
        "errors": len(blocks),
    }


def show(name, rows):
    count = lambda key: sum(bool(row[key]) for row in rows)
    print(f"| {name} | {len(rows)} | {count('found')} | {count('token')} | {count('hint')} | {count('follow')} |")


# (name, code, the token that is wrong, number of faults)
PEERS = {
    "serde": [
        ("misspelt", '#[derive(serde::Deserialize)] #[serde(rename_al = "camelCase")] struct S { a: u8 }', "rename_al", 1),
        ("twice", '#[derive(serde::Deserialize)] struct S { #[serde(rename = "x", rename = "y")] a: u8 }', "rename", 1),
        ("unknown", '#[derive(serde::Deserialize)] struct S { #[serde(frobnicate)] a: u8 }', "frobnicate", 1),
        ("excludes", '#[derive(serde::Deserialize)] #[serde(tag = "t", untagged)] enum S { A { a: u8 } }', "untagged", 1),
        ("not_a_string", '#[derive(serde::Deserialize)] struct S { #[serde(rename = 1)] a: u8 }', "1", 1),
        ("without_a_value", '#[derive(serde::Deserialize)] struct S { #[serde(rename)] a: u8 }', "rename", 1),
        ("function_misspelt", 'fn five() -> u8 { 5 } #[derive(serde::Deserialize)] struct S { #[serde(default = "fives")] a: u8 }', '"fives"', 1),
        ("type_without_the_trait", 'struct Opaque; #[derive(serde::Deserialize)] struct S { a: Opaque }', "Opaque", 1),
        ("wrong_item", '#[derive(serde::Deserialize)] union S { a: u8 }', "union", 1),
        ("two_at_once", '#[derive(serde::Deserialize)] struct S { #[serde(renam = "x")] a: u8, #[serde(defualt)] b: u8 }', "renam", 2),
    ],
    "clap": [
        ("misspelt", '#[derive(clap::Parser)] struct S { #[arg(lnog)] a: u8 }', "lnog", 1),
        ("twice", '#[derive(clap::Parser)] struct S { #[arg(long = "x", long = "y")] a: u8 }', "long", 1),
        ("unknown", '#[derive(clap::Parser)] struct S { #[arg(frobnicate)] a: u8 }', "frobnicate", 1),
        ("excludes", '#[derive(clap::Args)] struct T { b: u8 } #[derive(clap::Parser)] struct S { #[command(flatten, subcommand)] a: T }', "subcommand", 1),
        ("not_a_string", '#[derive(clap::Parser)] #[command(name = 1.5)] struct S { a: u8 }', "1.5", 1),
        ("without_a_value", '#[derive(clap::Parser)] struct S { #[arg(value_name)] a: u8 }', "value_name", 1),
        ("function_misspelt", 'fn five(_: &str) -> Result<u8, String> { Ok(5) } #[derive(clap::Parser)] struct S { #[arg(value_parser = fives)] a: u8 }', "fives", 1),
        ("type_without_the_trait", '#[derive(Clone)] struct Opaque; #[derive(clap::Parser)] struct S { a: Opaque }', "Opaque", 1),
        ("wrong_item", '#[derive(clap::Parser)] union S { a: u8 }', "union", 1),
        ("two_at_once", '#[derive(clap::Parser)] struct S { #[arg(lnog)] a: u8, #[arg(shrot)] b: u8 }', "lnog", 2),
    ],
    "bon": [
        ("misspelt", '#[derive(bon::Builder)] struct S { #[builder(defualt = 1)] a: u8 }', "defualt", 1),
        ("twice", '#[derive(bon::Builder)] struct S { #[builder(default = 1, default = 2)] a: u8 }', "default", 1),
        ("unknown", '#[derive(bon::Builder)] struct S { #[builder(frobnicate)] a: u8 }', "frobnicate", 1),
        ("excludes", '#[derive(bon::Builder)] struct S { #[builder(skip, into)] a: u8 }', "into", 1),
        ("not_a_string", '#[derive(bon::Builder)] struct S { #[builder(name = 1)] a: u8 }', "1", 1),
        ("without_a_value", '#[derive(bon::Builder)] struct S { #[builder(name)] a: u8 }', "name", 1),
        ("function_misspelt", 'fn five() -> u8 { 5 } #[derive(bon::Builder)] struct S { #[builder(default = fives())] a: u8 }', "fives", 1),
        ("type_without_the_trait", 'struct Opaque; #[derive(bon::Builder)] #[builder(derive(Clone))] struct S { a: Opaque }', "Opaque", 1),
        ("wrong_item", '#[derive(bon::Builder)] enum S { A { a: u8 } }', "enum", 1),
        ("two_at_once", '#[derive(bon::Builder)] struct S { #[builder(defualt)] a: u8, #[builder(itno)] b: u8 }', "defualt", 2),
    ],
}
OURS = ["ours/keys/misspelt", "ours/keys/given_twice", "ours/keys/unknown", "ours/streams/body_and_form", "ours/keys/not_a_string",
        "ours/keys/without_a_value", "rustc/hooks/misspelt", "rustc/records/field_without_shape_and_serde", "ours/streams/an_enum", "ours/keys/all_at_once"]


def peers():
    folder = ROOT / "target/faults"
    (folder / "src/bin").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text('[package]\nname = "faults"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n[dependencies]\n'
                                       'serde = { version = "1", features = ["derive"] }\nclap = { version = "4", features = ["derive"] }\nbon = "3"\n')
    for crate, faults in PEERS.items():
        for name, code, _, _ in faults:
            # A line a piece, so that rustc's positions tell them apart.
            code = re.sub(r"(?<=[;{}\]]) (?=[#a-z])", "\n", code)
            (folder / f"src/bin/{crate}_{name}.rs").write_text(code + "\nfn main() {}\n")
    done = subprocess.run(["cargo", "check", "--bins", "--keep-going", "--message-format=json"], cwd=folder, capture_output=True, text=True,
                          env=dict(os.environ, CARGO_TARGET_DIR=str(folder / "target")))
    errors = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("reason") == "compiler-message" and message["message"]["level"] == "error" and message["message"]["spans"]:
            errors.setdefault(message["target"]["name"], []).append(message["message"])
    versions = dict(re.findall(r'name = "(serde|clap|bon)"\nversion = "([^"]+)"', (folder / "Cargo.lock").read_text()))
    rows = [case(*path.split("/", 1)[:1], ROOT / "tests/ui" / (path + ".stderr")) for path in OURS]
    show("connector", rows)
    for crate, faults in PEERS.items():
        rows = []
        for name, _, token, planted in faults:
            told = errors.get(f"{crate}_{name}", [])
            spans = [text["text"][text["highlight_start"] - 1:text["highlight_end"] - 1] for error in told for span in error["spans"] if span["is_primary"] for text in span["text"]]
            right = any(token in marked and len(marked) <= len(token) + 24 for marked in spans)
            text = "\n".join(error["rendered"] for error in told)
            rows.append({"found": len(told) >= planted, "token": right, "hint": bool(HINT.search(NOISE.sub("", text))), "follow": len(told) > planted})
            print("  ", crate, name, rows[-1], [error["message"] for error in told], spans, file=sys.stderr)
        show(f"{crate} {versions[crate]}", rows)


print("| | faults | found | at the token | with a suggestion | with a follow-up |\n|---|---|---|---|---|---|")
ui()
if "--peers" in sys.argv:
    peers()
