"""What clients see, and which sessions are lost, while a database fails behind real servers, whichever it is."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from engines import PostgreSQL, wait_until
from on_postgresql import Serve
from servers import PASSWORD, Server, Visitor
from storms import sessions_lost, storming


def registered(server: Server, count: int) -> list[Visitor]:
    return [server.register(f"visitor{number}") for number in range(count)]


@contextmanager
def held(hold: Callable[[], object], *, is_held: Callable[[], bool], release: Callable[[], object]) -> Iterator[None]:
    """Let somebody else hold what `hold` locks, which goes on until it is released."""
    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        try:
            wait_until(lambda: is_held() or holding.done(), "nothing is held")
            assert not holding.done(), holding.result()
            yield
        finally:
            release()


def sleeping_on(postgresql: PostgreSQL, lock: str) -> AbstractContextManager[None]:
    """Let somebody take a lock of PostgreSQL's and keep it."""
    asleep = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    return held(
        lambda: postgresql.sql(f"BEGIN; {lock}; SELECT pg_sleep(600)"),
        is_held=lambda: postgresql.sql(f"SELECT count(*) {asleep}") == "1",
        release=lambda: postgresql.sql(f"SELECT pg_terminate_backend(pid) {asleep}"),
    )


def restart_in_a_storm(serve: Serve, *, stop: Callable[[], object], start: Callable[[], object]) -> None:
    """Check that no session is lost, and that access tokens are judged as before meanwhile."""
    with serve() as server:
        *visitors, gone = registered(server, 9)
        assert server.post("/auth/logout", refresh=gone.refresh).status == 204
        time.sleep(2.1)
        assert server.statuses("/guarded", access=gone.access) == {401}
        with storming(server, visitors) as storm:
            time.sleep(0.5)
            stop()
            storm.wait_for(503)
            assert {server.get("/guarded", access=visitor.access).status for visitor in visitors} == {200}
            assert server.statuses("/guarded", access=gone.access) == {401}
            assert server.get("/readyz").status == 503
            start()
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert set(storm.statuses) == {200, 503}
        assert sessions_lost(visitors, server) == 0
        assert server.get("/readyz").status == 200


def kill_the_application(serve: Serve) -> None:
    """Check that no session is lost where the processes of the application are killed while they answer."""
    with serve() as server:
        visitors = registered(server, 6)
        with storming(server, visitors) as storm:
            storm.wait_for(200)
            time.sleep(0.5)
            server.kill()
            storm.wait_for("none")
        assert set(storm.statuses) <= {200, "none"}
    with serve() as server:
        assert sessions_lost(visitors, server) == 0


def connections_die_idle(serve: Serve, *, kill: Callable[[], int]) -> None:
    """Check that no client notices; `kill` kills the connections and returns how many there were."""
    with serve() as server:
        alice = server.register("alice")
        for _ in range(3):
            with ThreadPoolExecutor(8) as threads:
                list(threads.map(lambda _: server.get("/auth/me", access=alice.access), range(8)))
            assert kill() > 0
            assert alice.refreshes(server).status == 200
            assert kill() > 0
            login = server.post("/auth/login", content={"username": "alice", "password": PASSWORD})
            assert login.status == 200


def turn_read_only(serve: Serve, *, turn: Callable[[str], object]) -> None:
    """Check that what has to be written is refused for now; `turn` turns the database read-only ``ON`` or ``OFF``."""
    with serve() as server:
        visitors = registered(server, 6)
        with storming(server, visitors) as storm:
            time.sleep(0.3)
            turn("ON")
            storm.wait_for(503)
            assert server.get("/guarded", access=visitors[0].access).status == 200
            assert server.get("/auth/me", access=visitors[0].access).status == 200
            assert server.post("/auth/logout", refresh=visitors[0].refresh).status == 503
            turn("OFF")
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert sessions_lost(visitors, server) == 0


def share_one_database(serve: Serve) -> None:
    """Check that two servers refuse nothing and lose no session."""
    with serve() as here, serve() as there:
        visitors = registered(here, 6)
        with storming([here, there], visitors) as storm:
            time.sleep(2)
        assert set(storm.statuses) == {200}
        assert sessions_lost(visitors, there) == 0
