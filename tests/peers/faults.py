#!/usr/bin/env python3
"""The same faults for the Python framework (airbyte-cdk) and for a connector of this one, in real time.

A server of raw sockets does what a fault says; both connectors read one stream of two pages from it with a bearer token and their
defaults. Whoever is not done after a time is ended, which counts as a hang. Writes a table in Markdown.

    python3 -m venv V && V/bin/pip install airbyte-cdk==7.39.1
    cargo build --release -p source-extras
    python3 tests/peers/faults.py V/bin/python target/release/source-extras docs/faults-python.md
"""
import concurrent.futures
import gzip
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

CLIP = 150.0
TOKEN = "s3cret+t0ken/for=all"
HERE = pathlib.Path(__file__).resolve().parent


def page(ids, token=None):
    return json.dumps({"items": [{"id": i, "value": f"v{i}"} for i in ids], "next_page_token": token}).encode()


def answer(body, status="200 OK", kind="application/json", extra=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


FIRST, LAST = page([0, 1], "b"), page([2])


def well(request):
    return answer(LAST if "page_token=" in request.path else FIRST)


class Reset(Exception):
    """The connection is reset after these bytes."""


class Close(Exception):
    """The connection is closed after these bytes."""


class Silence(Exception):
    """Nothing more comes after these bytes; the connection stays open."""


class Request:
    def __init__(self, number, head, elsewhere):
        self.number = number  # from 1
        self.path = head.split(" ")[1] if " " in head else ""
        self.headers = head.lower()
        self.elsewhere = elsewhere


def once(make):
    return lambda request: make(request) if request.number == 1 else well(request)


def raises(error):
    def make(_):
        raise error

    return make


def drip(request):
    return [(bytes([byte]), 0.01) for byte in well(request)]


def slow_body(request):
    """One byte in two seconds: it would take a quarter of an hour."""
    return [(bytes([byte]), 2.0 if i > 90 else 0.0) for i, byte in enumerate(answer(page(range(40))))]


def raw_deflate(body):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


def stays(reply):
    return lambda _: reply


# Fault, what the server answers, and what is to be seen besides.
FAULTS = [
    ("nothing", well),
    ("503 once", once(stays(answer(b"down", "503 Service Unavailable")))),
    ("503 for ever", stays(answer(b"down", "503 Service Unavailable"))),
    ("429 with `Retry-After: 3`, once", once(stays(answer(b"", "429 Too Many Requests", extra=["Retry-After: 3"])))),
    ("429 until 40 s have passed, with `Retry-After: 40`", "limited"),
    ("connection reset before the answer, once", once(raises(Reset(b"")))),
    ("reset in the middle of a body, once", once(raises(Reset(answer(FIRST)[:-20])))),
    ("closed in the middle of a body, once", once(raises(Close(answer(FIRST)[:-20])))),
    ("closed in the middle of a body, for ever", raises(Close(answer(FIRST)[:-20]))),
    ("silent before the answer, once", once(raises(Silence(b"")))),
    ("a body that stalls, once", once(raises(Silence(answer(FIRST)[:-20])))),
    ("a body that drips, 100 bytes a second", drip),
    ("a body that drips too slowly to end, once", once(slow_body)),
    ("truncated JSON with status 200, once", once(stays(answer(FIRST[:-20])))),
    ("truncated JSON with status 200, for ever", stays(answer(FIRST[:-20]))),
    ("HTML with status 200, once", once(stays(answer(b"<html>Please log in</html>", kind="text/html")))),
    ("HTML with status 200, for ever", stays(answer(b"<html>Please log in</html>", kind="text/html"))),
    ("an empty body with status 200, for ever", stays(answer(b""))),
    ("NaN among the records, for ever", stays(answer(b'{"items":[{"id":0,"value":NaN}],"next_page_token":null}'))),
    ("invalid UTF-8 in a record", stays(answer(b'{"items":[{"id":0,"value":"a\xffb"}],"next_page_token":null}'))),
    ("nesting of 200 lists", stays(answer(b'{"items":[{"id":0,"value":' + b"[" * 200 + b"]" * 200 + b'}]}'))),
    ("no records path", stays(answer(b'{"error":"the plan has ended"}'))),
    ("null in place of the records", stays(answer(b'{"items":null,"next_page_token":null}'))),
    ("401 that shows the token it was given", stays(answer(f"bad token {TOKEN}".encode(), "401 Unauthorized"))),
    ("403", stays(answer(b"no", "403 Forbidden"))),
    ("404", stays(answer(b"no", "404 Not Found"))),
    ("204", stays(b"HTTP/1.1 204 No Content\r\n\r\n")),
    ("202 once, then the page", once(stays(answer(b"", "202 Accepted")))),
    ("the same page token for ever", lambda request: answer(page([request.number], "b"))),
    ("the same page for ever, tokens that differ", lambda request: answer(page([0, 1], f"t{request.number}"))),
    ("gzip", lambda r: answer(gzip.compress(LAST), extra=["Content-Encoding: gzip"])),
    ("deflate without its zlib head", lambda r: answer(raw_deflate(LAST), extra=["Content-Encoding: deflate"])),
    ("a byte order mark", stays(answer(b"\xef\xbb\xbf" + LAST))),
    ("`charset=iso-8859-1`", stays(answer('{"items":[{"id":0,"value":"é"}]}'.encode("latin-1"), kind="application/json; charset=iso-8859-1"))),
    ("JSON as `text/html`", stays(answer(LAST, kind="text/html"))),
    ("integers beyond 2^64 and floats beyond f64", stays(answer(b'{"items":[{"id":0,"value":"x","n":123456789012345678901234567890,"f":0.1000000000000000055511151231257827}]}'))),
    ("a key given twice", stays(answer(b'{"items":[{"id":0,"value":"a","value":"b"}]}'))),
    ("a lone surrogate", stays(answer(b'{"items":[{"id":0,"value":"\\ud800"}]}'))),
    ("null in a field that nobody declared", stays(answer(b'{"items":[{"id":0,"value":"x","more":null}]}'))),
    ("a record that does not fit its schema", stays(answer(b'{"items":[{"id":"zero","value":7}]}'))),
    ("a redirect to another host", "redirect"),
    ("a failure on the second page", lambda r: answer(b"gone", "410 Gone") if "page_token=" in r.path else answer(FIRST)),
    ("SIGTERM while the second page is awaited", "sigterm"),
    ("stdout closed after the first record", "closed"),
]


class Server:
    """Answers with a fault's function; notes requests, those of another host apart."""

    def __init__(self, behave):
        self.behave, self.requests, self.elsewhere, self.count = behave, [], [], 0
        self.lock = threading.Lock()
        self.sockets = [self.listen(False), self.listen(True)]

    def listen(self, elsewhere):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        threading.Thread(target=self.accept, args=(listener, elsewhere), daemon=True).start()
        return listener

    def port(self, elsewhere=False):
        return self.sockets[elsewhere].getsockname()[1]

    def accept(self, listener, elsewhere):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection, elsewhere), daemon=True).start()

    def serve(self, connection, elsewhere):
        try:
            while True:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    byte = connection.recv(1)
                    if not byte:
                        return
                    head += byte
                text = head.decode("latin-1")
                with self.lock:
                    self.count += not elsewhere
                    (self.elsewhere if elsewhere else self.requests).append(text)
                    request = Request(self.count, text, elsewhere)
                reply = answer(LAST) if elsewhere else self.behave(request)
                for piece, wait in reply if isinstance(reply, list) else [(reply, 0)]:
                    connection.sendall(piece)
                    if wait:
                        time.sleep(wait)
        except Reset as reset:
            connection.sendall(reset.args[0])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        except Close as close:
            connection.sendall(close.args[0])
            connection.close()
        except Silence as silence:
            connection.sendall(silence.args[0])
            time.sleep(CLIP * 2)
        except OSError:
            pass
        finally:
            connection.close()

    def close(self):
        for listener in self.sockets:
            listener.close()


