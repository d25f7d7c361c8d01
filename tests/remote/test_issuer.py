"""Asking the issuer: what is no answer is none, the key goes nowhere else, and the cause is told once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from socket import create_server

import pytest
from flask import Flask, Response, jsonify, redirect, request
from patience import PATIENCE
from remote import SERVICE_KEY, served

from flask_renewal.ground.errors import StoreUnavailableError
from flask_renewal.identity.remote import issuer as issuers
from flask_renewal.identity.remote.issuer import Issuer
from flask_renewal.settings import Settings

KEYS = "/.well-known/jwks.json"
asked: list[tuple[str, str | None]] = []


@pytest.fixture
def odd() -> Iterator[Flask]:
    """An issuer that answers what a test lets it."""
    app = Flask("odd")

    @app.before_request
    def note() -> None:
        asked.append((request.path, request.headers.get("Authorization")))

    yield app
    asked.clear()


def issuer_at(address: str) -> Issuer:
    return Issuer(Settings.from_config({"RENEWAL_ISSUER_URL": f"{address}/", "RENEWAL_SERVICE_KEYS": [SERVICE_KEY]}))


def answering(app: Flask, answer: Callable[[], object]) -> None:
    for path in (KEYS, "/auth/ended-sessions"):
        app.add_url_rule(path, path, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: "no JSON",
        lambda: Response("{", mimetype="application/json"),
        list,
        dict,
        lambda: {"keys": 5, "ended": 5},
        lambda: {"keys": [1], "ended": [{"id": "x"}]},
        lambda: ("gone", 404),
        lambda: ("broken", 500),
        lambda: redirect("/elsewhere"),
    ],
    ids=["text", "half an object", "a list", "nothing", "numbers", "no keys", "404", "500", "a redirect"],
)
def test_what_is_no_answer_is_none_and_the_cause_is_told_once(
    odd: Flask, answer: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    answering(odd, answer)
    with served(odd) as address:
        issuer = issuer_at(address)
        for ask in (issuer.changed_keys, lambda: issuer.ended_since(0), issuer.changed_keys):
            with pytest.raises(StoreUnavailableError):
                ask()
    told = [record.message for record in caplog.records if record.name == "flask_renewal"]
    assert len(told) == 1
    assert "RENEWAL_ISSUER_URL" in told[0]
    assert SERVICE_KEY not in told[0]


def test_the_key_goes_to_the_endings_alone_and_follows_no_redirect(odd: Flask) -> None:
    answering(odd, lambda: redirect("/elsewhere"))
    with served(odd) as address:
        for ask in (issuer_at(address).changed_keys, lambda: issuer_at(address).ended_since(0)):
            with pytest.raises(StoreUnavailableError):
                ask()
    assert asked == [(KEYS, None), ("/auth/ended-sessions", f"Bearer {SERVICE_KEY}")]


def test_keys_that_are_those_of_last_time_are_not_sent_again(odd: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def answer() -> object:
        response = jsonify(keys=[{"kid": "one"}])
        response.add_etag()
        return response.make_conditional(request)

    answering(odd, answer)
    with served(odd) as address:
        issuer = issuer_at(address)
        assert [issuer.changed_keys() for _ in range(3)] == [[{"kid": "one"}], None, None]
    assert not [record for record in caplog.records if record.name == "flask_renewal"]


def test_whatever_keeps_it_away_again_is_told_again(odd: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([("busy", 503), ("busy", 503), {"ended": []}, ("broken", 500)])
    answering(odd, lambda: next(answers))
    with served(odd) as address:
        issuer = issuer_at(address)
        for away in (True, True, False, True):
            with pytest.raises(StoreUnavailableError) if away else nullcontext():
                issuer.ended_since(0)
        told = [record.message for record in caplog.records if record.name == "flask_renewal"]
        assert [line.partition(";")[0].partition(" answers ")[2] for line in told] == [
            f"{code} to {address}/auth/ended-sessions" for code in (503, 500)
        ]


def test_an_issuer_that_never_answers_holds_up_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuers, "LONGEST_WAIT_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as pool, create_server(("127.0.0.1", 0)) as silent:
        asking = pool.submit(issuer_at(f"http://127.0.0.1:{silent.getsockname()[1]}").changed_keys)
        with pytest.raises(StoreUnavailableError):
            asking.result(timeout=PATIENCE)


def test_an_issuer_that_is_away_is_away() -> None:
    with served(Flask("gone")) as address:
        pass
    with pytest.raises(StoreUnavailableError):
        issuer_at(address).changed_keys()
