"""A host's transaction is its own: nothing of ours commits it, or is rolled back with it, and nothing waits for it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock, bearer
from flask import Flask
from hosts import RENEWED, answering, due, sign_in
from patience import PATIENCE, PATIENCE_MS
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from flask_renewal.ground.errors import StoreRefusedError, UsernameTakenError
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.stores import sqlite as of_sqlite
from flask_renewal.testing.parts import services_of

WRITE = text("UPDATE host_user SET username = 'changed'")

VERBS: dict[str, Callable[[Any], object]] = {
    "starting a session": lambda services: services.sessions.start(services.users.find_by_name("alice"), Origin()),
    "listing": lambda services: services.sessions.list("id-of-alice"),
    "ending all": lambda services: services.sessions.end_all("id-of-alice", reason="test"),
    "purging": lambda services: list(services.sessions.purging.everything()),
}


@pytest.fixture
def in_memory(adopt: Callable[..., Flask]) -> Flask:
    return adopt(SQLALCHEMY_DATABASE_URI="sqlite://")


def session_of(app: Flask) -> Any:
    return app.extensions["sqlalchemy"].session


def name_of_alice(app: Flask) -> str:
    return str(session_of(app).execute(text("SELECT username FROM host_user")).scalar())


@pytest.mark.parametrize(("end", "name"), [("rollback", "alice"), ("commit", "changed")])
@pytest.mark.parametrize("verb", VERBS)
def test_in_memory_the_host_alone_decides_over_what_it_has_written(
    in_memory: Flask, verb: str, end: str, name: str
) -> None:
    sign_in(in_memory)
    with in_memory.app_context():
        session_of(in_memory).execute(WRITE)
        VERBS[verb](services_of(in_memory))
        getattr(session_of(in_memory), end)()
        assert name_of_alice(in_memory) == name


def test_in_memory_ours_is_committed_where_the_host_has_begun_nothing(in_memory: Flask) -> None:
    grant = sign_in(in_memory)
    with in_memory.app_context():
        session_of(in_memory).rollback()
    assert services_of(in_memory).store.find(grant.session.id) is not None


def test_in_memory_what_the_host_commits_stays_after_ours_was_refused(in_memory: Flask) -> None:
    sign_in(in_memory)
    with in_memory.app_context():
        session_of(in_memory).execute(WRITE)
        account = services_of(in_memory).users.find("id-of-alice")
        with pytest.raises(UsernameTakenError):
            services_of(in_memory).users.add(account, key="alice", now=services_of(in_memory).ambient.now())
        session_of(in_memory).commit()
        assert name_of_alice(in_memory) == "changed"


def test_on_a_file_ours_stays_when_the_host_rolls_back(host: Flask) -> None:
    with host.app_context():
        name_of_alice(host)
        grant = sign_in(host)
        session_of(host).rollback()
    assert services_of(host).store.find(grant.session.id) is not None


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a lock after all does so for longer than a full machine takes for anything."""
    monkeypatch.setattr(of_sqlite, "BUSY_TIMEOUT_MS", 2 * PATIENCE_MS)


@pytest.mark.usefixtures("patient")
def test_on_a_file_whoever_has_written_is_told_at_once_to_commit_first(host: Flask) -> None:
    grant, began = sign_in(host), time.monotonic()
    with host.app_context():
        session_of(host).execute(WRITE)
        assert services_of(host).sessions.list("id-of-alice"), "to read one need not wait"
        with pytest.raises(StoreRefusedError, match="commit that first"):
            services_of(host).sessions.end(grant.session.id, reason="test")
        session_of(host).commit()
        services_of(host).sessions.end(grant.session.id, reason="test")
        assert name_of_alice(host) == "changed"
    assert time.monotonic() - began < PATIENCE


def test_on_a_file_whoever_has_only_read_is_served(host: Flask) -> None:
    grant = sign_in(host)
    with host.app_context():
        assert name_of_alice(host) == "alice"
        services_of(host).sessions.end(grant.session.id, reason="test")


def test_on_a_file_whoever_has_failed_to_write_is_served(host: Flask) -> None:
    grant = sign_in(host)
    with host.app_context():
        [user] = [each.class_ for each in host.extensions["sqlalchemy"].Model.registry.mappers if "user" in str(each)]
        session_of(host).add(user(id="id-of-alice"))
        with pytest.raises(IntegrityError):
            session_of(host).flush()
        services_of(host).sessions.end(grant.session.id, reason="test")


def test_on_a_file_no_transaction_of_the_hosts_begins_because_of_ours(host: Flask) -> None:
    grant = sign_in(host)
    with host.app_context():
        hosts = session_of(host)()
        services_of(host).sessions.end(grant.session.id, reason="test")
        assert not hosts.in_transaction()


@pytest.mark.usefixtures("patient")
def test_a_renewal_in_the_header_does_not_wait_for_the_hosts_transaction(
    host: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def write() -> str:
        session_of(host).execute(WRITE)
        return "written"

    ask, headers = answering(host, write), bearer(due(host, clock).access_token)
    began = time.monotonic()
    answer = ask("/answer", headers=headers)
    assert (answer.status_code, RENEWED in answer.headers) == (200, False)
    assert time.monotonic() - began < PATIENCE
    assert [record.levelname for record in caplog.records] == ["WARNING"], "nothing is wrong"
    assert RENEWED in host.test_client().get("/access_required", headers=headers).headers
