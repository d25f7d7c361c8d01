"""A host's ids are what they are there, and text outside, wherever the sessions are kept and whoever is asked."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from conftest import Clock
from engines import Redis
from proving_hosts import ProvingHost

IDS = [pytest.param("a-b", id="str"), pytest.param(7, id="int"), pytest.param(UUID(int=7), id="UUID")]


@pytest.fixture(scope="module")
def redis_server() -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(params=["SQL", "SQL, loaded", "Redis", "Redis, loaded"])
def host(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> ProvingHost:
    store = request.getfixturevalue("redis_server").url if "Redis" in request.param else None
    return ProvingHost(tmp_path / "instance", clock, loads="loaded" in request.param, RENEWAL_STORE=store)


@pytest.mark.parametrize("user_id", IDS)
def test_a_session_is_started_seen_and_ended_by_the_hosts_id(host: ProvingHost, user_id: str | int | UUID) -> None:
    host.add(str(user_id))
    with host.app.app_context():
        grant = host.renewal.start_session(user_id, claims={"org": "blue"})
        assert grant.session.user_id == str(user_id)
        assert [session.id for session in host.renewal.sessions(user_id)] == [grant.session.id]
        assert host.ask("/own", host.refresh(grant)).get_json() == {"id": str(user_id)}
        assert host.renewal.end_sessions(user_id) == 1
        assert host.renewal.sessions(user_id) == []


@pytest.mark.parametrize("user_id", [True, None, 1.5, b"7"], ids=repr)
def test_what_is_no_id_is_refused_by_its_type(host: ProvingHost, user_id: object) -> None:
    for verb in (host.renewal.start_session, host.renewal.sessions, host.renewal.end_sessions):
        with host.app.app_context(), pytest.raises(TypeError, match="is a str, an int or a UUID"):
            verb(user_id)  # type: ignore[operator]


@pytest.mark.parametrize("user_id", ["", "x" * 65, "a\0b", "a\nb"], ids=["empty", "long", "nul", "two lines"])
def test_what_cannot_be_an_id_is_refused_with_what_one_is(host: ProvingHost, user_id: str) -> None:
    for verb in (host.renewal.start_session, host.renewal.sessions, host.renewal.end_sessions):
        with host.app.app_context(), pytest.raises(ValueError, match="1 to 64 characters that can be printed"):
            verb(user_id)  # type: ignore[operator]
