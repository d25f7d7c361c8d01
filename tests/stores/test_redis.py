"""The suite of stores against a Redis server, and what is Redis's own."""

import re
import time
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from case_table import *  # noqa: F403
from engines import Redis

from flask_renewal.stores.base import Ending, Store
from flask_renewal.stores.redis import RedisStore
from flask_renewal.testing.store_suite import *  # noqa: F403
from flask_renewal.testing.store_suite import OpenStore
from flask_renewal.testing.store_suite.moves import DAY, NOW, a_session, put, swap, use

INDEX = "renewal:sessions-of:{alice}"


@pytest.fixture
def open_store(redis_server: Redis) -> OpenStore:
    return partial(RedisStore, redis_server.url, prefix="renewal")


def test_redis_drops_a_session_a_minute_after_it_is_over(store: Store, redis_server: Redis) -> None:
    put(store, a_session("sid"))
    assert 6.9 < seconds_left(redis_server, "sid") / DAY.total_seconds() < 7.01
    store.rotate(swap("sid", "one"))
    assert 6.9 < seconds_left(redis_server, "sid") / DAY.total_seconds() < 7.01
    put(store, a_session("short", expires_at=NOW - 2 * DAY + DAY / 24))
    assert 3590 < seconds_left(redis_server, "short") - 60 <= 3600


def seconds_left(server: Redis, session_id: str) -> float:
    return float(server.cli("pttl", f"renewal:session:{{{session_id}}}")) / 1000


def test_a_session_whose_index_was_lost_is_listed_again_after_its_next_rotation(
    store: Store, redis_server: Redis
) -> None:
    put(store, a_session("sid"))
    redis_server.cli("del", INDEX)
    assert not store.list("alice", now=NOW)
    store.rotate(swap("sid", "one"))
    assert [session.id for session in store.list("alice", now=NOW)] == ["sid"]


def test_a_rotation_counts_though_the_index_cannot_be_written(store: Store, redis_server: Redis) -> None:
    put(store, a_session("sid"))
    redis_server.cli("set", INDEX, "no set")
    assert store.rotate(swap("sid", "one")) is not None


@pytest.mark.parametrize("end", [NOW + 28 * DAY, None], ids=["that ends some day", "without an absolute end"])
def test_a_session_is_ended_with_its_users_others_when_the_index_was_to_go_before_it(
    store: Store, redis_server: Redis, end: datetime | None
) -> None:
    put(store, a_session("sid", expires_at=end))
    redis_server.cli("pexpire", INDEX, "100")
    store.rotate(swap("sid", "one"))
    time.sleep(0.15)
    assert [ended.id for ended in store.end(Ending(reason="logout", now=NOW, user_id="alice"))] == ["sid"]


@pytest.mark.parametrize(
    ("ends", "days"),
    [((28, 1), 28), ((1, 28), 28), ((None, 1), -1), ((1, None), -1)],
    ids=["the first", "the second", "the first, which has no end", "the second, which has no end"],
)
def test_the_index_of_a_user_lives_as_long_as_the_session_that_lives_longest(
    store: Store, redis_server: Redis, ends: tuple[int | None, int | None], days: int
) -> None:
    for number, end in enumerate(ends):
        put(store, a_session(f"sid{number}", created_at=NOW, last_used_at=NOW, expires_at=end and NOW + end * DAY))
    left = float(redis_server.cli("pttl", INDEX))
    assert left == -1 if days == -1 else days - 0.1 < left / DAY.total_seconds() / 1000 <= days


def test_the_index_of_a_user_forgets_what_redis_has_dropped(store: Store, redis_server: Redis) -> None:
    put(store, a_session("dropped"))
    put(store, a_session("kept"))
    redis_server.cli("del", "renewal:session:{dropped}")
    assert [session.id for session in store.list("alice", now=NOW)] == ["kept"]
    assert redis_server.cli("smembers", INDEX) == "kept"


