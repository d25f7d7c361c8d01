"""What a sign-in and a refresh hand out."""

from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.identity.sessions.grants import grant_of
from flask_renewal.identity.users.people import Person


def test_a_grant_shows_none_of_its_tokens(host: Flask) -> None:
    grant = sign_in(host)
    assert grant.access_token not in repr(grant)
    assert str(grant.refresh_token) not in repr(grant)


def test_only_a_password_just_proved_makes_a_token_fresh(host: Flask) -> None:
    services, session = services_of(host), sign_in(host).session
    for fresh in (True, False):
        grant = grant_of(services.sessions._parts, session, Person(id="alice"), fresh=fresh, refresh_token=None)
        assert services.access_tokens.read(grant.access_token).fresh is fresh
