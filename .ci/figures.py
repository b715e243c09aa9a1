#!/usr/bin/env python3
"""usage: figures.py CONNECTOR. Size of a release binary, time and memory of its `spec`; fails beyond the limits below."""
import fcntl
import os
import re
import statistics
import subprocess
import sys
import time

MAX_BYTES = 6_500_000
MAX_MS = 10.0
MAX_RSS_KB = 15_000


def spec_ms(path):
    start = time.perf_counter()
    subprocess.run([path, "spec"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1000


def spec_rss_kb(path):
    """The high-water mark of a `spec` that has done its work and cannot write it: its pipe is full."""
    read, write = os.pipe()
    room = fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    os.write(write, b" " * room)
    process = subprocess.Popen([path, "spec"], stdin=subprocess.DEVNULL, stdout=write)
    os.close(write)
    time.sleep(0.5)
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        peak = int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1))
    with open(read, "rb") as output:
        output.read()
    if process.wait() != 0:
        sys.exit(f"{path} spec: exit code {process.returncode}")
    return peak


def main(path):
    size = os.path.getsize(path)
    # The fastest is the program's own; the median has what else the machine does in it.
    times = [spec_ms(path) for _ in range(30)]
    ms = min(times)
    rss = spec_rss_kb(path)
    print(f"{os.path.basename(path)}: {size / 1e6:.2f} MB; spec {ms:.1f} ms (median {statistics.median(times):.1f}), {rss / 1000:.1f} MB of memory")
    if size > MAX_BYTES or ms > MAX_MS or rss > MAX_RSS_KB:
        sys.exit(f"limits: {MAX_BYTES / 1e6:.0f} MB, {MAX_MS:.0f} ms, {MAX_RSS_KB / 1000:.0f} MB")


main(sys.argv[1])
