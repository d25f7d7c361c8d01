"""The ways to Redis that a URL can name, each to real servers."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from engines import Redis, RedisCluster, wait_until
from ports import free_port

from flask_renewal.stores.redis import RedisStore
from flask_renewal.stores.redis_connecting import SLOTS, Facts, connect, facts_of
from flask_renewal.testing.store_suite.moves import a_session, put, swap


def assert_it_keeps_sessions(url: str) -> None:
    store = RedisStore(url, prefix="renewal")
    put(store, a_session("one"))
    assert store.rotate(swap("one", "one"))


@pytest.fixture
def server() -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start("--unixsocket", str(server.folder / "socket"))
    finally:
        server.remove()


def test_a_socket_of_this_machine(server: Redis) -> None:
    assert_it_keeps_sessions(f"unix://{server.folder / 'socket'}?db=3")
    assert server.cli("-n", "3", "exists", "renewal:session:{one}") == "1"


def test_a_server_with_a_certificate(tmp_path: Path) -> None:
    authority, server = trustme.CA(), Redis()
    own = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    own.private_key_pem.write_to_path(tmp_path / "key.pem")
    own.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    files = ("--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem", "--tls-ca-cert-file", "ca.pem")
    placed = [str(tmp_path / each) if each.endswith(".pem") else each for each in files]
    port = free_port()
    try:
        server.start("--tls-port", str(port), "--tls-auth-clients", "no", *placed)
        assert_it_keeps_sessions(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={tmp_path / 'ca.pem'}")
    finally:
        server.remove()


@pytest.fixture
def sentinels() -> Iterator[str]:
    """Two servers, of which one follows the other, and a Sentinel that watches them; its URL."""
    primary, replica, port = Redis(), Redis(), free_port()
    settings = primary.folder / "sentinel.conf"
    try:
        primary.start()
        replica.start("--replicaof", "127.0.0.1", str(primary.port))
        watch = "sentinel monitor main 127.0.0.1 {0} 1\nsentinel down-after-milliseconds main 60000\n"
        settings.write_text(f"port {port}\nbind 127.0.0.1\n{watch.format(primary.port)}")
        watcher = subprocess.Popen(["redis-server", str(settings), "--sentinel"], stdout=subprocess.DEVNULL)
        wait_until(lambda: "master_link_status:up" in replica.cli("info", "replication"), "nobody follows")
        wait_until(lambda: str(replica.port) in replicas(port), "the Sentinel does not know of the replica")
        yield f"redis+sentinel://127.0.0.1:{port}/main"
    finally:
        watcher.kill()
        watcher.wait()
        primary.remove()
        replica.remove()


def replicas(port: int) -> str:
    command = ["redis-cli", "-p", str(port), "sentinel", "replicas", "main"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_the_primary_that_sentinels_name(sentinels: str) -> None:
    assert_it_keeps_sessions(sentinels)


def test_a_server_says_what_it_keeps(server: Redis) -> None:
    kept = Facts(eviction="noeviction", has_limit=False, logs_writes=False, slots_missing=0)
    assert facts_of(connect(server.url)) == kept
    for setting in (("appendonly", "yes"), ("maxmemory", "100mb"), ("maxmemory-policy", "allkeys-lru")):
        server.cli("config", "set", *setting)
    kept = Facts(eviction="allkeys-lru", has_limit=True, logs_writes=True, slots_missing=0)
    assert facts_of(connect(server.url)) == kept


def test_a_cluster_says_what_is_missing() -> None:
    cluster = RedisCluster()
    try:
        client = connect(cluster.start().url)
        assert facts_of(client).slots_missing == 0
        for node in cluster.nodes:
            node.cli("cluster", "delslotsrange", "0", "99")
        assert facts_of(client).slots_missing == 100 < SLOTS
    finally:
        cluster.remove()
