"""Who listens to an event: what raises undoes nothing, and what is async is awaited."""

import logging
import sys
from typing import Any

import pytest
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.ground import events


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="flask_renewal")
    return caplog


def test_what_a_listener_raises_is_logged_once_and_undoes_nothing(app: Flask, log: pytest.LogCaptureFixture) -> None:
    heard: list[Any] = []

    def refuse(sender: Flask, **facts: Any) -> None:
        heard.append(facts)
        raise PermissionError("not at night")

    listeners = [refuse, lambda sender, **facts: heard.append(facts)]
    for listener in listeners:
        events.session_started.connect(listener, app)
    grant = sign_in(app)
    assert heard == [{"session": grant.session}] * 2
    assert services_of(app).sessions.living(grant.session.id)
    assert [record.message for record in log.records if record.exc_info] == ["a listener to session-started failed"]


def test_a_listener_that_is_async_is_awaited(app: Flask) -> None:
    heard: list[Any] = []

    async def note(sender: Flask, **facts: Any) -> None:
        heard.append(facts)

    events.session_started.connect(note, app)
    grant = sign_in(app)
    assert heard == [{"session": grant.session}]


def test_where_flask_can_await_nothing_the_log_says_what_to_install(
    app: Flask, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def note(sender: Flask, **facts: Any) -> None: ...

    monkeypatch.setitem(sys.modules, "asgiref.sync", None)
    events.session_started.connect(note, app)
    sign_in(app)
    [record] = [record for record in log.records if record.exc_info]
    assert record.message == "a listener to session-started failed"
    assert "Install Flask with the 'async' extra" in log.text
