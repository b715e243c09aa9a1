"""Cases of the optional roles, on the means of the shared suite: its mock API, its judge of the protocol, its exact comparison.

Run by .ci/run; the suite's conftest is loaded as a plugin.
"""
import json
from datetime import datetime

import pytest
from api import Data
from kit import assert_same, exact_records, ok

STYLES = ["cursor", "page", "offset", "link", "nexturl", "post"]
FIXED = ["auth_basic", "auth_api_key", "auth_api_key_query"]
OAUTH = ["auth_client_credentials", "auth_rotating"]


def items(k, run):
    ok(run)
    assert_same(exact_records(run, k.stream), k.want("items"))


# ------------------------------------------------------------------ pagination
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 25, 101])
def test_pages(make, style, count):
    """every item once, whatever falls on the border of a page"""
    k = make("pagination", items=count)
    stream = k.info["styles"][style]
    run = k.read(catalog=k.catalog([stream], mode="full_refresh"))
    ok(run)
    assert_same(exact_records(run, stream), k.want("items"))
    asked = len(k.api.requests("/items/"))
    assert asked <= count // 10 + 2, f"{asked} requests for {count} items"


@pytest.mark.parametrize("style", STYLES)
def test_page_lost_once(make, style):
    """the second page is cut off once: asked again, nothing lost or doubled"""
    k = make("pagination", items=25)
    k.api.rule("/items/", skip=1, times=1, action={"kind": "truncate_cl"})
    stream = k.info["styles"][style]
    run = k.read(catalog=k.catalog([stream], mode="full_refresh"), timeout=k.cut.timing["retry_total"])
    ok(run)
    assert_same(exact_records(run, stream), k.want("items"))


# ------------------------------------------------------------------ credentials
@pytest.mark.parametrize("role", FIXED + OAUTH)
def test_credentials(make, role):
    """check and read with the right credentials; none of them in the output"""
    k = make(role)
    k.api.oauth["rotate"] = role == "auth_rotating"
    run = k.check()
    ok(run)
    assert run.connection_status() == "SUCCEEDED"
    k.api.reset()
    k.api.oauth["rotate"] = role == "auth_rotating"
    items(k, k.read(catalog=k.catalog(mode="full_refresh")))


@pytest.mark.parametrize("role, field", [("auth_basic", "password"), ("auth_api_key", "api_key"), ("auth_api_key_query", "api_key"),
                                         ("auth_client_credentials", "client_secret")])
def test_wrong_credentials(make, role, field):
    """check fails, in time, and says why without the credential"""
    k = make(role)
    run = k.check(config=k.config(**{field: "wr0ng-s3cr3t-11"}), expect="FAILED")
    ok(run)
    assert run.connection_status() == "FAILED"
    assert b"wr0ng-s3cr3t-11" not in b"".join(raw for _, raw, _ in run.lines) + run.stderr


@pytest.mark.parametrize("role", OAUTH)
def test_one_token_a_sync(make, role):
    """a token that lives is asked for once"""
    k = make(role)
    k.api.oauth["rotate"] = role == "auth_rotating"
    items(k, k.read(catalog=k.catalog(mode="full_refresh")))
    assert len(k.api.requests("/oauth/token")) == 1


@pytest.mark.parametrize("role", OAUTH)
def test_token_ends_in_the_middle(make, role):
    """each token is good for one page: renewed after each 401, nothing lost"""
    k = make(role)
    k.api.oauth.update(rotate=role == "auth_rotating", max_uses=1)
    items(k, k.read(catalog=k.catalog(mode="full_refresh")))
    assert len(k.api.requests("/oauth/token")) == 3


def controls(run):
    return [m["control"]["connectorConfig"]["config"] for m in run.of("CONTROL")]


def test_rotation(make):
    """five syncs, each with the config of the last one's CONTROL; no refresh token is used twice"""
    k = make("auth_rotating")
    k.api.oauth.update(rotate=True, expires_in=1)
    config = k.config()
    for sync in range(5):
        before = len(k.api.spent_refresh)
        run = k.read(catalog=k.catalog(mode="full_refresh"), config=config)
        items(k, run)
        handed = controls(run)
        assert handed, f"sync {sync}: no CONTROL"
        assert len(handed) == len(k.api.spent_refresh) - before, "a CONTROL for each new refresh token"
        config = handed[-1]
        assert {config["credentials"]["refresh_token"]} == k.api.refresh_tokens
        first = next(n for n, m in enumerate(run.messages) if m["type"] == "RECORD")
        assert run.messages.index(run.of("CONTROL")[0]) < first, "the token is used before it is handed out"


def test_rotation_at_check(make):
    """check uses the refresh token, too: the new one leaves before CONNECTION_STATUS"""
    k = make("auth_rotating")
    k.api.oauth["rotate"] = True
    run = k.check()
    ok(run)
    kinds = [m["type"] for m in run.messages]
    assert kinds.index("CONTROL") < kinds.index("CONNECTION_STATUS")
    items(k, k.read(catalog=k.catalog(mode="full_refresh"), config=controls(run)[-1]))


