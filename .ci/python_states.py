#!/usr/bin/env python3
"""States between the Python framework and ours: a real sync with airbyte-cdk for each incremental shape, resumed by a connector of
this repository, and back again.

usage: python_states.py PYTHON BINARY     PYTHON: an interpreter that has airbyte-cdk 7.39.1; BINARY: tests/examples/source_states.rs

1. Python reads an API that runs here. 2. Records are added; ours goes on from Python's last states: it must ask from where they stand,
and bring what is new and what lies on the border. 3. Records are added again; Python goes on from our last states.
"""
import datetime as dt
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

FORMAT = "%Y-%m-%dT%H:%M:%SZ"
HERE = pathlib.Path(__file__).resolve()


def text(moment):
    return moment.strftime(FORMAT)


NOW = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
START = NOW - dt.timedelta(days=9)


# ---- the API -------------------------------------------------------------------------------------------------------------------


class World:
    """Rows by path; `since` and `until` are inclusive, `after` is for integers."""

    def __init__(self):
        self.rows, self.requests, self.lock = {}, [], threading.Lock()

    def add(self, path, identity, moment=None):
        row = {"id": identity}
        if moment:
            row["updated_at"] = text(moment)
        self.rows.setdefault(path, []).append(row)
        return row

    def answer(self, url):
        parts = urllib.parse.urlsplit(url)
        query = dict(urllib.parse.parse_qsl(parts.query))
        with self.lock:
            self.requests.append((parts.path.strip("/"), query))
        found = self.rows.get(parts.path.strip("/"), [])
        if "since" in query:
            found = [row for row in found if row["updated_at"] >= query["since"]]
        if "until" in query:
            found = [row for row in found if row["updated_at"] <= query["until"]]
        if "after" in query:
            found = [row for row in found if row["id"] >= int(query["after"])]
        return found

    def taken(self):
        with self.lock:
            taken, self.requests = self.requests, []
        return taken


def serve(world):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version, wbufsize = "HTTP/1.1", 1 << 16

        def do_GET(self):
            body = json.dumps({"rows": world.answer(self.path)}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


# ---- the same streams in the Python framework ----------------------------------------------------------------------------------


def option(name):
    return {"type": "RequestOption", "inject_into": "request_parameter", "field_name": name}


def moments(**more):
    return {
        "type": "DatetimeBasedCursor",
        "cursor_field": "updated_at",
        "datetime_format": FORMAT,
        "start_datetime": {"type": "MinMaxDatetime", "datetime": "{{ config['start'] }}", "datetime_format": FORMAT},
        "start_time_option": option("since"),
        **more,
    }


def stream(name, path, router=None, **more):
    retriever = {
        "type": "SimpleRetriever",
        "requester": {"type": "HttpRequester", "url_base": "{{ config['base_url'] }}", "http_method": "GET", "path": path},
        "record_selector": {"type": "RecordSelector", "extractor": {"type": "DpathExtractor", "field_path": ["rows"]}},
        "paginator": {"type": "NoPagination"},
    }
    if router:
        retriever["partition_router"] = router
    return {
        "type": "DeclarativeStream",
        "name": name,
        "primary_key": "id",
        "schema_loader": {"type": "InlineSchemaLoader", "schema": {"type": "object", "properties": {"id": {}, "updated_at": {"type": "string"}}}},
        "retriever": retriever,
        **more,
    }


def of_parent(parent, field, **more):
    link = {"type": "ParentStreamConfig", "stream": parent, "parent_key": "id", "partition_field": field, **more}
    return {"type": "SubstreamPartitionRouter", "parent_stream_configs": [link]}


def manifest():
    windows = {"step": "P3D", "cursor_granularity": "PT1S", "end_time_option": option("until")}
    events = stream("events", "events", incremental_sync=moments(**windows))
    changes = stream("changes", "changes", incremental_sync=moments())
    counts = stream("counts", "counts", incremental_sync={
        "type": "IncrementingCountCursor", "cursor_field": "id", "start_value": 0, "start_value_option": option("after")})
    users = stream("users", "users")
    boxes = stream("boxes", "users/{{ stream_partition.user_id }}/boxes", of_parent(users, "user_id"))
    listed = {"type": "ListPartitionRouter", "values": ["a", "b"], "cursor_field": "shop"}
    streams = [
        events,
        changes,
        counts,
        users,
        boxes,
        stream("shops", "shops/{{ stream_partition.shop }}", listed, incremental_sync=moments()),
        stream("notes", "users/{{ stream_partition.user_id }}/notes", of_parent(users, "user_id"), incremental_sync=moments()),
        stream("items", "boxes/{{ stream_partition.box_id }}/items", of_parent(boxes, "box_id"), incremental_sync=moments()),
        stream("all_notes", "users/{{ stream_partition.user_id }}/notes", of_parent(users, "user_id"),
               incremental_sync=moments(global_substream_cursor=True)),
        stream("replies", "events/{{ stream_partition.event_id }}/replies",
               of_parent(changes, "event_id", incremental_dependency=True), incremental_sync=moments()),
    ]
    return {
        "version": "6.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["events"]},
        "streams": streams,
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}, "additionalProperties": True}},
    }


