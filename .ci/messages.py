#!/usr/bin/env python3
"""Judges what tests made sources write against the protocol: messages.py CONFORMANCE_DIR FILE...

A file is the output of one command, named `NUMBER-VERB.jsonl` or `NAME.EXITCODE.VERB.jsonl`. Each line is held against the protocol's
schema and parsed with the public Python models, and the rules across lines are applied. Exit code 1 if anything is wrong."""
import re
import sys

sys.path.insert(0, sys.argv[1])
import protocol  # noqa: E402

# The clock of many tests is a virtual one, which begins here.
VIRTUAL_EPOCH = 1_704_067_200
lines = files = wrong = 0
for path in sys.argv[2:]:
    code, verb = re.search(r"(?:\.(-?\d+)\.)?(spec|check|discover|read)\.jsonl$", path).groups()
    with open(path, "rb") as file:
        content = file.read().split(b"\n")
    whole = content.pop() == b""
    check = protocol.Check(verb, content, rc=int(code) if code else None, last_line_complete=whole, t_start=VIRTUAL_EPOCH, expect="fail" if code == "1" else None)
    files += 1
    lines += len(content)
    for finding in check.errors:
        wrong += 1
        print(f"{path}: {finding}")
print(f"{lines} lines of {files} files judged by {protocol.official_validator()[1].rsplit('/', 1)[-1]} and the Python models: {wrong} errors")
sys.exit(1 if wrong or not files else 0)
