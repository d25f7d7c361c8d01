"""Who may be signed in and go on: our accounts, the host's loader, or both say so."""

from collections.abc import Callable
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock, bearer
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hosts import LITTLE_LEFT, RENEWED, sign_in
from proving_hosts import ProvingHost
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Renewal, UserMixin, errors
from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.testing.parts import services_of

HOUR = timedelta(hours=1)


@pytest.fixture
def proving(tmp_path: Path, clock: Clock) -> ProvingHost:
    return ProvingHost(tmp_path / "instance", clock)


def test_everybody_may_go_on_where_nobody_says_otherwise(tmp_path: Path, clock: Clock) -> None:
    host = ProvingHost(tmp_path / "instance", clock, loads=False)
    grant = host.refresh(host.start("7"))
    assert (grant.session.user_id, grant.username) == ("7", None)
    assert host.ask("/own", grant).get_json() == {"id": "7"}
    assert host.ask("/auth/me", grant).get_json()["user"] == {"id": "7"}


def test_the_name_that_the_hosts_object_has_is_shown(proving: ProvingHost) -> None:
    proving.add("7", "alice")
    grant = proving.start("7")
    assert [grant.username, proving.refresh(grant).username] == ["alice", "alice"]
    assert proving.ask("/auth/me", grant).get_json()["user"] == {"id": "7", "username": "alice"}


def test_what_the_hosts_object_has_for_a_name_is_shown_if_it_is_text(proving: ProvingHost) -> None:
    number: Any = 7
    proving.add("7", number)
    assert proving.start("7").username is None


def inactive(host: ProvingHost) -> None:
    host.members["7"].is_active = False


def gone(host: ProvingHost) -> None:
    del host.members["7"]


def another(host: ProvingHost) -> None:
    host.add("7", "bob", created_at=host.start("7").session.created_at + HOUR)


def another_without_a_zone(host: ProvingHost) -> None:
    later = host.start("7").session.created_at + HOUR
    host.add("7", "bob", created_at=later.replace(tzinfo=None))


def another_in_a_zone(host: ProvingHost) -> None:
    later = host.start("7").session.created_at + HOUR
    host.add("7", "bob", created_at=later.astimezone(timezone(-5 * HOUR)))


@pytest.mark.parametrize("change", [inactive, gone, another, another_without_a_zone, another_in_a_zone])
def test_who_may_not_go_on_is_told_so_and_signed_out(
    proving: ProvingHost, clock: Clock, change: Callable[[ProvingHost], None]
) -> None:
    proving.add("7")
    grant = proving.start("7")
    change(proving)
    with pytest.raises(errors.AccountDisabledError):
        proving.refresh(grant)
    session = services_of(proving.app).store.find(grant.session.id)
    assert session is not None
    assert session.ended_reason == "account_disabled"


@pytest.mark.parametrize("zone", [-5, 0, 9])
def test_nobody_is_signed_out_for_a_time_without_a_zone_that_is_local(
    proving: ProvingHost, clock: Clock, zone: int
) -> None:
    proving.add("7", created_at=(clock() + zone * HOUR).replace(tzinfo=None))
    grant = proving.start("7")
    for _ in range(3):
        clock.tick(hours=4)
        grant = proving.refresh(grant)
    assert proving.start("7").session.user_id == "7"


@pytest.mark.parametrize("change", [inactive, gone])
def test_who_may_not_go_on_is_nobody_to_a_view(proving: ProvingHost, change: Callable[[ProvingHost], None]) -> None:
    proving.add("7")
    grant = proving.start("7")
    change(proving)
    assert [proving.ask(path, grant).status_code for path in ("/own", "/auth/me")] == [401, 401]


@pytest.mark.parametrize("change", [inactive, gone])
def test_nothing_is_confirmed_for_who_may_not_go_on(
    proving: ProvingHost, change: Callable[[ProvingHost], None]
) -> None:
    proving.add("7")
    grant = proving.start("7")
    change(proving)
    with pytest.raises(errors.AccountDisabledError):
        services_of(proving.app).sessions.confirm_for(grant.session.id)


@pytest.mark.parametrize("change", [inactive, gone])
def test_no_session_begins_for_who_may_not_sign_in(proving: ProvingHost, change: Callable[[ProvingHost], None]) -> None:
    proving.add("7")
    change(proving)
    with pytest.raises(errors.AccountDisabledError):
        proving.start("7")


def with_model(folder: Path, clock: Clock, **members: Any) -> Flask:
    app = Flask("host", instance_path=str(folder))
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///host.db", RENEWAL_QUIET_WINDOW=0)
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
    model = type("User", (UserMixin, db.Model), {"__tablename__": "user", **members})
    renewal = Renewal(app, db=db, user_model=model, ambient=Ambient(now=clock))
    app.extensions["renewal-of-test"] = renewal
    with app.app_context():
        db.create_all()
    return app


def refresh(app: Flask, token: str | None) -> None:
    with app.app_context():
        services_of(app).sessions.refresh(str(token), None)


def test_a_model_that_says_who_is_active_is_asked(tmp_path: Path, clock: Clock) -> None:
    banned: set[str] = set()
    app = with_model(tmp_path, clock, is_active=property(lambda user: user.username not in banned))
    grant = sign_in(app)
    clock.tick(minutes=LITTLE_LEFT)
    ask = partial(app.test_client().get, "/auth/sessions", headers=bearer(grant.access_token))
    assert RENEWED in ask().headers
    banned.add("alice")
    assert RENEWED not in ask().headers
    with pytest.raises(errors.AccountDisabledError):
        refresh(app, grant.refresh_token)
    with pytest.raises(errors.InvalidCredentialsError):
        sign_in(app)


def test_a_loader_has_a_word_beside_our_accounts(tmp_path: Path, clock: Clock) -> None:
    app = with_model(tmp_path, clock)
    first, second = sign_in(app), sign_in(app)
    refresh(app, first.refresh_token)
    app.extensions["renewal-of-test"].user_loader(lambda user_id: None)
    with pytest.raises(errors.AccountDisabledError):
        refresh(app, second.refresh_token)


def test_a_session_for_an_account_of_ours_needs_the_account(host: Flask) -> None:
    with host.app_context(), pytest.raises(errors.UnknownUserError, match="id 'nobody'"):
        services_of(host).sessions.start_for("nobody", Origin())


@pytest.mark.parametrize("change", [inactive, gone])
def test_who_may_not_go_on_does_not_by_the_header_either(
    proving: ProvingHost, clock: Clock, change: Callable[[ProvingHost], None]
) -> None:
    proving.add("7")
    grant = proving.start("7")
    clock.tick(minutes=LITTLE_LEFT)
    assert RENEWED in proving.ask("/auth/sessions", grant).headers
    change(proving)
    assert RENEWED not in proving.ask("/auth/sessions", grant).headers
