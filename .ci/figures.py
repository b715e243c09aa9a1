#!/usr/bin/env python3
"""usage: figures.py CONNECTOR. Size of a release binary, time and memory of its `spec`; fails beyond the limits below."""
import os
import statistics
import subprocess
import sys
import time

MAX_BYTES = 12_000_000
MAX_MS = 10.0
MAX_RSS_KB = 15_000


def main(path):
    size = os.path.getsize(path)
    times, memory = [], []
    for _ in range(30):
        start = time.perf_counter()
        process = subprocess.Popen([path, "spec"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        times.append((time.perf_counter() - start) * 1000)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{path} spec: exit code {process.returncode}")
        # Counts this interpreter's own pages at the moment of the fork, so it is an upper bound.
        memory.append(usage.ru_maxrss)
    ms = statistics.median(times)
    print(f"{os.path.basename(path)}: {size / 1e6:.2f} MB; spec {ms:.1f} ms (median of {len(times)}), {max(memory) / 1000:.1f} MB at most")
    if size > MAX_BYTES or ms > MAX_MS or max(memory) > MAX_RSS_KB:
        sys.exit(f"limits: {MAX_BYTES / 1e6:.0f} MB, {MAX_MS:.0f} ms, {MAX_RSS_KB / 1000:.0f} MB")


main(sys.argv[1])
