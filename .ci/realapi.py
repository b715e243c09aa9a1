"""What the scripts about real servers share: the connector's messages, and comparison of rows."""
import json
import pathlib
import sys


def rows(path):
    """The rows that walk.py found, of one stream, without what it says of their parents (`_bucket`)."""
    return [{name: value for name, value in json.loads(text).items() if not name.startswith("_")} for text in open(path, encoding="utf-8")]


def messages(path):
    return [json.loads(text) for text in open(path, encoding="utf-8")]


def records(path):
    """The records of each stream."""
    streams = {}
    for message in messages(path):
        if message["type"] == "RECORD":
            streams.setdefault(message["record"]["stream"], []).append(message["record"]["data"])
    return streams


def expected(folder, streams):
    return {stream: rows(pathlib.Path(folder) / f"{stream}.jsonl") for stream in streams}


class Comparison:
    """Tells each comparison in a line; `end` fails if one did not hold."""

    def __init__(self):
        self.bad = []

    def same(self, what, got, wanted):
        line = lambda row: json.dumps(row, sort_keys=True, ensure_ascii=False)
        holds = sorted(map(line, got)) == sorted(map(line, wanted))
        print(f"{what:28} {len(got):5} of {len(wanted):5} {'same' if holds else 'DIFFERENT'}")
        self.note(holds, what)

    def holds(self, holds, what):
        print(f"{what}: {'yes' if holds else 'NO'}")
        self.note(holds, what)

    def note(self, holds, what):
        if not holds:
            self.bad.append(what)

    def end(self):
        if self.bad:
            sys.exit(f"not as it should be: {'; '.join(self.bad)}")
