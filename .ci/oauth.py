"""usage: oauth.py FIRST_REFRESH_TOKEN, in the folder that .ci/oauth filled: is everything there, and each token used once?"""
import json
import sys

from realapi import Comparison, expected, messages, records

STREAMS = ["companies", "contacts", "deals", "notes", "exact", "none", "notes_of_companies"]
FIXED = {"exact", "none", "notes_of_companies"}


def tokens_asked(path):
    return sum("answered with a token" in message["log"]["message"] for message in messages(path) if message["type"] == "LOG" and message["log"]["level"] == "DEBUG")


def status(path):
    return next(message["connectionStatus"] for message in messages(path) if message["type"] == "CONNECTION_STATUS")


comparison = Comparison()
want = expected("expected", STREAMS)
for read in ("body", "basic", "user-1", "user-2", "user-3"):
    got = records(f"{read}.jsonl")
    for stream in STREAMS:
        comparison.same(f"{read} {stream}", got.get(stream, []), want[stream])
again = records("again.jsonl")
for stream in STREAMS:
    latest = max((row.get("updatedAt", "") for row in want[stream]), default="")
    rows = want[stream] if stream in FIXED else [row for row in want[stream] if row["updatedAt"] == latest]
    comparison.same(f"again {stream}", again.get(stream, []), rows)
slow = records("slow.jsonl")
for stream in ("contacts", "notes_of_companies"):
    comparison.same(f"slow {stream}", slow.get(stream, []), want[stream])
comparison.holds(tokens_asked("slow.jsonl") >= 2, f"a token ended in the middle of the slow read: {tokens_asked('slow.jsonl')} were asked for")

used = [sys.argv[1]]
for sync in (1, 2, 3):
    control = [message["control"]["connectorConfig"]["config"] for message in messages(f"user-{sync}.jsonl") if message["type"] == "CONTROL"]
    comparison.holds(control != [] and control[-1] == json.load(open(f"user-{sync}.json")), f"sync {sync} hands out the config with the next refresh token")
    used += [config["credentials"]["refresh_token"] for config in control]
comparison.holds(len(set(used)) == len(used), f"{len(used)} refresh tokens, all different")
for check in ("reused", "revoked"):
    answer = status(f"{check}.jsonl")
    comparison.holds(answer["status"] == "FAILED" and "invalid_grant" in answer["message"], f"a {check} token is told as such")
everything = "".join(open(f"{name}.jsonl", encoding="utf-8").read() for name in ("body", "basic", "slow", "reused", "revoked"))
comparison.holds(not [secret for secret in ("svc-secret", "s3cr3t:with/odd", "app-secret", *used) if secret in everything], "no credential in what was written")
comparison.end()
