"""Many at once against real servers on one SQLite file."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from servers import NO_ANSWER, UNHURRIED, Server, Visitor, serving

WRITING_SECONDS = 10 if os.environ.get("RENEWAL_TEST_EVERYTHING") else 4


def test_of_64_refreshes_of_one_token_all_are_answered_and_one_gets_the_cookie(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2, RATELIMIT_ENABLED=False) as server, ThreadPoolExecutor(64) as threads:
        alice = server.register("alice")
        sent = [threads.submit(server.post, "/auth/refresh", refresh=alice.refresh) for _ in range(64)]
        answers = [answer.result() for answer in sent]
        assert Counter(answer.status for answer in answers) == {200: 64}
        assert sum("refresh_token" in answer.cookies for answer in answers) == 1


def test_no_client_hears_that_the_database_is_locked(tmp_path: Path) -> None:
    with serving(tmp_path, workers=4, **UNHURRIED) as server:
        visitors = [server.register(f"visitor{number}") for number in range(16)]
        with storming(server, visitors) as statuses:
            time.sleep(WRITING_SECONDS)
        assert set(statuses) == {200}
        assert statuses[200] > 100
        assert "locked" not in server.log.read_text()


def test_every_session_goes_on_after_the_server_was_killed_in_a_storm(tmp_path: Path) -> None:
    visitors: list[Visitor] = []
    for number in range(4):
        with serving(tmp_path, workers=2, **UNHURRIED) as server:
            visitors.append(server.register(f"visitor{number}"))
            visitors.append(server.register(f"guest{number}"))
            with storming(server, visitors) as statuses:
                time.sleep(0.7)
                server.kill()
            assert set(statuses) <= {200, "none"}
            assert statuses["none"]
    with serving(tmp_path, **UNHURRIED) as server:
        assert [visitor.refreshes(server).status for visitor in visitors] == [200] * 8


@contextmanager
def storming(server: Server, visitors: list[Visitor]) -> Iterator[Counter[int | str]]:
    """Let the visitors refresh one after the other answer; count the statuses, and as `none` what got no answer."""
    statuses: Counter[int | str] = Counter()
    over = Event()

    def refresh(visitor: Visitor) -> None:
        while not over.is_set():
            try:
                statuses[visitor.refreshes(server).status] += 1
            except NO_ANSWER:
                statuses["none"] += 1
                over.wait(0.05)

    with ThreadPoolExecutor(len(visitors)) as threads:
        running = [threads.submit(refresh, visitor) for visitor in visitors]
        try:
            yield statuses
        finally:
            over.set()
    for run in running:
        run.result()
