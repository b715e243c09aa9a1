#!/usr/bin/env python3
"""usage: compare.py EXPECTED_DIR FIRST.jsonl SECOND.jsonl. Are the records of a first read those of EXPECTED_DIR/STREAM.jsonl,
and those of a second one, for streams with a cursor, the rows of the last moment?"""
import json
import pathlib
import sys

CURSOR = "updated_at"


def line(record):
    return json.dumps(record, sort_keys=True, ensure_ascii=False)


def read(path):
    streams = {}
    for text in open(path, encoding="utf-8"):
        message = json.loads(text)
        if message["type"] == "RECORD":
            streams.setdefault(message["record"]["stream"], []).append(message["record"]["data"])
    return streams


def main(expected, first, second):
    first, second, bad = read(first), read(second), []
    for file in sorted(pathlib.Path(expected).glob("*.jsonl")):
        stream = file.stem
        want = [json.loads(text) for text in open(file, encoding="utf-8")]
        again = want
        if want and CURSOR in want[0]:
            last = max(row[CURSOR] for row in want)
            again = [row for row in want if row[CURSOR] == last]
        for name, got, wanted in (("first", first, want), ("second", second, again)):
            same = sorted(map(line, got.get(stream, []))) == sorted(map(line, wanted))
            print(f"{stream:14} {name:6} {len(got.get(stream, [])):5} of {len(wanted):5} {'same' if same else 'DIFFERENT'}")
            if not same:
                bad.append(stream)
    if bad or set(first) - {file.stem for file in pathlib.Path(expected).glob('*.jsonl')}:
        sys.exit(f"not the rows of the server: {bad or sorted(first)}")


main(*sys.argv[1:])
