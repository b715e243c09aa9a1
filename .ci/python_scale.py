#!/usr/bin/env python3
"""Many partitions, read by the Python framework and by ours, one after the other, from one API: time, memory, bytes of states.

usage: python_scale.py PYTHON BINARY [PARTITIONS]     as python_states.py; 2,000 partitions unless said. Prints a table for docs/engine.md.
"""
import datetime as dt
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import python_states  # noqa: E402

ROWS = 10


def measured(bench, name, command, states, environment):
    """One sync: seconds, peak MiB, records, bytes of their lines, bytes of the states' lines, the last state."""
    catalog = {"streams": [{
        "stream": {"name": name, "json_schema": {"type": "object"}, "supported_sync_modes": ["full_refresh", "incremental"]},
        "sync_mode": "incremental", "destination_sync_mode": "append", "cursor_field": ["updated_at"]}]}
    arguments = []
    for key, content in [("config", bench.config), ("catalog", catalog), ("state", states)]:
        if content is not None:
            file = bench.directory / f"{key}.json"
            file.write_text(json.dumps(content))
            arguments += [f"--{key}", str(file)]
    output = bench.directory / "output.jsonl"
    bench.world.taken()
    with open(output, "wb") as sink, open(bench.directory / "errors", "wb") as errors:
        begun = time.monotonic()
        process = subprocess.Popen([*command, "read", *arguments], stdout=sink, stderr=errors, env={**os.environ, **environment})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit {process.returncode}: {output.read_text()[-2000:]}")
    sizes, records, last = {"RECORD": 0, "STATE": 0}, 0, None
    with open(output, "rb") as lines:
        for line in lines:
            message = json.loads(line)
            if message["type"] in sizes:
                sizes[message["type"]] += len(line)
            records += message["type"] == "RECORD"
            if message["type"] == "STATE":
                last = message["state"]
    return seconds, usage.ru_maxrss / 1024, records, sizes["RECORD"], sizes["STATE"], last, len(bench.world.taken())


def main(python, binary, partitions=2000):
    with tempfile.TemporaryDirectory() as directory:
        bench = python_states.Bench(python, binary, directory)
        world = bench.world
        for user in range(int(partitions)):
            world.add("users", user)
            for row in range(ROWS):
                world.add(f"users/{user}/notes", row, python_states.START + dt.timedelta(hours=row + user % 24))
        by_python = [python, "-W", "ignore", str(python_states.HERE), "--source"]
        print(f"| {partitions} partitions, {ROWS} records each | seconds | peak RSS MiB | requests | records | last state, bytes | STATE bytes a RECORD byte |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        for who, command, environment in [("airbyte-cdk 7.39.1", by_python, {"STATES_SOURCE": "manifest"}), ("ours", [binary], {})]:
            states = None
            for what in ["from the beginning", "from the state before"]:
                seconds, memory, records, record_bytes, state_bytes, last, requests = measured(bench, "notes", command, states, environment)
                document = len(json.dumps(last["stream"]["stream_state"], separators=(",", ":")))
                share = f"{state_bytes / record_bytes:.3f}" if record_bytes else "–"
                print(f"| {who}, {what} | {seconds:.2f} | {memory:.0f} | {requests} | {records} | {document} | {share} |", flush=True)
                states = [last]


if __name__ == "__main__":
    if len(sys.argv) in (3, 4):
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