def test_an_ending_that_nobody_heard_of_is_told_when_it_is_asked_for_again(store: Store, redis_server: Redis) -> None:
    put(store, a_session("sid"))
    store.end(Ending(reason="logout", now=NOW, session_id="sid"))
    redis_server.cli("del", "renewal:{ended}:at")
    assert not store.end(Ending(reason="logout", now=NOW + DAY, session_id="sid"))
    assert list(store.ended_since(NOW - DAY)) == ["sid"]


def test_ended_sessions_are_forgotten_once_no_access_token_is_left(store: Store, redis_server: Redis) -> None:
    put(store, a_session("sid"))
    store.end(Ending(reason="logout", now=NOW, session_id="sid"))
    store.purge(now=NOW + 5 * DAY + DAY / 24 / 12, after="", examine=1)
    assert list(store.ended_since(NOW - DAY)) == ["sid"]  # five minutes after the last token: clocks may differ
    purged = store.purge(now=NOW + 6 * DAY, after="", examine=1)
    assert (purged.count, purged.go_on_after) == (0, None)
    assert [redis_server.cli("zcard", f"renewal:{{ended}}:{index}") for index in ("at", "until")] == ["0", "0"]


def test_of_very_many_ended_sessions_some_are_forgotten_at_a_time(store: Store, redis_server: Redis) -> None:
    fill = "for number = 1, 9000 do for index = 1, 2 do redis.call('ZADD', KEYS[index], 1, number) end end"
    redis_server.cli("eval", fill, "2", "renewal:{ended}:at", "renewal:{ended}:until")
    for _ in range(2):
        store.purge(now=NOW, after="", examine=1)
    assert [redis_server.cli("zcard", f"renewal:{{ended}}:{index}") for index in ("at", "until")] == ["8000", "8000"]


def test_no_key_stays_for_ever(store: Store, redis_server: Redis) -> None:
    put(store, a_session("sid"))
    keys = redis_server.cli("keys", "*").split()
    assert len(keys) == 2
    assert all(int(redis_server.cli("ttl", key)) > 0 for key in keys)


def test_the_docs_name_the_commands_that_any_server_must_speak(store: Store, redis_server: Redis) -> None:
    redis_server.cli("script", "flush")
    redis_server.cli("config", "resetstat")
    live(store)
    told = redis_server.cli("info", "commandstats")
    sent = {name.upper().replace("|", " ") for name in re.findall("cmdstat_([^:]+)", told)} - {"CONFIG RESETSTAT"}
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()
    named = set(re.findall("`([A-Z ]+)`", page[page.index("this, on a key or two") : page.index("of a cluster also")]))
    assert sent | {"HELLO"} == named  # which only newer clients of Redis say


def live(store: Store) -> None:
    """Do everything that a store does, with everything that may be missing."""
    for name, end in (("sid", NOW + DAY), ("endless", None)):
        put(store, a_session(name, expires_at=end))
        store.rotate(swap(name, "one"))
        store.touch(name, use())
        store.rename(name, user_id="alice", device=None, now=NOW)
    store.list("alice", now=NOW)
    store.end(Ending(reason="logout", now=NOW, user_id="alice"))
    store.ended_since(NOW - DAY)
    store.purge(now=NOW + 60 * DAY, after="", examine=1)
    store.clock()


def test_two_prefixes_in_one_server_see_nothing_of_each_other(redis_server: Redis) -> None:
    shop, till = (RedisStore(redis_server.url, prefix=prefix) for prefix in ("shop", "till"))
    for store in (shop, till):
        put(store, a_session("sid"))
    assert [ended.id for ended in shop.end(Ending(reason="logout", now=NOW, user_id="alice"))] == ["sid"]
    assert [session.id for session in till.list("alice", now=NOW)] == ["sid"]
    assert list(shop.ended_since(NOW - DAY)) == ["sid"]
    assert not till.ended_since(NOW - DAY)
    assert {key.partition(":")[0] for key in redis_server.cli("keys", "*").split()} == {"shop", "till"}