def python_source(arguments):
    """Runs in the interpreter that has airbyte-cdk."""
    from airbyte_cdk.entrypoint import AirbyteEntrypoint, launch

    parsed = AirbyteEntrypoint.parse_args(arguments)
    if os.environ["STATES_SOURCE"] == "legacy":
        return launch(legacy_source(), arguments)
    from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

    read = ConcurrentDeclarativeSource
    source = ConcurrentDeclarativeSource(
        catalog=read.read_catalog(parsed.catalog),
        config=read.read_config(parsed.config),
        state=read.read_state(parsed.state) if parsed.state else None,
        source_config=manifest(),
    )
    launch(source, arguments)


def legacy_source():
    from airbyte_cdk.models import ConnectorSpecification
    from airbyte_cdk.sources import AbstractSource
    from airbyte_cdk.sources.streams.http import HttpStream

    class Legacy(HttpStream):
        name, primary_key, cursor_field = "legacy", "id", "updated_at"

        def __init__(self, config):
            super().__init__()
            self.config = config

        @property
        def url_base(self):
            return self.config["base_url"]

        def path(self, **_):
            return "legacy"

        def next_page_token(self, response):
            return None

        def request_params(self, stream_state=None, **_):
            return {"since": (stream_state or {}).get("updated_at", self.config["start"])}

        def parse_response(self, response, **_):
            yield from response.json()["rows"]

        def get_json_schema(self):
            return {"type": "object", "properties": {"id": {}, "updated_at": {"type": "string"}}}

        def get_updated_state(self, current, latest):
            return {"updated_at": max(current.get("updated_at", ""), latest["updated_at"])}

    class Source(AbstractSource):
        def spec(self, logger):
            return ConnectorSpecification(connectionSpecification={"type": "object", "additionalProperties": True})

        def check_connection(self, logger, config):
            return True, None

        def streams(self, config):
            return [Legacy(config)]

    return Source()


# ---- the comparison ------------------------------------------------------------------------------------------------------------

STREAMS = ["events", "changes", "counts", "shops", "notes", "items", "all_notes", "replies", "legacy"]


class Run:
    """What one sync said, by stream."""

    def __init__(self, output):
        self.records, self.states = {}, {}
        for line in output.splitlines():
            message = json.loads(line)
            if message["type"] == "RECORD":
                self.records.setdefault(message["record"]["stream"], []).append(message["record"]["data"])
            elif message["type"] == "STATE":
                state = message["state"]["stream"]
                self.states[state["stream_descriptor"]["name"]] = message["state"]

    def ids(self, name):
        return sorted(row["id"] for row in self.records.get(name, []))

    def state(self, name):
        return self.states[name]["stream"]["stream_state"]


