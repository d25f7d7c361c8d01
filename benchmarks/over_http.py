"""Rates over HTTP: every server runs at once, and is asked in turns, so that what disturbs one round disturbs all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from .load import Client, Load, run
from .peers import BARE, Peer, Workshop, limit, others, ours
from .server import Server, hello, signed_in

CLIENTS, MANY_CLIENTS = 16, 200


@dataclass
class Measured:
    """What one server reached, round by round."""

    name: str
    guard: list[float] = field(default_factory=list)
    refresh: list[float] = field(default_factory=list)
    refresh_p50: list[float] = field(default_factory=list)
    refresh_p99: list[float] = field(default_factory=list)
    many: Load | None = None
    """Refreshes by many clients at once."""
    per_refresh: dict[str, float] = field(default_factory=dict)
    """Of PostgreSQL: commits, bytes of write-ahead log, rows left behind."""


@dataclass
class Comparison:
    """One database: bare Flask, us, and the others."""

    database: str
    hello: list[float] = field(default_factory=list)
    servers: dict[str, Measured] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Peers that could not be measured, and why."""


def compare(database: str, uri: str, workshop: Workshop, folder: Path, *, rounds: int, seconds: float) -> Comparison:
    """Measure everybody on one database."""
    result = Comparison(database=database)
    with ExitStack() as stack:
        running: dict[str, tuple[Server, dict[str, list[Client]]]] = {}
        for peer in (BARE, ours(database), limit(database), *others(database)):
            reason = workshop.lacks(peer)
            try:
                if reason is None:
                    server = stack.enter_context(Server(peer, workshop, uri, folder))
                    running[peer.name] = server, _clients(peer, server)
                    result.servers[peer.name] = Measured(name=peer.name)
            except RuntimeError as error:
                reason = str(error)
            if reason is not None:
                result.missing[peer.name] = reason.splitlines()[-1]
        for name in ("Flask-Renewal", "the limit route"):
            if name in result.missing:
                raise RuntimeError(result.missing[name])
        bare = running[BARE.name][0]
        for _ in range(rounds):
            result.hello.append(run(bare.port, [hello(bare)] * CLIENTS, seconds).rate)
            for name, (server, clients) in running.items():
                _round(result.servers[name], server, clients, seconds, uri)
        for name in ("Flask-Renewal", "the limit route"):
            server = running[name][0]
            many = [server.peer.refresh(tokens) for tokens in signed_in(server, MANY_CLIENTS, first=CLIENTS)]  # type: ignore[misc]
            result.servers[name].many = run(server.port, many, seconds)
    return result


def _clients(peer: Peer, server: Server) -> dict[str, list[Client]]:
    """Sign in, and make the clients of each kind of request; no two share a session."""
    kinds = {"guard": peer.guard, "refresh": peer.refresh}
    sessions = signed_in(server, CLIENTS)
    return {kind: [make(tokens) for tokens in sessions] for kind, make in kinds.items() if make is not None}


def _round(measured: Measured, server: Server, clients: dict[str, list[Client]], seconds: float, uri: str) -> None:
    if "guard" in clients:
        load = run(server.port, clients["guard"], seconds)
        _expect_success(measured.name, load)
        measured.guard.append(load.rate)
    if "refresh" in clients:
        with _watching(uri, measured) as count:
            load = run(server.port, clients["refresh"], seconds)
            count(len(load.times))
        _expect_success(measured.name, load)
        measured.refresh.append(load.rate)
        measured.refresh_p50.append(load.percentile(0.5))
        measured.refresh_p99.append(load.percentile(0.99))


def _expect_success(name: str, load: Load) -> None:
    if load.refused:
        raise RuntimeError(f"{name} refused {load.refused} of {len(load.times)} requests: {load.refusal!r}")


@contextmanager
def _watching(uri: str, measured: Measured) -> Iterator[Callable[[int], None]]:
    """Note what PostgreSQL did meanwhile, per refresh."""
    done: list[int] = []
    before = _postgres_counts(uri)
    yield done.append
    after = _postgres_counts(uri)
    if before and after and done and done[0]:
        measured.per_refresh = {name: (after[name] - before[name]) / done[0] for name in after}


def _postgres_counts(uri: str) -> dict[str, float]:
    if uri.startswith("sqlite"):
        return {}
    with psycopg.connect(uri.replace("+psycopg", ""), autocommit=True) as connection:
        wal = _one(connection, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        writes = _one(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        tables = connection.execute("SELECT relid::regclass::text FROM pg_stat_user_tables").fetchall()
        rows = sum(_one(connection, f"SELECT count(*) FROM {table}") for (table,) in tables)
    return {"WAL bytes": wal, "durable commits": writes, "rows left": rows}


def _one(connection: "psycopg.Connection[Any]", query: str) -> float:
    row = connection.execute(query.encode()).fetchone()
    return float(row[0]) if row else float("nan")


def header(uri: str, workshop: Workshop, folder: Path, *, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Return, round by round, requests per second that renew in the header, and of those that do not."""
    found: dict[str, list[float]] = {"renewing": [], "not renewing": []}
    kind = "sqlite" if uri.startswith("sqlite") else "postgresql"
    with ExitStack() as stack:
        clients = {}
        for name, threshold in (("renewing", "1"), ("not renewing", "0")):
            server = stack.enter_context(Server(ours(kind, BENCHMARK_THRESHOLD=threshold), workshop, uri, folder))
            clients[name] = server, [server.peer.guard(one) for one in signed_in(server, CLIENTS)]  # type: ignore[misc]
        for _ in range(rounds):
            for name, (server, asking) in clients.items():
                found[name].append(run(server.port, asking, seconds).rate)
    return found
