"""An application that only verifies: it lets in whom another one has signed in, and as long as it says."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from answers import assert_problem
from conftest import Clock
from flask import Flask, request
from hosts import services_of, sign_in
from remote import SERVICE_KEY, Service, served

from flask_renewal import ConfigurationError, Renewal, check
from flask_renewal.guard.connections import connect
from flask_renewal.identity.tokens.keys.key_file import KeyFile

MakeService = Callable[..., Service]


@pytest.fixture
def issuer(make_app: Callable[..., Flask]) -> Flask:
    return make_app(RENEWAL_SERVICE_KEYS=[SERVICE_KEY])


@pytest.fixture
def address(issuer: Flask) -> Iterator[str]:
    with served(issuer) as address:
        yield address


@pytest.fixture
def make_service(address: str, clock: Clock) -> MakeService:
    return lambda **config: Service(address, clock, **config)


@pytest.mark.parametrize("guard", ["ours", "theirs"])
def test_who_is_signed_in_there_is_let_in_here(issuer: Flask, make_service: MakeService, guard: str) -> None:
    grant = sign_in(issuer)
    answer = make_service().ask(grant.access_token, guard)
    assert answer.get_json() == {
        "user": "id-of-alice",
        "session": grant.session.id,
        "claims": {},
        "same": "id-of-alice",
    }
    assert answer.headers.getlist("Cache-Control") == ["no-store"]


@pytest.mark.parametrize("guard", ["ours", "theirs"])
def test_what_the_issuer_did_not_sign_is_refused(
    make_service: MakeService, make_app: Callable[..., Flask], guard: str
) -> None:
    stranger = make_app(name="stranger")
    answer = make_service().ask(sign_in(stranger).access_token, guard)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize("guard", ["ours", "theirs"])
def test_a_session_that_ends_there_is_over_here(
    issuer: Flask, make_service: MakeService, clock: Clock, guard: str
) -> None:
    grant, service = sign_in(issuer), make_service()
    assert service.ask(grant.access_token, guard).status_code == 200
    with issuer.app_context():
        services_of(issuer).sessions.end(grant.session.id, reason="logout")
    clock.tick(seconds=2)
    assert service.ask(grant.access_token, guard).get_json()["code"] == "session_ended"


def test_its_own_claims_are_told_by_the_token(issuer: Flask, make_service: MakeService) -> None:
    grant = sign_in(issuer)
    with issuer.app_context():
        services_of(issuer).sessions.set_claims(grant.session.id, {"org": "acme"})
        renewed = services_of(issuer).sessions.refresh(grant.refresh_token or "", None)
    assert make_service().ask(renewed.access_token).get_json()["claims"] == {"org": "acme"}


def rotate(issuer: Flask) -> None:
    source = services_of(issuer).keys.source
    assert isinstance(source, KeyFile)
    source.generate("EdDSA")
    source.rotate(at_once=True)
    services_of(issuer).keys.follow()


def test_a_key_that_is_new_there_is_asked_for_when_it_is_met(
    issuer: Flask, make_service: MakeService, clock: Clock
) -> None:
    service = make_service()
    assert service.ask(sign_in(issuer).access_token).status_code == 200
    rotate(issuer)
    token = sign_in(issuer).access_token
    assert service.ask(token).status_code == 401  # asked less than ten seconds ago
    clock.tick(seconds=10)
    assert service.ask(token).status_code == 200


def test_there_is_nothing_else(make_service: MakeService) -> None:
    service = make_service()
    assert {rule.endpoint for rule in service.app.url_map.iter_rules()} == {"static", "ours", "theirs"}
    with service.app.app_context(), pytest.raises(ConfigurationError, match="RENEWAL_ISSUER_URL"):
        service.renewal.sessions("alice")
    with service.app.app_context(), pytest.raises(ConfigurationError, match="RENEWAL_ISSUER_URL"):
        service.renewal.start_session("alice")


def test_an_application_either_verifies_or_signs_people_in() -> None:
    app = Flask("both")
    app.config["RENEWAL_ISSUER_URL"] = "http://localhost:1"
    for people in ("users", "user_model"):
        with pytest.raises(ConfigurationError, match="leave one of them out"):
            Renewal(app, **{people: object()})  # type: ignore[arg-type]


def test_while_the_issuer_is_away_what_is_known_stays_in_force(
    issuer: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    known, gone = sign_in(issuer), sign_in(issuer)
    with served(issuer) as address:
        service = Service(address, clock)
        assert service.ask(known.access_token).status_code == 200
        with issuer.app_context():
            services_of(issuer).sessions.end(gone.session.id, reason="logout")
        clock.tick(seconds=2)
        assert service.ask(gone.access_token).status_code == 401
    for _ in range(3):
        clock.tick(seconds=20)
        assert service.ask(known.access_token).status_code == 200
        assert service.ask(gone.access_token).status_code == 401
    assert [record.levelname for record in caplog.records if "RENEWAL_ISSUER_URL" in record.message] == ["ERROR"]


def test_what_happened_while_the_issuer_was_away_is_known_when_it_is_back(issuer: Flask, clock: Clock) -> None:
    known, gone = sign_in(issuer), sign_in(issuer)
    with served(issuer) as address:
        service = Service(address, clock)
        assert {service.ask(grant.access_token).status_code for grant in (known, gone)} == {200}
    clock.tick(seconds=60)
    assert {service.ask(grant.access_token).status_code for grant in (known, gone)} == {200}
    rotate(issuer)
    with issuer.app_context():
        services_of(issuer).sessions.end(gone.session.id, reason="logout")
    with served(issuer, int(address.rpartition(":")[2])):
        clock.tick(seconds=10)
        tokens = (sign_in(issuer).access_token, known.access_token, gone.access_token)
        assert [service.ask(token).status_code for token in tokens] == [200, 200, 401]


def test_a_service_starts_before_its_issuer_and_says_so_until_it_is_there(issuer: Flask, clock: Clock) -> None:
    token = sign_in(issuer).access_token
    with served(issuer) as address:
        port = int(address.rpartition(":")[2])
    service = Service(address, clock)
    check.install_health(service.app)
    assert service.app.test_client().get("/readyz").status_code == 503
    refused = service.ask(token)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "store_unavailable")
    with served(issuer, port):
        clock.tick(seconds=10)
        assert service.ask(token).status_code == 200
        assert service.app.test_client().get("/readyz").status_code == 200


def test_without_a_service_key_a_token_is_good_for_its_life(issuer: Flask, address: str, clock: Clock) -> None:
    grant, service = sign_in(issuer), Service(address, clock, RENEWAL_SERVICE_KEYS=[])
    with issuer.app_context():
        services_of(issuer).sessions.end(grant.session.id, reason="logout")
    clock.tick(minutes=14)
    assert service.ask(grant.access_token).status_code == 200
    clock.tick(minutes=1)
    assert service.ask(grant.access_token).get_json()["code"] == "token_expired"


def test_clocks_that_differ_by_20_seconds_let_nobody_in_too_long_nor_out(issuer: Flask, address: str) -> None:
    grant = sign_in(issuer)
    ended = sign_in(issuer)
    with issuer.app_context():
        services_of(issuer).sessions.end(ended.session.id, reason="logout")
    for wrong in (-20, 20):
        service = Service(address, Clock(grant.session.created_at + timedelta(seconds=wrong)))
        assert service.ask(grant.access_token).status_code == 200
        assert service.ask(ended.access_token).status_code == 401


def test_it_tells_browsers_to_come_by_https_only_where_it_is_told_to(make_service: MakeService) -> None:
    browser = make_service(RENEWAL_HSTS=60, RENEWAL_TRUSTED_PROXIES=1).app.test_client()
    for over_https in ({"base_url": "https://api.example.com"}, {"headers": {"X-Forwarded-Proto": "https"}}):
        assert browser.get("/ours", **over_https).headers["Strict-Transport-Security"] == "max-age=60"


def test_it_takes_a_token_and_refuses_one_in_a_view_as_the_issuer_does(
    issuer: Flask, make_service: MakeService
) -> None:
    service, token = make_service(), sign_in(issuer).access_token
    service.app.add_url_rule("/held", view_func=lambda: connect(request.headers["X-Token"]).user_id)
    client = service.app.test_client()
    assert client.get("/theirs", headers={"Authorization": f"bearer  {token}"}).status_code == 200
    assert client.get("/held", headers={"X-Token": token}).text == "id-of-alice"
    assert_problem(client.get("/held", headers={"X-Token": "no token"}), 401, "token_invalid")
