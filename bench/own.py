#!/usr/bin/env python3
"""What the bench kit does not measure: long bodies, many records, slow pages. Serves source-bench's events on loopback.

    own.py BINARY large [GIGABYTES]   one response of so many GB: a list, JSON lines, gzip; peak memory, what was sent before the first line
    own.py BINARY memory [RECORDS]    pages of 100 records of 1 KB: peak memory of 10^5 and of so many (10^7)
    own.py BINARY drip [PAGES]        pages of one record, ten a second: how long after its page a line is out
"""
import gzip
import json
import os
import queue
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

BINARY = os.path.abspath(sys.argv[1])
RECORD = '{"id":%d,"kind":"login","actor":"' + "a" * 880 + '","session":"s","seq":%d,"value":1.5,"ok":null,"at":"2026-01-01T00:00:00Z"}'


def listen():
    server = socket.create_server(("127.0.0.1", 0))
    return server, f"http://127.0.0.1:{server.getsockname()[1]}/"


def requests(server):
    """The requests that come, and over which connection: a client may open several."""
    asked = queue.Queue()

    def read(connection):
        waiting = b""
        while piece := connection.recv(1 << 16):
            waiting += piece
            while b"\r\n\r\n" in waiting:
                waiting = waiting.split(b"\r\n\r\n", 1)[1]
                asked.put(connection)

    def accept():
        while True:
            connection, _ = server.accept()
            threading.Thread(target=read, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    while True:
        yield asked.get(timeout=60)


def head(length=None, kind="application/json", encoding=None):
    lines = ["HTTP/1.1 200 OK", f"content-type: {kind}"]
    lines += [f"content-length: {length}"] if length is not None else ["connection: close"]
    lines += [f"content-encoding: {encoding}"] if encoding else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Run:
    """A sync of the events, its output counted; when each line came out."""

    def __init__(self, base, size=100, times=False):
        config = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
        json.dump({"base_url": base, "api_token": "t", "page_size": size}, config)
        config.close()
        command = [BINARY, "read", "--config", config.name, "--streams", "events", "--format", "records"]
        self.begin, self.lines, self.first, self.times = time.time(), 0, None, [] if times else None
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        while piece := os.read(self.child.stdout.fileno(), 1 << 20):
            self.first = self.first or time.time()
            count = piece.count(b"\n")
            self.lines += count
            if self.times is not None:
                self.times += [time.time()] * count

    def peak(self):
        with open(f"/proc/{self.child.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

    def end(self):
        self.child.wait()
        self.reader.join()
        if self.child.returncode != 0:
            sys.exit(self.child.stderr.read().decode()[-2000:])


def large(gigabytes):
    count, block = int(gigabytes * 1e9 / 1000), 500
    for name in ("list", "JSON lines", "gzip"):
        server, base = listen()
        run = Run(base)
        connection = next(requests(server))
        lines = name == "JSON lines"
        connection.sendall(head(kind="application/x-ndjson" if lines else "application/json", encoding="gzip" if name == "gzip" else None))
        # Members of a gzip stream may be strung together.
        pack = (lambda text: gzip.compress(text, 1)) if name == "gzip" else (lambda text: text)
        between = "\n" if lines else ","
        records = (between.join(RECORD % (k, k) for k in range(block)) + between).encode()
        middle = pack(records)
        last = between.join(RECORD % (k, k) for k in range(block)).encode()
        sent, waited = 0, False
        if not lines:
            connection.sendall(pack(b'{"events":['))
        for _ in range(count // block - 1):
            connection.sendall(middle)
            sent += len(records)
            if not waited and sent > 1_400_000:
                waited = True
                # The rest waits until the first line is out.
                deadline = time.time() + 20
                while run.first is None:
                    assert time.time() < deadline, f"no line after {sent} bytes"
                    time.sleep(0.001)
        connection.sendall(pack(last))
        peak = run.peak()
        connection.sendall(pack(b"\n" if lines else b'],"next_page_token":null}'))
        connection.shutdown(socket.SHUT_RDWR)
        run.end()
        assert run.lines == count // block * block, run.lines
        print(f"{name}: {sent / 1e9:.2f} GB, {run.lines} records, peak {peak:.1f} MB, first line after {(run.first - run.begin) * 1e3:.0f} ms and before 2 MB were sent, {time.time() - run.begin:.1f} s")


def memory(records):
    page = ",".join(RECORD % (k, k) for k in range(100))
    for count in (100_000, records):
        server, base = listen()
        run = Run(base)
        pages, peak = count // 100, 0
        for number, connection in enumerate(requests(server), 1):
            token = "null" if number == pages else f'"t{number}"'
            # No page is the same as the one before.
            body = f'{{"events":[{page},{RECORD % (number, number)}],"next_page_token":{token}}}'.encode()
            if number == pages:
                peak = run.peak()
            connection.sendall(head(len(body)) + body)
            if number == pages:
                break
        run.end()
        assert run.lines == pages * 101, run.lines
        print(f"{run.lines} records: peak {peak:.1f} MB, {time.time() - run.begin:.1f} s")


def drip(pages):
    server, base = listen()
    run = Run(base, 1, times=True)
    sent = []
    for number, connection in enumerate(requests(server), 1):
        token = "null" if number == pages else f'"t{number}"'
        body = f'{{"events":[{RECORD % (number, number)}],"next_page_token":{token}}}'.encode()
        time.sleep(0.1)
        connection.sendall(head(len(body)) + body)
        sent.append(time.time())
        if number == pages:
            break
    run.end()
    late = [out - at for at, out in zip(sent, run.times)]
    assert len(late) == pages, len(late)
    print(f"{pages} pages: a line is out {statistics.median(late) * 1e3:.1f} ms after its page, {max(late) * 1e3:.1f} ms at most")


WHAT = {"large": (large, 1.0), "memory": (memory, 10_000_000), "drip": (drip, 1000)}
run, default = WHAT[sys.argv[2]]
run(type(default)(sys.argv[3]) if len(sys.argv) > 3 else default)
