"""A Redis that forgets, and a cluster with a hole in it, are told of before somebody is signed out by them."""

from collections.abc import Callable, Iterator

import pytest
from engines import Redis, RedisCluster
from findings import found
from flask import Flask

from flask_renewal.entrances.check import Level

Make = Callable[..., Flask]
KEEPS = ("--appendonly", "yes")
EVICTS = ("--maxmemory-policy", "allkeys-lru")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start(*request.param)
    finally:
        server.remove()


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (KEEPS, []),
        ((), [("redis_forgets", Level.WARNING)]),
        ((*KEEPS, *EVICTS), [("redis_evicts", Level.WARNING)]),
        ((*KEEPS, *EVICTS, "--maxmemory", "100mb"), [("redis_evicts", Level.ERROR)]),
    ],
    indirect=["server"],
    ids=["nothing is wrong", "in memory only", "would evict", "evicts"],
)
def test_what_a_redis_forgets_is_told(make_app: Make, server: Redis, told: list[tuple[str, Level]]) -> None:
    findings = found(make_app(RENEWAL_STORE=server.url), "RENEWAL_STORE")
    assert [(finding.code, finding.level) for finding in findings] == told


def test_slots_that_nobody_serves_are_told(make_app: Make) -> None:
    cluster = RedisCluster()
    try:
        app = make_app(RENEWAL_STORE=cluster.start().url)
        for node in cluster.nodes:
            node.cli("config", "set", "cluster-require-full-coverage", "no")
            node.cli("cluster", "delslotsrange", "0", "99")
        assert "redis_slots_missing" in {finding.code for finding in found(app, "RENEWAL_STORE")}
    finally:
        cluster.remove()
