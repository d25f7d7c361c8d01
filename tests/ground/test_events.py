"""What is logged, and what never is."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from answers import COOKIE, away
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import RENEWED, services_of, sign_in

from flask_renewal.ground import events
from flask_renewal.stores.sql import SQLStore

NEW = "another staple horse battery"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that any logger says."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def ours(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.name.startswith("flask_renewal")]


def live(client: FlaskClient, clock: Clock) -> list[str]:
    """Do everything that there is to do; return every secret that was sent or received."""
    secrets = [PASSWORD, NEW, "wrong password", "device-number-1"]
    content = {"username": "alice", "password": PASSWORD, "device_id": "device-number-1"}

    def note(response: Any) -> str:
        cookie = client.get_cookie(COOKIE)
        token = str((response.get_json(silent=True) or {}).get("access_token", ""))
        renewed = response.headers.get(RENEWED, "")
        secrets.extend(
            part
            for text in (token, renewed, cookie.value if cookie else "")
            for part in (text, text.rpartition(".")[2])
        )
        return token

    note(client.post("/auth/register", json=content))
    note(client.post("/auth/login", json={**content, "password": "wrong password"}))
    token = note(client.post("/auth/login", json=content))
    first = secrets[-2]
    for _ in range(4):
        clock.tick(minutes=2)
        note(client.post("/auth/refresh", headers={"X-Device-Id": "device-number-1"}))
    clock.tick(minutes=4)
    note(client.get("/auth/me", headers=bearer(token)))
    note(client.put("/auth/password", json={"current_password": PASSWORD, "new_password": NEW}, headers=bearer(token)))
    token = note(client.post("/auth/confirm", json={"password": NEW}, headers=bearer(token)))
    note(client.get("/auth/me", headers=bearer(token[:-4] + "AAAA")))
    client.set_cookie(COOKIE, first)
    note(client.post("/auth/refresh", headers={"X-Device-Id": "device-number-1"}))
    note(client.post("/auth/login", json={**content, "password": NEW}, headers={"Origin": "https://evil.test"}))
    note(client.post("/auth/logout"))
    return [secret for secret in secrets if len(secret) > 8]


def test_no_secret_is_in_the_log(app: Flask, client: FlaskClient, clock: Clock, log: pytest.LogCaptureFixture) -> None:
    secrets = live(client, clock)
    assert len(secrets) > 20
    assert len(ours(log)) > 5
    everything = log.text + "".join(repr(record.args) for record in log.records)
    assert [secret for secret in secrets if secret in everything] == []


def test_no_hash_of_a_password_is_in_the_log(app: Flask, client: FlaskClient, clock: Clock, log: Any) -> None:
    live(client, clock)
    assert "$argon2" not in log.text


def test_a_session_is_logged_by_a_hash_of_its_id(app: Flask, log: pytest.LogCaptureFixture) -> None:
    grant = sign_in(app)
    services_of(app).sessions.end(grant.session.id, reason="test")
    started, ended = ours(log)
    assert grant.session.id not in log.text
    assert started.startswith("session-started session=")
    assert started.split()[1] == ended.split()[1]
    assert ended.endswith("user_id='id-of-alice' reason='test'")


@pytest.mark.parametrize(
    "name", ["nobody\r\nINFO forged", "nobody\u2028forged", "nobody\x1b[31m", "hunter2 typed here"], ids=ascii
)
def test_an_unknown_name_is_not_logged(client: FlaskClient, log: pytest.LogCaptureFixture, name: str) -> None:
    client.post("/auth/login", json={"username": name, "password": "wrong"})
    assert "nobody" not in log.text
    assert "hunter2" not in log.text
    assert all(message.isprintable() for message in ours(log))


FORGING = "x\r\nCRITICAL forged: root signed in\x1b[31m\u2028\x85\u202e"


def test_what_a_client_says_of_itself_forges_no_line(
    app: Flask, client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    content = {"username": "alice", "password": PASSWORD, "device": FORGING}
    client.post("/auth/register", json=content, environ_overrides={"HTTP_USER_AGENT": FORGING})
    client.post("/auth/refresh", environ_overrides={"HTTP_X_DEVICE_ID": FORGING})
    client.post("/auth/login", json=content, environ_overrides={"HTTP_ORIGIN": FORGING})
    client.get("/auth/me", environ_overrides={"HTTP_AUTHORIZATION": f"Bearer {FORGING}"})
    assert len(ours(log)) == 4
    assert all(message.isprintable() for message in ours(log))
    assert not any(line.startswith("CRITICAL") for line in log.text.splitlines())


@pytest.mark.parametrize("letter", ["a", "\n", "\u202e", "/", "https://me:hunter2@evil.test/"], ids=ascii)
def test_a_line_is_short_whatever_a_client_sends(client: FlaskClient, log: Any, letter: str) -> None:
    content = {"username": "alice", "password": PASSWORD}
    client.post("/auth/login", json=content, environ_overrides={"HTTP_ORIGIN": letter * 200_000})
    [line] = ours(log)
    assert len(line) < 400
    assert line.isprintable()
    assert "hunter2" not in line


def test_reuse_and_foreign_origins_are_warnings(app: Flask, client: FlaskClient, clock: Clock, log: Any) -> None:
    grant = sign_in(app)
    for _ in range(3):
        services_of(app).sessions.refresh(client_token(app, grant), None)
        clock.tick(minutes=2)
    client.set_cookie(COOKIE, grant.refresh_token or "")
    client.post("/auth/refresh")
    client.post("/auth/logout", headers={"Origin": "https://evil.test"})
    warned = [record.getMessage().split()[0] for record in log.records if record.levelno == logging.WARNING]
    assert warned == ["refresh-token-reused", "untrusted-origin"]


def test_what_came_too_often_is_told_by_what_it_was_counted_and_not_who_came(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_RATELIMIT_LOGIN="1 per minute", RATELIMIT_ENABLED=True)
    heard: list[Any] = []
    listener = listen("too_many_attempts", heard)
    events.too_many_attempts.connect(listener, app)
    content = {"username": "nobody", "password": PASSWORD}
    assert [app.test_client().post("/auth/login", json=content).status_code for _ in range(3)] == [401, 429, 429]
    assert heard == [{"counted_by": "address"}] * 2


def test_a_refused_origin_is_logged_with_the_setting_that_mends_it(client: FlaskClient, log: Any) -> None:
    client.post("/auth/login", headers={"Origin": "http://localhost:5173", "Sec-Fetch-Site": "cross-site"})
    [line] = ours(log)
    assert "'http://localhost:5173'" in line
    assert "RENEWAL_TRUSTED_ORIGINS" in line


def client_token(app: Flask, grant: Any) -> str:
    """Return the newest refresh token of a session."""
    services = services_of(app)
    session = services.store.find(grant.session.id)
    assert session is not None
    return services.refresh_tokens.issue(session_id=session.id, token_id=session.next, device="")


EVENTS = [
    "user_registered",
    "session_started",
    "session_refreshed",
    "session_ended",
    "refresh_token_reused",
    "login_failed",
    "password_changed",
    "untrusted_origin",
]


def test_every_event_is_sent_with_facts_and_no_secret(app: Flask, client: FlaskClient, clock: Clock) -> None:
    seen: dict[str, list[Any]] = {name: [] for name in EVENTS}
    listeners = [listen(name, seen[name]) for name in EVENTS]
    for name, listener in zip(EVENTS, listeners, strict=True):
        getattr(events, name).connect(listener, app)
    secrets = live(client, clock)
    assert all(seen.values()), seen
    alice = services_of(app).users.find_by_name("alice").id
    for name in ("user_registered", "login_failed", "password_changed"):
        assert seen[name] == [{"user_id": alice}]
    for name in ("session_started", "session_refreshed", "session_ended", "refresh_token_reused"):
        assert {facts["session"].user_id for facts in seen[name]} == {alice}
    assert [facts["verdict"] for facts in seen["session_refreshed"]] == ["rotate"] * 4
    assert [secret for secret in secrets if secret in repr(seen)] == []


def listen(name: str, into: list[Any]) -> Callable[..., None]:
    return lambda sender, **facts: into.append(facts)


ASKING = [("post", "/auth/refresh"), ("get", "/auth/me"), ("get", "/auth/sessions"), ("post", "/auth/logout")]


@pytest.mark.parametrize("verb", ["rotate", "find", "touch", "end", "list", "start"])
def test_a_store_that_is_away_shows_no_statement(
    app: Flask, client: FlaskClient, log: Any, monkeypatch: Any, verb: str
) -> None:
    grant = sign_in(app)
    client.set_cookie(COOKIE, grant.refresh_token or "")
    monkeypatch.setattr(SQLStore, verb, away)
    headers = bearer(grant.access_token)
    shown = [getattr(client, method)(path, headers=headers).text for method, path in ASKING]
    assert "secret" not in log.text + "".join(shown)
    assert "Traceback" not in log.text + "".join(shown)


def test_an_internal_error_tells_the_client_nothing(app: Flask, client: FlaskClient, monkeypatch: Any) -> None:
    grant = sign_in(app)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret word")

    monkeypatch.setattr(SQLStore, "list", fail)
    response = client.get("/auth/sessions", headers=bearer(grant.access_token))
    assert (response.status_code, response.get_json()["code"]) == (500, "internal_error")
    assert response.mimetype == "application/problem+json"
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def test_tokens_and_passwords_do_not_show_themselves(app: Flask) -> None:
    grant = sign_in(app)
    assert grant.access_token not in repr(grant)
    assert str(grant.refresh_token) not in repr(grant)
    with app.app_context():
        assert "!" not in repr(services_of(app).users.find(grant.session.user_id))
