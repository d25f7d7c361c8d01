"""What is known of ended sessions while the store is away, and who waits for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from answers import away
from conftest import Clock
from hosts import services_of, sign_in
from patience import PATIENCE
from workers import *  # noqa: F403 - fixtures
from workers import Workers, end, status

from flask_renewal.identity.sessions import revocations as of_revocations


@pytest.mark.parametrize("delay", [2, 0])
def test_while_the_store_is_away_what_is_known_stays_in_force(
    workers: Workers, clock: Clock, monkeypatch: pytest.MonkeyPatch, delay: int
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
    workers: Workers,
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
    workers: Workers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = workers()
    grant = sign_in(here)
    with monkeypatch.context() as broken:
        broken.setattr(services_of(elsewhere).store, "ended_since", away)
        assert status(elsewhere, grant) == 200
        end(here, grant)
    clock.tick(seconds=2)
    assert status(elsewhere, grant) == 401


def test_while_it_is_away_one_looks_again_and_nobody_waits_for_that(
    workers: Workers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_revocations, "LONGEST_WAIT_SECONDS", 2 * PATIENCE)
    here, _ = workers()
    revocations, looks, let_go = services_of(here).revocations, Event(), Event()

    def hang(_: object) -> None:
        looks.set()
        let_go.wait(PATIENCE)
        away()

    monkeypatch.setattr(services_of(here).store, "ended_since", away)
    revocations.is_ended("x")
    monkeypatch.setattr(services_of(here).store, "ended_since", hang)
    clock.tick(seconds=5)
    with ThreadPoolExecutor(1) as threads:
        looking = threads.submit(revocations.is_ended, "x")
        try:
            assert looks.wait(PATIENCE)
            assert not revocations.is_ended("x")
            assert not looking.done()
        finally:
            let_go.set()
