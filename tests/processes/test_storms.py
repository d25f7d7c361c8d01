"""Many at once against real servers on one SQLite file."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from everything import EVERYTHING
from servers import UNHURRIED, Visitor, serving
from storms import storming

WRITING_SECONDS = 10 if EVERYTHING else 4


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
        with storming(server, visitors) as storm:
            time.sleep(WRITING_SECONDS)
            storm.wait_for(200, times=101)
        assert set(storm.statuses) == {200}
        assert "locked" not in server.log.read_text()


def test_every_session_goes_on_after_the_server_was_killed_in_a_storm(tmp_path: Path) -> None:
    visitors: list[Visitor] = []
    for number in range(3):
        with serving(tmp_path, workers=2, **UNHURRIED) as server:
            visitors.append(server.register(f"visitor{number}"))
            visitors.append(server.register(f"guest{number}"))
            with storming(server, visitors) as storm:
                time.sleep(0.7)
                server.kill()
                storm.wait_for("none")
            assert set(storm.statuses) <= {200, "none"}
    with serving(tmp_path, **UNHURRIED) as server:
        assert [visitor.refreshes(server).status for visitor in visitors] == [200] * 6
