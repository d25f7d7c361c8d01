"""What each request costs the database."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import COOKIE
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import GUARDS, RENEWED, make_host, services_of
from statements import statements

from flask_renewal.identity.sessions.purging import EVERY
from flask_renewal.testing import RenewalClient


def writes(sent: list[str]) -> list[str]:
    return [statement for statement in sent if not statement.startswith("SELECT")]


@pytest.mark.usefixtures("login")
def test_a_refresh_is_one_update_that_reads_the_users_name_along(app: Flask, client: FlaskClient) -> None:
    with statements(app) as sent:
        assert client.post("/auth/refresh").status_code == 200
    assert len(sent) == 1
    assert sent[0].startswith("UPDATE renewal_session SET")
    assert "FROM renewal_user" in sent[0]


@pytest.mark.usefixtures("login")
def test_a_quiet_refresh_asks_why_its_update_found_no_row(app: Flask, client: FlaskClient) -> None:
    cookie = client.get_cookie(COOKIE)
    client.post("/auth/refresh")
    client.set_cookie(COOKIE, cookie.value if cookie else "")
    with statements(app) as sent:
        assert client.post("/auth/refresh").status_code == 200
    assert [statement.split()[0] for statement in sent] == ["UPDATE", "SELECT"]


@pytest.mark.parametrize("token", ["", "bad", "a.b.c..d"])
def test_a_refresh_with_a_bad_token_asks_nothing(app: Flask, token: str) -> None:
    client = app.test_client(use_cookies=False)
    with statements(app) as sent:
        response = client.post("/auth/refresh", headers={"Cookie": f"{COOKIE}={token}"})
    assert response.get_json()["code"] == "refresh_token_invalid"
    assert sent == []


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("path", ["", "/fresh", "/optional", "/claims"])
def test_a_guarded_request_costs_nothing(host: Flask, guard: str, path: str) -> None:
    client = RenewalClient(host).login()
    client.get(f"/{guard}")
    with statements(host) as sent:
        assert client.get(f"/{guard}{path}").status_code == 200
    assert sent == []


@pytest.mark.parametrize("guard", GUARDS)
def test_the_first_guarded_request_reads_who_has_ended(host: Flask, guard: str, clock: Clock) -> None:
    client = RenewalClient(host).login()
    for _ in range(2):
        with statements(host) as sent:
            client.get(f"/{guard}")
        assert len(sent) == 1
        assert "ended_at >" in sent[0]
        clock.tick(seconds=2.1)


@pytest.mark.parametrize("guard", GUARDS)
def test_the_user_is_read_when_asked_for_and_once(host: Flask, guard: str) -> None:
    client = RenewalClient(host).login()
    client.get(f"/{guard}")
    with statements(host) as sent:
        assert client.get(f"/{guard}/user").get_json() == {"username": "alice"}
    assert [("host_user" in statement) for statement in sent] == [True]


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_delay_each_request_asks_once(tmp_path: Path, clock: Clock, guard: str) -> None:
    app = make_host(tmp_path / "instance", clock, RENEWAL_REVOCATION_DELAY=0)
    client = RenewalClient(app).login()
    for _ in range(2):
        with statements(app) as sent:
            client.get(f"/{guard}")
        assert len(sent) == 1


@pytest.mark.parametrize("guard", GUARDS)
def test_a_renewal_in_the_header_is_one_update(host: Flask, guard: str, clock: Clock) -> None:
    client = RenewalClient(host).login()
    clock.tick(minutes=11)
    host.test_client().get("/access_required/unrevoked")
    services_of(host).revocations.is_ended("any")
    with statements(host) as sent:
        assert RENEWED in client.get(f"/{guard}").headers
    assert [statement.split()[0] for statement in sent] == ["UPDATE"]


@pytest.mark.usefixtures("login")
def test_signing_in_is_four_statements_and_now_and_then_a_fifth(app: Flask, client: FlaskClient) -> None:
    counts = []
    for _ in range(EVERY):
        client.delete_cookie(COOKIE)
        with statements(app) as sent:
            client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
        counts.append(len(sent))
        assert [" ".join(statement.split()[:3]) for statement in writes(sent)] == ["INSERT INTO renewal_session"]
    assert sorted(counts) == [4] * (EVERY - 1) + [5]


@pytest.mark.parametrize("path", ["/healthz", "/.well-known/jwks.json"])
def test_what_needs_no_session_asks_nothing(app: Flask, client: FlaskClient, path: str) -> None:
    with statements(app) as sent:
        assert client.get(path).status_code == 200
    assert sent == []


def test_no_safe_request_with_a_token_writes(app: Flask, login: dict[str, Any]) -> None:
    client, headers = app.test_client(use_cookies=False), bearer(login["access_token"])
    paths = [rule.rule.replace("<", "").replace(">", "") for rule in app.url_map.iter_rules()]
    with statements(app) as sent:
        for path, method in itertools.product(paths, ("get", "head", "options")):
            getattr(client, method)(path, headers=headers).close()
    assert writes(sent) == []
    assert sent


def test_the_counter_counts(make_app: Callable[..., Flask]) -> None:
    app = make_app(name="counted")
    with statements(app) as sent:
        services_of(app).store.find("x")
    assert len(sent) == 1
