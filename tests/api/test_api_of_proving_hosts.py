"""The JSON API of a host that proves who people are: what takes a password is not there, everything else is."""

from pathlib import Path

import pytest
from answers import assert_problem
from conftest import Clock, bearer
from proving_hosts import ProvingHost


@pytest.fixture
def host(tmp_path: Path, clock: Clock) -> ProvingHost:
    host = ProvingHost(tmp_path / "instance", clock)
    host.add("7", "alice")
    return host


@pytest.mark.parametrize(
    ("method", "name"), [("POST", "register"), ("POST", "login"), ("PUT", "password"), ("POST", "confirm")]
)
def test_what_takes_a_password_does_not_exist(host: ProvingHost, method: str, name: str) -> None:
    assert_problem(host.app.test_client().open(f"/auth/{name}", method=method, json={}), 404, "not_found")


def test_sessions_are_listed_and_ended(host: ProvingHost, clock: Clock) -> None:
    first, _ = host.start(), clock.tick(seconds=1)
    second, client = host.start(), host.app.test_client()
    listed = client.get("/auth/sessions", headers=bearer(first.access_token)).get_json()["sessions"]
    assert [session["id"] for session in listed] == [second.session.id, first.session.id]
    assert client.delete("/auth/sessions", headers=bearer(first.access_token)).get_json() == {"ended": 1}
    assert client.post("/auth/logout", headers=bearer(first.access_token)).status_code == 204
    assert_problem(host.ask("/auth/me", first), 401, "session_ended")


def test_a_refresh_by_cookie_answers_as_everywhere(host: ProvingHost) -> None:
    client = host.app.test_client()
    client.set_cookie("refresh_token", host.start().refresh_token or "")
    answer = client.post("/auth/refresh").get_json()
    assert answer["user"] == {"id": "7", "username": "alice"}