def test_kept_access_token(make):
    """an access token that the last sync left, and that lives, is used; one that has ended is not"""
    k = make("auth_rotating")
    k.api.oauth["rotate"] = True
    config = controls(k.check())[-1]
    assert datetime.fromisoformat(config["credentials"]["token_expiry_date"])
    items(k, k.read(catalog=k.catalog(mode="full_refresh"), config=config))
    assert len(k.api.requests("/oauth/token")) == 1
    config["credentials"]["token_expiry_date"] = "2024-01-01T00:00:00Z"
    items(k, k.read(catalog=k.catalog(mode="full_refresh"), config=config))
    assert len(k.api.requests("/oauth/token")) == 2


# ------------------------------------------------------------------ windows and checkpoints
def test_windows(make):
    """records on each midnight, so on each border of windows of days: every one exactly once"""
    k = make("windows", windows_days=100)
    run = k.read()
    ok(run)
    assert_same(exact_records(run, k.stream), k.want("windows"))
    asked = sorted({(q["start"], q["end"]) for q in (dict(e["query"]) for e in k.api.requests("/windows$"))})
    assert len(asked) > 3
    gaps = [(a, b) for a, b in zip(asked, asked[1:]) if a[1] != b[0]]
    assert not gaps, f"windows do not touch: {gaps[:2]}"


def test_windows_from_each_state(make):
    """what came before a state, and what is read from it, are all records"""
    k = make("windows", windows_days=100)
    run = k.read()
    ok(run)
    resume(k, run, "windows")


@pytest.mark.parametrize("orders, interval", [(700, 100), (250, 10), (1, 100), (0, 100)])
def test_checkpoints(make, orders, interval):
    """a state after each hundred records at most; from each of them on nothing is missing"""
    k = make("orders_ckpt", orders=orders)
    config = k.config(checkpoint_interval=interval)
    run = k.read(config=config)
    ok(run)
    assert_same(exact_records(run, k.stream), k.want("orders"))
    since = 0
    for message in run.messages:
        since = 0 if message["type"] == "STATE" else since + (message["type"] == "RECORD")
        assert since <= max(interval, 100), f"{since} records without a state"
    resume(k, run, "orders", config)


@pytest.mark.parametrize("order", ["desc", "shuffled"])
def test_order_that_does_not_hold(make, order):
    """orders that come in another order than the config says are all there"""
    k = make("orders_ckpt")
    k.api.data = Data(order_sort=order)
    run = k.read()
    ok(run)
    assert_same(exact_records(run, k.stream), k.want("orders"))
    kinds = [message["type"] for message in run.messages]
    assert [m for m in run.of("LOG") if m["log"]["level"] == "WARN" and "order" in m["log"]["message"]], "nobody is told"
    assert "RECORD" not in kinds[kinds.index("STATE"):], "a state before the end covers what has not come"


def resume(k, run, what, config=None):
    seen, sample = [], max(1, len(run.states()) // 6)
    number = 0
    for message in run.messages:
        if message["type"] == "RECORD":
            seen.append(message["record"]["data"])
        if message["type"] == "STATE":
            number += 1
            if number % sample == 0:
                rest = k.read(state=[message["state"]], config=config)
                ok(rest)
                assert_same(json_of(seen + rest.records(k.stream)), json_of(k.want(what)), dups=True)


def json_of(records):
    return [json.loads(json.dumps(record, default=float)) for record in records]


# ------------------------------------------------------------------ two levels of parents
@pytest.mark.parametrize("users, posts, comments", [(7, None, 2), (20, 3, 1), (5, 0, 2), (0, None, 2), (3, 2, 0)])
def test_comments(make, users, posts, comments):
    """each comment once; each list of posts, and of comments, asked for once"""
    k = make("comments", users=users, posts=posts, comments=comments)
    run = k.read(catalog=k.catalog(mode="full_refresh"))
    ok(run)
    assert_same(exact_records(run, k.stream), k.want("comments"))
    paths = [e["path"] for e in k.api.log]
    assert len(paths) == len(set(paths)), "a list was asked for twice"


def test_comments_with_their_parents(make):
    """all three levels selected: each list is asked for once"""
    k = make("comments", users=9)
    run = k.read(catalog=k.catalog(["users", "user_posts", k.stream], mode="full_refresh"))
    ok(run)
    assert_same(exact_records(run, k.stream), k.want("comments"))
    assert_same(exact_records(run, "user_posts"), k.want("posts"))
    assert_same(exact_records(run, "users"), k.want("users"))
    paths = [e["path"] for e in k.api.log]
    assert len(paths) == len(set(paths)), "a list was asked for twice"
