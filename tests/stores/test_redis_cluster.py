"""The suite of stores against a Redis Cluster of three nodes."""

from collections.abc import Iterator
from functools import partial

import pytest
from case_table import *  # noqa: F403
from engines import RedisCluster

from flask_renewal.stores.base import Store
from flask_renewal.stores.redis import RedisStore
from flask_renewal.testing.store_suite import *  # noqa: F403
from flask_renewal.testing.store_suite import OpenStore
from flask_renewal.testing.store_suite.moves import a_session, put


@pytest.fixture(scope="module")
def cluster() -> Iterator[RedisCluster]:
    cluster = RedisCluster()
    try:
        yield cluster.start()
    finally:
        cluster.remove()


@pytest.fixture
def open_store(cluster: RedisCluster) -> OpenStore:
    for node in cluster.nodes:
        node.cli("flushall")
    return partial(RedisStore, cluster.url, prefix="renewal")


def test_sessions_lie_on_all_nodes(store: Store, cluster: RedisCluster) -> None:
    for number in range(50):
        put(store, a_session(f"sid{number}", user_id=f"user{number}"))
    assert all(int(node.cli("dbsize")) > 10 for node in cluster.nodes)
