"""When the rows of sessions that are over are deleted."""

import pytest
from conftest import Clock
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.identity.sessions.purging import EVERY, EXAMINED_IN_A_BATCH, EXAMINED_WITH_SIGN_IN
from flask_renewal.stores.base import Store


@pytest.fixture
def examined(host: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the list of how many rows each purge of the host's store is told to examine."""
    store: Store = services_of(host).store
    purge, asked = store.purge, list[int]()
    monkeypatch.setattr(store, "purge", lambda **options: asked.append(options["examine"]) or purge(**options))
    return asked


def test_every_fifth_sign_in_is_an_occasion_and_the_first_one_is(host: Flask, examined: list[int]) -> None:
    for expected in [1] * EVERY + [2]:
        sign_in(host)
        assert examined == [EXAMINED_WITH_SIGN_IN] * expected


def test_the_command_deletes_what_is_over_in_small_batches(host: Flask, clock: Clock, examined: list[int]) -> None:
    services = services_of(host)
    for _ in range(EXAMINED_IN_A_BATCH + 5):
        sign_in(host)
    clock.tick(days=8)
    living = sign_in(host).session
    over = services.store.count(now=clock()).over
    examined.clear()
    assert sum(services.sessions.purging.everything()) == over
    assert set(examined) == {EXAMINED_IN_A_BATCH}
    assert services.store.find(living.id) is not None
