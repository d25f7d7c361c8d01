"""What each process has of its own."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

import pytest
from forking import FORKS, ends_well_in_a_fork
from patience import PATIENCE

from flask_renewal.ground.per_process import PerProcess


def test_a_process_makes_it_once() -> None:
    own = PerProcess(object)
    assert own() is own()


def test_threads_that_come_first_at_once_get_the_same() -> None:
    met, own = Barrier(8), PerProcess(object)

    def come(_: int) -> object:
        met.wait(PATIENCE)
        return own()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(come, range(8)))) == 1


@FORKS
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_makes_its_own() -> None:
    own = PerProcess(object)
    theirs = own()
    assert ends_well_in_a_fork(lambda: own() is not theirs)
    assert own() is theirs


PATCHED_LATE = """
from flask_renewal.identity.users.hashing import Hashing
hashing = Hashing()
import gevent.monkey
gevent.monkey.patch_all()
import time
for green in [gevent.spawn(hashing.compute, lambda: time.sleep(0.01)) for _ in range(3)]:
    green.get()
"""


def test_what_was_made_before_gevent_came_stops_the_greenlet_that_waits_and_no_other() -> None:
    pytest.importorskip("gevent")
    subprocess.run([sys.executable, "-W", "ignore", "-c", PATCHED_LATE], check=True, timeout=PATIENCE)


def test_of_two_that_come_first_at_once_one_makes_it_for_both() -> None:
    begun, go = threading.Event(), threading.Event()

    def make() -> object:
        begun.set()
        go.wait(PATIENCE)
        return object()

    shared = PerProcess(make)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(shared)
        begun.wait(PATIENCE)
        second = threads.submit(shared)
        wait([second], timeout=0.1)
        go.set()
        assert first.result(PATIENCE) is second.result(PATIENCE)
