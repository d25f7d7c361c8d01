"""Both guards answer whatever anybody sends alike, whatever the host has asked Flask-JWT-Extended for."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from conftest import Clock
from flask import Flask, Response, jsonify
from flask_jwt_extended import JWTManager, get_current_user, get_jwt, get_jwt_request_location
from hosts import GUARDS, LITTLE_LEFT, RENEWED, services_of, sign_in
from hypothesis import given, settings
from hypothesis import strategies as st

ASKED = {
    "plain": {},
    "fresh": {"fresh": True},
    "optional": {"optional": True},
    "optional fresh": {"optional": True, "fresh": True},
    "refresh": {"refresh": True},
    "any type": {"verify_type": False},
    "unrevoked": {"skip_revocation_check": True},
    "by header": {"locations": ["headers"]},
}
WORDS = ["Bearer ", "bearer ", "BEARER\t", "Bearer", "Basic dTpw", "Token ", ",", ", ", " ", "\t", "\xa0", "=", "."]


def look_up(found: object) -> Callable[[Flask], object]:
    return lambda app: JWTManager(app).user_lookup_loader(lambda header, claims: found)


HOSTS: dict[str, Callable[[Flask], object] | None] = {
    "a host without callbacks": None,
    "whose lookup finds nobody": look_up(None),
    "whose lookup finds somebody": look_up("somebody"),
    "whose lookup fails": lambda app: JWTManager(app).user_lookup_loader(lambda header, claims: 1 / 0),
    "that blocks all": lambda app: JWTManager(app).token_in_blocklist_loader(lambda header, claims: True),
    "that verifies none": lambda app: JWTManager(app).token_verification_loader(lambda header, claims: False),
    "that answers itself": lambda app: JWTManager(app).invalid_token_loader(lambda reason: ({"mine": reason}, 418)),
}


def tokens(app: Flask, clock: Clock) -> Iterator[str]:
    """Yield one of each kind: expired, due, not fresh, of the pages' cookie, good, ended, to refresh, forged."""
    services = services_of(app)
    yield sign_in(app).access_token
    clock.tick(hours=1)
    yield sign_in(app).access_token
    clock.tick(minutes=LITTLE_LEFT)
    grant, ended = sign_in(app), sign_in(app, "bob")
    services.sessions.end(ended.session.id, reason="test")
    with app.app_context():
        yield services.access_tokens.issue(grant.session, fresh=False)[0]
        yield services.access_tokens.for_cookie(grant.access_token, grant.session)
    yield from (grant.access_token, ended.access_token, grant.refresh_token or "", grant.access_token[:-2] + "AA")


def told() -> Response:
    return jsonify(claims=get_jwt(), user=bool(get_current_user()), location=get_jwt_request_location())


@pytest.mark.parametrize("scheme", ["Bearer", ""], ids=["a scheme", "no scheme"])
@pytest.mark.parametrize("prepare", HOSTS.values(), ids=HOSTS)
def test_both_guards_answer_alike(
    adopt: Callable[..., Flask], clock: Clock, prepare: Callable[[Flask], object] | None, scheme: str
) -> None:
    app = adopt(prepare=prepare, JWT_HEADER_TYPE=scheme)
    for (asked, options), (name, guard) in product(ASKED.items(), GUARDS.items()):
        app.add_url_rule(f"/{asked}/{name}", f"{asked} {name}", guard(**options)(told), methods=["GET", "OPTIONS"])
    token = st.sampled_from(list(tokens(app, clock)))
    usual, part = st.tuples(st.just(f"{scheme} ".lstrip()), token), st.sampled_from(WORDS) | token | st.text(max_size=9)
    client, statuses = app.test_client(), set()

    def ask(guard: str, asked: str, method: str, header: str) -> tuple[object, ...]:
        sent = {"HTTP_AUTHORIZATION": header.encode().decode("latin-1")}
        answer = client.open(f"/{asked}/{guard}", method=method, environ_overrides=sent)
        return answer.status_code, answer.text, answer.headers.get("WWW-Authenticate"), RENEWED in answer.headers

    @settings(max_examples=50, derandomize=True, deadline=None, database=None)
    @given(st.sampled_from(list(ASKED)), usual | st.lists(part, max_size=6))
    def agree(asked: str, parts: list[str]) -> None:
        for method in ("GET", "HEAD", "OPTIONS"):
            answers = [ask(guard, asked, method, "".join(parts)) for guard in GUARDS]
            statuses.add(answers[0][0])
            assert answers[0] == answers[1]

    agree()
    assert len(statuses) > 1
