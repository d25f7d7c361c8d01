"""An ended session stops working everywhere within the delay."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from answers import assert_problem
from conftest import Clock, bearer
from hosts import make_host, services_of, sign_in
from statements import statements
from workers import *  # noqa: F403 - fixtures
from workers import Workers, end, status

from flask_renewal.identity.sessions.revocations import CLOCK_TOLERANCE


def test_here_a_session_is_over_at_once(workers: Workers) -> None:
    here, _ = workers()
    grant = sign_in(here)
    assert status(here, grant) == 200
    end(here, grant)
    assert status(here, grant) == 401


def test_elsewhere_within_two_seconds(workers: Workers, clock: Clock) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    end(here, grant)
    clock.tick(seconds=2)
    assert status(elsewhere, grant) == 401


def test_the_delay_is_a_setting(workers: Workers, clock: Clock) -> None:
    here, elsewhere = workers(RENEWAL_REVOCATION_DELAY=60)
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    end(here, grant)
    clock.tick(seconds=29)
    assert status(elsewhere, grant) == 200
    clock.tick(seconds=31)
    assert status(elsewhere, grant) == 401


def test_without_a_delay_elsewhere_at_once(workers: Workers) -> None:
    here, elsewhere = workers(RENEWAL_REVOCATION_DELAY=0)
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    end(here, grant)
    assert status(elsewhere, grant) == 401


def test_without_end_elsewhere_until_the_token_expires(workers: Workers, clock: Clock) -> None:
    here, elsewhere = workers(RENEWAL_REVOCATION_DELAY=None)
    grant = sign_in(here)
    end(here, grant)
    clock.tick(minutes=14)
    assert (status(here, grant), status(elsewhere, grant)) == (401, 200)
    clock.tick(minutes=1)
    assert status(elsewhere, grant) == 401


def test_a_worker_that_starts_later_knows_too(workers: Workers, tmp_path: Path, clock: Clock) -> None:
    here, _ = workers()
    grant = sign_in(here)
    end(here, grant)
    clock.tick(minutes=14)
    assert status(make_host(tmp_path / "shared", clock), grant) == 401


def test_the_clocks_of_workers_may_differ(workers: Workers, tmp_path: Path, clock: Clock) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    behind = make_host(tmp_path / "shared", lambda: clock() - timedelta(minutes=4))
    end(behind, grant)
    clock.tick(minutes=14)
    assert status(elsewhere, grant) == 401


@pytest.mark.parametrize(("behind", "within"), [(30, 2), (110, 2), (240, 300)])
def test_an_ending_that_comes_late_is_found(
    workers: Workers, tmp_path: Path, clock: Clock, behind: float, within: float
) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    clock.tick(seconds=1)
    end(make_host(tmp_path / "shared", lambda: clock() - timedelta(seconds=behind)), grant)
    clock.tick(seconds=within)
    assert status(elsewhere, grant) == 401


def test_all_are_read_at_first_and_every_five_minutes_and_in_between_the_last_two(
    workers: Workers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = workers()
    revocations, since = services_of(here).revocations, list[timedelta]()
    read = services_of(here).store.ended_since
    monkeypatch.setattr(
        services_of(here).store, "ended_since", lambda moment: since.append(clock() - moment) or read(moment)
    )
    for _ in range(303):
        revocations.is_ended("x")
        clock.tick(seconds=1.1)
    whole, part = timedelta(minutes=20), timedelta(minutes=2, seconds=1.1)
    assert since == [whole] + [part] * 272 + [whole] + [part] * 29


def test_the_set_is_read_once_for_many_requests(workers: Workers, clock: Clock) -> None:
    here, _ = workers()
    grant = sign_in(here)
    with statements(here) as sent:
        for _ in range(20):
            status(here, grant)
            clock.tick(seconds=0.05)
    assert len(sent) == 1


def test_many_requests_at_once_read_it_once(workers: Workers) -> None:
    here, _ = workers()
    revocations, ready = services_of(here).revocations, threading.Barrier(8)
    threads = [threading.Thread(target=lambda: (ready.wait(), revocations.is_ended("x"))) for _ in range(8)]
    with statements(here) as sent:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(sent) == 1


def test_a_clock_that_goes_back_does_not_stop_the_reading(workers: Workers, clock: Clock) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    clock.tick(seconds=-30)
    end(here, grant)
    assert status(elsewhere, grant) == 401


@pytest.mark.parametrize("delay", [2, 0, None])
def test_what_has_ended_is_forgotten_once_no_token_is_left(workers: Workers, clock: Clock, delay: int | None) -> None:
    here, _ = workers(RENEWAL_REVOCATION_DELAY=delay)
    revocations = services_of(here).revocations
    for _ in range(20):
        end(here, sign_in(here))
        clock.tick(minutes=15)
        clock.tick(seconds=CLOCK_TOLERANCE.total_seconds())
        revocations.is_ended("x")
    assert len(revocations._ended_here) + len(revocations._ended) <= 2


def test_disabling_a_user_ends_every_token(workers: Workers, clock: Clock) -> None:
    here, elsewhere = workers()
    grants = [sign_in(here), sign_in(here)]
    services_of(here).accounts.disable("alice")
    clock.tick(seconds=2)
    for grant in grants:
        response = elsewhere.test_client().get("/jwt_required", headers=bearer(grant.access_token))
        assert_problem(response, 401, "session_ended")
