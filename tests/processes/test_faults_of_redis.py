"""What clients see, and which sessions are lost, while Redis fails behind real servers."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from engines import Redis, RedisCluster
from faults import connections_die_idle, kill_the_application
from servers import UNHURRIED, Server, serving
from storms import sessions_lost, storming

Serve = Callable[..., AbstractContextManager[Server]]

DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.remove()


@pytest.fixture
def serve(redis: Redis, tmp_path: Path) -> Serve:
    return partial(serving, tmp_path, workers=2, application="host_app", RENEWAL_STORE=redis.url, **UNHURRIED)


def test_redis_with_persistence_killed_in_a_storm_loses_no_session(serve: Serve, redis: Redis) -> None:
    redis.start(*DURABLE)
    with serve() as server:
        visitors = [server.register(f"visitor{number}") for number in range(8)]
        with storming(server, visitors) as storm:
            time.sleep(0.5)
            redis.kill()
            storm.wait_for(503)
            assert {server.get("/guarded", access=visitor.access).status for visitor in visitors} == {200}
            assert server.get("/readyz").status == 503
            redis.start(*DURABLE)
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert sessions_lost(visitors, server) == 0


def test_an_application_that_is_killed_in_a_storm_loses_no_session(serve: Serve, redis: Redis) -> None:
    redis.start(*DURABLE)
    kill_the_application(serve)


def test_connections_that_died_idle_are_noticed_by_no_client(serve: Serve, redis: Redis) -> None:
    redis.start()
    connections_die_idle(serve, kill=lambda: int(redis.cli("client", "kill", "type", "normal")))


def test_redis_without_persistence_forgets_everybody_who_then_signs_in_again(serve: Serve, redis: Redis) -> None:
    redis.start()
    with serve() as server:
        alice = server.register("alice")
        redis.kill()
        assert alice.refreshes(server).status == 503
        redis.start()
        refused = alice.refreshes(server)
        assert (refused.status, refused.json["code"]) == (401, "session_expired")
        assert refused.cookies == {"refresh_token": ""}
        assert server.get("/guarded", access=alice.access).status == 200
        assert server.register("bob").refreshes(server).status == 200


def test_a_server_starts_while_redis_is_away(serve: Serve, redis: Redis) -> None:
    with serve(workers=1) as server:
        assert server.get("/readyz").status == 503
        redis.start()
        assert server.get("/readyz").status == 200


def test_a_full_redis_refuses_for_now(serve: Serve, redis: Redis) -> None:
    redis.start()
    with serve() as server:
        alice = server.register("alice")
        assert alice.refreshes(server).status == 200
        redis.cli("config", "set", "maxmemory", "1")
        refused = alice.refreshes(server)
        assert (refused.status, refused.cookies) == (503, {})
        assert server.get("/auth/me", access=alice.access).status == 200
        redis.cli("config", "set", "maxmemory", "0")
        assert alice.refreshes(server).status == 200


def test_a_node_of_a_cluster_that_answers_nobody_is_waited_for_a_bounded_time(tmp_path: Path) -> None:
    cluster = RedisCluster()
    try:
        cluster.start()
        settings = {"RENEWAL_STORE": cluster.url, **UNHURRIED}
        with serving(tmp_path, workers=2, application="host_app", **settings) as server:
            visitors = [server.register(f"visitor{number}") for number in range(8)]
            with storming(server, visitors) as storm:
                time.sleep(0.5)
                with cluster.nodes[1].frozen():
                    storm.wait_for(503)
                time.sleep(2)
            storm.check_that_nobody_was_sent_away()
            assert sessions_lost(visitors, server) == 0
    finally:
        cluster.remove()
