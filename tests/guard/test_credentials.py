"""Where an access token is looked for: both guards read any header alike, by the host's own name and scheme."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock, bearer
from flask import Flask
from flask_jwt_extended import get_jwt
from hosts import GUARDS, RENEWED, due, guards, make_host, services_of, sign_in
from werkzeug.test import TestResponse

from flask_renewal.guard.credentials import Credentials
from flask_renewal.testing import RenewalClient

FIRST = ["Bearer", "bearer", "BEARER", "Basic", "Token", ""]
GAPS = [" ", "  ", "\t", " \t ", "\xa0", ""]
TOKENS = ["{good}", "{expired}", "{good}x", "bad", "", "=,"]
EDGES = ["", ",", ", ,", "\x85", ",\x85,", " "]
REST = ["", ", Bearer {good}", ",bearer {good}", ", Basic dTpw", ",\t,", " x", ";", ",x=1, y"]


def generated() -> list[str]:
    """Return some of the headers that can be put together, the same at each run."""
    every = itertools.product(EDGES, FIRST, GAPS, TOKENS, REST, EDGES)
    return random.Random(4).sample(["".join(parts) for parts in every], 500)


def told(response: TestResponse) -> tuple[int, str | None, str | None, bool]:
    code = None if response.status_code == 200 else response.get_json()["code"]
    return response.status_code, code, response.headers.get("WWW-Authenticate"), RENEWED in response.headers


@pytest.mark.parametrize(
    ("name", "scheme"), [("Authorization", "Bearer"), ("Authorization", "token"), ("X-Access-Token", "")]
)
def test_both_guards_answer_any_header_alike(tmp_path: Path, clock: Clock, name: str, scheme: str) -> None:
    app = make_host(tmp_path / "host", clock, JWT_HEADER_NAME=name, JWT_HEADER_TYPE=scheme)
    expired = sign_in(app).access_token
    clock.tick(hours=1)
    good = due(app, clock).access_token
    client, differing, statuses = app.test_client(), [], set()
    for form in generated():
        headers = {name: form.format(good=good, expired=expired)}
        answers = [told(client.get(f"/{guard}", headers=headers)) for guard in GUARDS]
        statuses |= {answer[0] for answer in answers}
        differing += [] if answers[0] == answers[1] else [(form, answers)]
    assert (differing, statuses) == ([], {200, 401})


@pytest.mark.parametrize("where", ["headers", ["headers"], ["cookies"], ["cookies", "headers"], ["headers", "json"]])
@pytest.mark.parametrize("asked", [None, "headers", ["headers"], "cookies"])
def test_both_guards_look_for_a_token_where_the_host_says(
    tmp_path: Path, clock: Clock, where: str | list[str], asked: str | list[str] | None
) -> None:
    app = make_host(tmp_path / "host", clock, JWT_TOKEN_LOCATION=where)
    for name, guard in GUARDS.items():
        app.add_url_rule(f"/{name}/where", name, guard(locations=asked)(lambda: dict(get_jwt())))
    tokens = [sign_in(app, name).access_token for name in ("alice", "bob")]
    client = app.test_client()
    client.set_cookie("access_token_cookie", tokens[1])
    services_of(app).access_tokens.read(tokens[0])
    answers = [client.get(f"/{guard}/where", headers=bearer(tokens[0])).get_json() for guard in GUARDS]
    assert answers[0] == answers[1]


@guards
@pytest.mark.parametrize(
    ("scheme", "form", "code"),
    [
        ("Bearer", "bearer {}", None),
        ("bearer", "Bearer {}", None),
        ("bearer", "bEARER\t{}", None),
        ("Bearer", " ,Bearer  {} ,", None),
        ("Token", "tOKEN {}", None),
        ("Token", "Bearer {}", "token_missing"),
        ("Bearer", "{}", "token_missing"),
        ("Bearer", "Bearer {0} {0}", "token_invalid"),
        ("Bearer", "Bearer {0}, bearer {0}", "token_missing"),
        ("Bearer", "bearer", "token_invalid"),
        ("Bearer", "Bearertoken {}", "token_missing"),
        ("", "{}", None),
        ("", "Bearer {}", "token_invalid"),
    ],
)
def test_the_scheme_is_the_hosts_in_any_case(
    tmp_path: Path, clock: Clock, guard: str, scheme: str, form: str, code: str | None
) -> None:
    app = make_host(tmp_path / "host", clock, JWT_HEADER_TYPE=scheme)
    response = app.test_client().get(f"/{guard}", headers={"Authorization": form.format(sign_in(app).access_token)})
    assert (response.get_json().get("code"), response.status_code) == (code, 401 if code else 200)


@pytest.fixture
def named(adopt: Callable[..., Flask]) -> Flask:
    return adopt(
        JWT_HEADER_NAME="X-Access-Token", JWT_HEADER_TYPE="", RENEWAL_TRUSTED_ORIGINS=["https://app.example.com"]
    )


def test_a_token_from_another_header_is_renewed(named: Flask, clock: Clock) -> None:
    response = named.test_client().get("/access_required", headers={"X-Access-Token": due(named, clock).access_token})
    assert RENEWED in response.headers


def test_a_logout_by_another_header_ends_the_session(named: Flask) -> None:
    headers = {"X-Access-Token": sign_in(named).access_token}
    assert named.test_client().post("/auth/logout", headers=headers).status_code == 204
    assert named.test_client().get("/access_required", headers=headers).get_json()["code"] == "session_ended"


def test_a_preflight_allows_the_hosts_header(named: Flask) -> None:
    asked = {
        "Origin": "https://app.example.com",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-access-token",
    }
    response = named.test_client().options("/auth/me", headers=asked)
    assert response.headers["Access-Control-Allow-Headers"] == "x-access-token"


@pytest.mark.parametrize("sent", ["Basic dTpw", "Digest a=1, b=2", None], ids=repr)
def test_the_credentials_of_others_stay_as_they_were_sent(sent: str | None) -> None:
    environ = {"HTTP_AUTHORIZATION": sent} if sent else {}
    before = dict(environ)
    Credentials("Authorization", "Bearer").put_right(environ)
    assert environ == before


@pytest.mark.parametrize(
    ("sent", "token"),
    [
        ("Bearer a.b.c", "a.b.c"),
        ("Bearer  a.b.c ", "a.b.c"),
        ("Bearer  ", None),
        ("Bearer", None),
        ("Basic dTpw", None),
    ],
)
def test_a_header_brings_a_token_if_there_is_anything_where_one_belongs(sent: str, token: str | None) -> None:
    assert Credentials("Authorization", "Bearer").token({"HTTP_AUTHORIZATION": sent}) == token


def test_the_test_kit_sends_the_token_where_the_host_looks_for_it(named: Flask) -> None:
    assert RenewalClient(named).login("alice").get("/auth/me").status_code == 200
