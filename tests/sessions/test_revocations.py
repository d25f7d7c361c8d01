"""An ended session stops working everywhere within the delay."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from answers import assert_problem, away
from conftest import Clock, bearer
from flask import Flask
from hosts import make_host, services_of, sign_in
from statements import statements

from flask_renewal import Grant
from flask_renewal.identity.sessions.revocations import CLOCK_TOLERANCE


@pytest.fixture
def workers(tmp_path: Path, clock: Clock) -> Callable[..., tuple[Flask, Flask]]:
    """Return a function that makes two workers on one database."""

    def make(**config: Any) -> tuple[Flask, Flask]:
        folder = tmp_path / "shared"
        return make_host(folder, clock, **config), make_host(folder, clock, **config)

    return make


def status(app: Flask, grant: Grant) -> int:
    return app.test_client().get("/access_required", headers=bearer(grant.access_token)).status_code


def end(app: Flask, grant: Grant) -> None:
    services_of(app).sessions.end(grant.session.id, reason="test")


def test_here_a_session_is_over_at_once(workers: Callable[..., tuple[Flask, Flask]]) -> None:
    here, _ = workers()
    grant = sign_in(here)
    assert status(here, grant) == 200
    end(here, grant)
    assert status(here, grant) == 401


def test_elsewhere_within_two_seconds(workers: Callable[..., tuple[Flask, Flask]], clock: Clock) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    end(here, grant)
    clock.tick(seconds=2)
    assert status(elsewhere, grant) == 401


def test_the_delay_is_a_setting(workers: Callable[..., tuple[Flask, Flask]], clock: Clock) -> None:
    here, elsewhere = workers(RENEWAL_REVOCATION_DELAY=60)
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    end(here, grant)
    clock.tick(seconds=29)
    assert status(elsewhere, grant) == 200
    clock.tick(seconds=31)
    assert status(elsewhere, grant) == 401


def test_without_a_delay_elsewhere_at_once(workers: Callable[..., tuple[Flask, Flask]]) -> None:
    here, elsewhere = workers(RENEWAL_REVOCATION_DELAY=0)
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    end(here, grant)
    assert status(elsewhere, grant) == 401


def test_without_end_elsewhere_until_the_token_expires(
    workers: Callable[..., tuple[Flask, Flask]], clock: Clock
) -> None:
    here, elsewhere = workers(RENEWAL_REVOCATION_DELAY=None)
    grant = sign_in(here)
    end(here, grant)
    clock.tick(minutes=14)
    assert (status(here, grant), status(elsewhere, grant)) == (401, 200)
    clock.tick(minutes=1)
    assert status(elsewhere, grant) == 401


def test_a_worker_that_starts_later_knows_too(
    workers: Callable[..., tuple[Flask, Flask]], tmp_path: Path, clock: Clock
) -> None:
    here, _ = workers()
    grant = sign_in(here)
    end(here, grant)
    clock.tick(minutes=14)
    assert status(make_host(tmp_path / "shared", clock), grant) == 401


def test_the_clocks_of_workers_may_differ(
    workers: Callable[..., tuple[Flask, Flask]], tmp_path: Path, clock: Clock
) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    behind = make_host(tmp_path / "shared", lambda: clock() - timedelta(minutes=4))
    end(behind, grant)
    clock.tick(minutes=14)
    assert status(elsewhere, grant) == 401


@pytest.mark.parametrize(("behind", "within"), [(30, 2), (110, 2), (240, 300)])
def test_an_ending_that_comes_late_is_found(
    workers: Callable[..., tuple[Flask, Flask]], tmp_path: Path, clock: Clock, behind: float, within: float
) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    clock.tick(seconds=1)
    end(make_host(tmp_path / "shared", lambda: clock() - timedelta(seconds=behind)), grant)
    clock.tick(seconds=within)
    assert status(elsewhere, grant) == 401


def test_all_are_read_at_first_and_every_five_minutes_and_in_between_the_last_two(
    workers: Callable[..., tuple[Flask, Flask]], clock: Clock, monkeypatch: pytest.MonkeyPatch
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


def test_the_set_is_read_once_for_many_requests(workers: Callable[..., tuple[Flask, Flask]], clock: Clock) -> None:
    here, _ = workers()
    grant = sign_in(here)
    with statements(here) as sent:
        for _ in range(20):
            status(here, grant)
            clock.tick(seconds=0.05)
    assert len(sent) == 1


def test_many_requests_at_once_read_it_once(workers: Callable[..., tuple[Flask, Flask]]) -> None:
    here, _ = workers()
    revocations, ready = services_of(here).revocations, threading.Barrier(8)
    threads = [threading.Thread(target=lambda: (ready.wait(), revocations.is_ended("x"))) for _ in range(8)]
    with statements(here) as sent:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(sent) == 1


def test_a_clock_that_goes_back_does_not_stop_the_reading(
    workers: Callable[..., tuple[Flask, Flask]], clock: Clock
) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    assert status(elsewhere, grant) == 200
    clock.tick(seconds=-30)
    end(here, grant)
    assert status(elsewhere, grant) == 401


@pytest.mark.parametrize("delay", [2, 0])
def test_while_the_store_is_away_what_is_known_stays_in_force(
    workers: Callable[..., tuple[Flask, Flask]], clock: Clock, monkeypatch: pytest.MonkeyPatch, delay: int
) -> None:
    here, _ = workers(RENEWAL_REVOCATION_DELAY=delay)
    ended, living = sign_in(here), sign_in(here)
    end(here, ended)
    for verb in ("find", "ended_since"):
        monkeypatch.setattr(services_of(here).store, verb, away)
    for _ in range(3):
        clock.tick(seconds=5)
        assert (status(here, ended), status(here, living)) == (401, 200)


@pytest.mark.parametrize("delay", [2, 0])
def test_an_outage_is_logged_once_and_then_the_next(
    workers: Callable[..., tuple[Flask, Flask]],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    delay: int,
) -> None:
    here, _ = workers(RENEWAL_REVOCATION_DELAY=delay)
    for _ in range(2):
        with monkeypatch.context() as broken:
            for verb in ("find", "ended_since"):
                broken.setattr(services_of(here).store, verb, away)
            for _ in range(3):
                clock.tick(seconds=5)
                services_of(here).revocations.is_ended("x")
        clock.tick(seconds=5)
        services_of(here).revocations.is_ended("x")
    lines = [record.getMessage() for record in caplog.records if record.name == "flask_renewal"]
    assert lines == ["ended sessions cannot be read; what is known of them stays in force"] * 2


def test_after_an_outage_what_ended_meanwhile_is_known(
    workers: Callable[..., tuple[Flask, Flask]], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    with monkeypatch.context() as broken:
        broken.setattr(services_of(elsewhere).store, "ended_since", away)
        assert status(elsewhere, grant) == 200
        end(here, grant)
    clock.tick(seconds=2)
    assert status(elsewhere, grant) == 401


@pytest.mark.parametrize("delay", [2, 0, None])
def test_what_has_ended_is_forgotten_once_no_token_is_left(
    workers: Callable[..., tuple[Flask, Flask]], clock: Clock, delay: int | None
) -> None:
    here, _ = workers(RENEWAL_REVOCATION_DELAY=delay)
    revocations = services_of(here).revocations
    for _ in range(20):
        end(here, sign_in(here))
        clock.tick(minutes=15)
        clock.tick(seconds=CLOCK_TOLERANCE.total_seconds())
        revocations.is_ended("x")
    assert len(revocations._ended_here) + len(revocations._ended) <= 2


def test_disabling_a_user_ends_every_token(workers: Callable[..., tuple[Flask, Flask]], clock: Clock) -> None:
    here, elsewhere = workers()
    grants = [sign_in(here), sign_in(here)]
    services_of(here).accounts.disable("alice")
    clock.tick(seconds=2)
    for grant in grants:
        response = elsewhere.test_client().get("/jwt_required", headers=bearer(grant.access_token))
        assert_problem(response, 401, "session_ended")