class Bench:
    def __init__(self, python, binary, directory):
        self.python, self.binary, self.directory = python, binary, pathlib.Path(directory)
        self.world = World()
        self.config = {"base_url": serve(self.world), "start": text(START)}
        self.runs = 0

    def sync(self, command, names, states, environment=None):
        self.runs += 1
        catalog = {"streams": [{
            "stream": {"name": name, "json_schema": {"type": "object"}, "supported_sync_modes": ["full_refresh", "incremental"],
                       "source_defined_cursor": True},
            "sync_mode": "incremental", "destination_sync_mode": "append", "cursor_field": ["id" if name == "counts" else "updated_at"]}
            for name in names]}
        files = {}
        for name, content in [("config", self.config), ("catalog", catalog), ("state", states)]:
            if content is not None:
                files[name] = self.directory / f"{self.runs}-{name}.json"
                files[name].write_text(json.dumps(content))
        arguments = [part for name, file in files.items() for part in (f"--{name}", str(file))]
        self.world.taken()
        done = subprocess.run([*command, "read", *arguments], env={**os.environ, **(environment or {})},
                              capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            sys.exit(f"{command}: exit {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return Run(done.stdout), self.world.taken()

    def by_python(self, names, states=None):
        command = [self.python, "-W", "ignore", str(HERE), "--source"]
        low = [name for name in names if name != "legacy"]
        run, requests = self.sync(command, low, states and [state for state in states if stream_of(state) != "legacy"],
                                  {"STATES_SOURCE": "manifest"})
        old = states and [state for state in states if stream_of(state) == "legacy"]
        legacy, more = self.sync(command, ["legacy"], old, {"STATES_SOURCE": "legacy"})
        run.records.update(legacy.records)
        run.states.update(legacy.states)
        return run, requests + more

    def by_ours(self, names, states):
        return self.sync([self.binary], names, states)


def stream_of(state):
    return state["stream"]["stream_descriptor"]["name"]


PATHS = ["events", "changes", "legacy", "shops/a", "shops/b", "users/1/notes", "users/2/notes", "boxes/1/items", "boxes/2/items"]


def fill(world, round_):
    """Two rows more everywhere: one that will be older than the state, one on its border."""
    newest = NOW - dt.timedelta(days=8 - 3 * round_) if round_ < 2 else dt.datetime.now(dt.timezone.utc)
    border = 10 * (round_ + 1)
    rows = [(border - 1, newest - dt.timedelta(hours=1)), (border, newest)]
    for number, moment in rows if round_ < 2 else rows[1:]:
        for path in [*PATHS, f"events/{number}/replies"]:
            world.add(path, number, moment)
        world.add("counts", number)
    return border, text(newest)


def shapes(run):
    """Python wrote the shapes that this is about."""
    for name in ["events", "changes", "legacy"]:
        assert set(run.state(name)) == {"updated_at"}, run.state(name)
    assert run.state("counts") == {"id": 10}, run.state("counts")
    for name in ["shops", "notes", "items", "replies"]:
        state = run.state(name)
        assert state["use_global_cursor"] is False and len(state["states"]) >= 1 and "state" in state, (name, state)
    assert "parent_slice" in json.dumps(run.state("items")), run.state("items")
    state = run.state("all_notes")
    assert state["use_global_cursor"] is True and "states" not in state, state
    parent = run.state("replies")["parent_state"]
    assert parent == {"changes": {"updated_at": run.state("changes")["updated_at"]}}, parent


def check(condition, *what):
    if not condition:
        sys.exit(" ".join(str(part) for part in what))


def resumed(run, requests, expected, bound, who):
    """The new rows came, with nothing before the border; every request began there or later, but those for partitions that are new."""
    border = expected[0] - 10 if len(expected) == 1 else expected[0] - 9
    for name in STREAMS:
        new = sorted(expected * (2 if name in ("shops", "notes", "items", "all_notes") else 1))
        came = run.ids(name)
        check([row for row in came if row in expected] == new, who, name, "brought", came, "expected", new)
        check(all(row in (*expected, border) for row in came), who, name, "brought older rows:", came)
    new_partitions = [f"events/{row}/replies" for row in expected]
    for path, query in requests:
        low = query.get("since")
        check(low is None or low >= bound or path in new_partitions, who, "asked", path, query, "though the state was at", bound)
        check("after" not in query or int(query["after"]) >= border, who, "asked", path, query)


def main(python, binary):
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(python, binary, directory)
        world = bench.world
        for user in (1, 2):
            world.add("users", user)
            world.add(f"users/{user}/boxes", user)
        first, bound = fill(world, 0)
        run, _ = bench.by_python(STREAMS)
        for name in STREAMS:
            check({first - 1, first} <= set(run.ids(name)), "python", name, "brought", run.ids(name))
        shapes(run)
        print(f"python, from the beginning: {sum(map(len, run.records.values()))} records")

        # The framework's own look-back is the seconds that its sync took.
        slack = text(dt.datetime.strptime(bound, FORMAT) - dt.timedelta(minutes=10))
        second, _ = fill(world, 1)
        ours, requests = bench.by_ours(STREAMS, list(run.states.values()))
        resumed(ours, requests, [second - 1, second], slack, "ours")
        parents = {path for path, _ in requests if path.startswith("events/")}
        check(parents == {f"events/{row}/replies" for row in (first, second - 1, second)}, "ours read parents that did not change:", parents)
        print(f"ours, from the states of python: {sum(map(len, ours.records.values()))} records")
        # As a file in the older form, in which the streams stand side by side.
        legacy = {name: run.state(name) for name in STREAMS}
        again, _ = bench.by_ours(STREAMS, legacy)
        check({name: again.ids(name) for name in STREAMS} == {name: ours.ids(name) for name in STREAMS}, "LEGACY:", again.records)

        time.sleep(1.1)
        third, _ = fill(world, 2)
        back, requests = bench.by_python(STREAMS, list(ours.states.values()))
        resumed(back, requests, [third], slack, "python again")
        print(f"python, from the states of ours: {sum(map(len, back.records.values()))} records")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--source"]:
        python_source(sys.argv[2:])
    elif len(sys.argv) == 3:
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
