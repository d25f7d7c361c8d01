"""What holds while many move one session at once, from several processes."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ...rotation import Verdict
from ...stores.base import Ending, Session, Store
from .moves import DAY, INSTANT, NOW, OpenStore, a_session, present, put

PROCESSES = 4
THREADS = 16


def race(open_store: OpenStore, move: Callable[[Store, int], Any]) -> list[Any]:
    """Make 64 moves at once, from 16 threads in each of four processes, and return what came back."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    answers = forks.SimpleQueue()
    start = forks.Barrier(PROCESSES, timeout=60)
    runners = [
        forks.Process(target=_run, args=(open_store, move, number, start, answers)) for number in range(PROCESSES)
    ]
    for runner in runners:
        runner.start()
    came = [answers.get() for _ in runners]
    for runner in runners:
        runner.join(timeout=60)
    return [answer for part in came for answer in part]


def _run(open_store: OpenStore, move: Callable[[Store, int], Any], number: int, start: Any, answers: Any) -> None:
    try:
        store = open_store()
        store.find("warm")
        start.wait()
        with ThreadPoolExecutor(THREADS) as threads:
            moves = [threads.submit(move, store, number * THREADS + index) for index in range(THREADS)]
        answers.put([move.exception() or move.result() for move in moves])
    except Exception as error:
        answers.put([error])


def _present_first(store: Store, number: int) -> tuple[Verdict, str | None]:
    return present(store, "sid", "one", now=NOW, fresh=f"fresh{number}")


def _end(store: Store, number: int) -> Sequence[Session]:
    return store.end(Ending(reason="logout", now=NOW, session_id="sid"))


def _sign_in(store: Store, number: int) -> Sequence[Session]:
    moment = NOW + number * INSTANT
    return store.start(a_session(f"sid{number}", created_at=moment, last_used_at=moment), keep=10)


def _present_or_end(store: Store, number: int) -> tuple[Verdict, str | None] | Sequence[Session]:
    return _end(store, number) if number == 40 else _present_first(store, number)


def test_of_64_at_once_one_is_handed_the_next_token_and_the_others_are_quiet(open_store: OpenStore) -> None:
    store = open_store()
    put(store, a_session("sid"))
    answers = race(open_store, _present_first)
    handed_out = [fresh for verdict, fresh in answers if verdict is Verdict.ROTATE]
    found = store.find("sid")
    assert found is not None
    assert [found.next] == handed_out
    assert [verdict for verdict, _ in answers].count(Verdict.QUIET) == 63


def test_of_64_endings_at_once_one_has_ended_the_session(open_store: OpenStore) -> None:
    put(open_store(), a_session("sid"))
    assert sorted(len(ended) for ended in race(open_store, _end)) == [0] * 63 + [1]


def test_64_sign_ins_at_once_leave_the_most_sessions_and_displace_each_other_once(open_store: OpenStore) -> None:
    displaced = [session.id for ended in race(open_store, _sign_in) for session in ended]
    living = [session.id for session in open_store().list("alice", now=NOW + DAY / 2)]
    assert len(displaced) == len(set(displaced))
    assert len(living) + len(displaced) == 64
    assert len(living) == 10


def test_nothing_moves_an_ended_session_on_however_the_ending_races(open_store: OpenStore) -> None:
    store = open_store()
    put(store, a_session("sid"))
    answers = race(open_store, _present_or_end)
    found = store.find("sid")
    assert found is not None
    assert found.ended_at == NOW
    assert {answer[0] for answer in answers if isinstance(answer, tuple)} <= {
        Verdict.ROTATE,
        Verdict.QUIET,
        Verdict.ENDED,
    }