def behaviour(fault, behave, holder):
    if behave == "limited":
        return lambda request: well(request) if time.time() >= holder["until"] else answer(b"", "429 Too Many Requests", extra=["Retry-After: 40"])
    if behave == "redirect":
        return lambda request: answer(b"", "302 Found", extra=[f"Location: http://localhost:{holder['server'].port(True)}/v1/items/cursor"])
    if behave == "sigterm":

        def stop(request):
            if "page_token=" not in request.path:
                return answer(FIRST)
            threading.Timer(2.0, lambda: holder["process"].terminate()).start()
            raise Silence(b"")

        return stop
    if behave == "closed":
        return lambda request: answer(page(range(request.number * 2000, request.number * 2000 + 2000), f"t{request.number}" if request.number < 50 else None))
    return behave


def run(command, folder, fault, behave, ours):
    holder = {"until": time.time() + 40}
    server = Server(behaviour(fault, behave, holder))
    holder["server"] = server
    config = {"base_url": f"http://127.0.0.1:{server.port()}/v1/", "api_token": TOKEN, "auth_type": "bearer"}
    name = f"{abs(hash((fault, ours)))}"
    files = {part: folder / f"{name}-{part}.json" for part in ("config", "catalog")}
    files["config"].write_text(json.dumps(config))
    stream = {"name": "items_cursor", "json_schema": {}, "supported_sync_modes": ["full_refresh"]}
    files["catalog"].write_text(json.dumps({"streams": [{"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append"}]}))
    holder["until"] = time.time() + 40
    began = time.time()
    process = subprocess.Popen([*command, "read", "--config", str(files["config"]), "--catalog", str(files["catalog"])], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    holder["process"] = process
    watch = threading.Timer(CLIP, lambda: os.killpg(process.pid, signal.SIGKILL))
    watch.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if behave == "closed" and b'"RECORD"' in line:
            process.stdout.close()
            break
    code = process.wait()
    watch.cancel()
    seconds = time.time() - began
    server.close()
    return told(lines, code, seconds, server, fault)


def told(lines, code, seconds, server, fault):
    messages = []
    for line in lines:
        try:
            messages.append(json.loads(line))
        except ValueError:
            messages.append({"type": "OTHER"})
    records = [line for line, message in zip(lines, messages) if message.get("type") == "RECORD"]
    ids = [message["record"]["data"].get("id") for message in messages if message.get("type") == "RECORD"]
    statuses = [message["trace"]["stream_status"]["status"] for message in messages if message.get("type") == "TRACE" and message["trace"].get("type") == "STREAM_STATUS"]
    parts = []
    clipped = seconds >= CLIP - 1
    parts.append(f"{len(records)} record{'s' * (len(records) != 1)}" + (f", {len(ids) - len(set(map(str, ids)))} of them twice" if len(set(map(str, ids))) < len(ids) else ""))
    if clipped:
        parts.append(f"**still running after {CLIP:.0f} s**")
    else:
        last = statuses[-1] if statuses else "no status"
        parts.append(f"{last}, exit {code}" if code >= 0 else f"ended by signal {-code}")
    parts.append(f"{len(server.requests)} request{'s' * (len(server.requests) != 1)}, {seconds:.0f} s")
    own = b"".join(line for line, message in zip(lines, messages) if message.get("type") != "RECORD")
    if TOKEN.encode() in own:
        parts.append("**the token is in the output**")
    if any(TOKEN in head for head in server.elsewhere):
        parts.append("**the token went to the other host**")
    wanted = {"integers beyond 2^64 and floats beyond f64": b"0.1000000000000000055511151231257827", "null in a field that nobody declared": b'"more":null', "`charset=iso-8859-1`": "é".encode()}.get(fault)
    if wanted and records:
        parts.append("unchanged" if wanted in records[0] else "**changed**")
    return "; ".join(parts)


def main():
    python, ours, page_file = sys.argv[1:4]
    cdk = [python, str(HERE / "source.py")]
    jobs = [(fault, behave, command, command == [ours]) for fault, behave in FAULTS for command in (cdk, [ours])]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda job: run(job[2], pathlib.Path(folder), job[0], job[1], job[3]), jobs))
    version = subprocess.run([python, "-c", "import importlib.metadata as m; print(m.version('airbyte-cdk'))"], capture_output=True, text=True).stdout.strip()
    rows = "\n".join(f"| {fault} | {results[2 * i]} | {results[2 * i + 1]} |" for i, (fault, _) in enumerate(FAULTS))
    pathlib.Path(page_file).write_text(f"""# The same faults for the Python framework

A stream of two pages (two records, then one) from a server that does what the first column says, read with airbyte-cdk {version} from a
manifest (`tests/peers/`) and with `source-extras`, both with their defaults and in real time. A connector that was still running after
{CLIP:.0f} s was ended. The seconds hold the start of the process, a few for Python on the busy machine that this was made on: they tell waits, not
speed. Our whole matrix, with what is said and when, is in [faults.md](faults.md).

Made by `tests/peers/faults.py` on {time.strftime('%Y-%m-%d')}.

| The server | airbyte-cdk {version} | here |
|---|---|---|
{rows}
""")


if __name__ == "__main__":
    main()
