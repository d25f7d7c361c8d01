"""Sessions end within a transaction of the host's on a server: at once, whatever becomes of it, and nobody waits."""

import time
from pathlib import Path

import pytest
from conftest import Clock
from empty_databases import empty_database
from flask import Flask
from hosts import make_host, services_of, sign_in
from sqlalchemy import text


@pytest.fixture(params=["PostgreSQL", "MariaDB"])
def host(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Flask:
    url = empty_database(request.param, request, tmp_path)
    return make_host(tmp_path / "host", clock, SQLALCHEMY_DATABASE_URI=url)


def test_what_ends_meanwhile_is_ended_though_the_host_takes_its_own_back(host: Flask) -> None:
    grant, began = sign_in(host), time.monotonic()
    with host.app_context():
        hosts = host.extensions["sqlalchemy"].session
        hosts.execute(text("UPDATE host_user SET disabled_at = created_at"))
        assert services_of(host).sessions.end_all(grant.session.user_id, reason="test") == 1
        hosts.rollback()
        assert hosts.execute(text("SELECT count(*) FROM host_user WHERE disabled_at IS NULL")).scalar() == 1
    found = services_of(host).store.find(grant.session.id)
    assert found is not None
    assert found.ended_reason == "test"
    assert time.monotonic() - began < 20, "nobody waited for a lock"


def test_what_the_host_has_read_before_keeps_nobody_in(host: Flask) -> None:
    grant = sign_in(host)
    with host.app_context():
        hosts = host.extensions["sqlalchemy"].session
        hosts.execute(text("SELECT count(*) FROM renewal_session"))  # a transaction that sees the table as it is now
        services_of(host).sessions.end(grant.session.id, reason="test")
        found = services_of(host).store.find(grant.session.id)
        assert found is not None
        assert found.ended_at is not None
