"""The way to Redis: one server, a socket of this machine, a cluster, or what Sentinels say is the primary."""

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

MOST_CONNECTIONS = 64
LONGEST_WAIT_SECONDS = 2.0
"""For a connection, for one in the pool, and for an answer."""
SENTINELS = "redis+sentinel"
SENTINEL_PORT = 26379
SLOTS = 16384
"""Of a cluster."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What decides how long a server keeps sessions."""

    eviction: str
    """What it does when it is full: ``noeviction``, or the way in which it forgets."""
    has_limit: bool
    """Whether it may get full before the machine does."""
    logs_writes: bool
    """Whether what it was told is on disk: ``appendonly``."""
    slots_missing: int
    """How many slots of a cluster nobody serves."""


def connect(url: str) -> Any:
    """Return a client of the server, or of the whole cluster where the server belongs to one.

    A command whose connection broke is tried once more: of two tries of one swap at most one does something.
    """
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_timeout": LONGEST_WAIT_SECONDS,
        "socket_connect_timeout": LONGEST_WAIT_SECONDS,
        "retry": Retry(ConstantBackoff(0.05), 1),
    }
    if url.startswith(f"{SENTINELS}://"):
        return _primary(url, options)
    if url.startswith("unix:"):
        options.pop("socket_connect_timeout")
    pool = redis.BlockingConnectionPool.from_url(
        url, max_connections=MOST_CONNECTIONS, timeout=LONGEST_WAIT_SECONDS, **options
    )
    client = redis.Redis.from_pool(pool)
    weakref.finalize(client, pool.disconnect)
    if not client.info("cluster").get("cluster_enabled"):
        return client
    client.close()
    return redis.RedisCluster.from_url(url, require_full_coverage=False, **options)  # what it has is served


def _primary(url: str, options: Mapping[str, Any]) -> Any:
    """Return a client of whichever server the Sentinels say is the primary; they get the same name and password."""
    parts = urlsplit(url)
    credentials, _, addresses = parts.netloc.rpartition("@")
    name, _, password = credentials.partition(":")
    known = {"username": unquote(name) or None, "password": unquote(password) or None, **options}
    service, _, number = parts.path.strip("/").partition("/")
    sentinels = [_address(each) for each in addresses.split(",")]
    watching: Any = Sentinel(sentinels, sentinel_kwargs=known)  # type: ignore[no-untyped-call]
    return watching.master_for(service, db=int(number or 0), **known)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.partition(":")
    return host, int(port or SENTINEL_PORT)


def facts_of(client: Any) -> Facts:
    """Ask a server, of a cluster any one, for its facts."""
    is_cluster = isinstance(client, redis.RedisCluster)
    where = {"target_nodes": client.get_default_node()} if is_cluster else {}
    memory, persistence = client.info("memory", **where), client.info("persistence", **where)
    served = int(client.cluster_info(**where)["cluster_slots_ok"]) if is_cluster else SLOTS
    return Facts(
        eviction=str(memory["maxmemory_policy"]),
        has_limit=int(memory["maxmemory"]) > 0,
        logs_writes=bool(persistence["aof_enabled"]),
        slots_missing=SLOTS - served,
    )
