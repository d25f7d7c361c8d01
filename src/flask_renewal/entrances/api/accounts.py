"""What the JSON API has where the accounts are ours: register, login, and whatever else takes a password."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask_jwt_extended import get_jwt_identity

from ...ground.body import Body
from ...guard.access import access_required, renew_nothing
from ...identity.request import sessions_of_cookies
from ...identity.services import current
from ...identity.sessions.grants import Origin
from ...identity.transport import transport
from ...identity.users.base import Account
from .answers import granted, no_content
from .asked import origin_of, this_session

accounts = Blueprint("flask_renewal_accounts", __name__)


@accounts.post("/register")
def register() -> Response:
    """Add an account and sign it in."""
    body = Body.sent()
    username, password, origin = body.text("username"), body.text("password"), origin_of(body)
    with current().accounts.registration(
        username, password, address=request.remote_addr, fields=body.others("password")
    ) as account:
        return _signed_in(account, origin, HTTPStatus.CREATED)


@accounts.post("/login")
def login() -> Response:
    """Sign somebody in who proves the password; the session whose cookie comes along is replaced."""
    body = Body.sent()
    username, password, origin = body.text("username"), body.text("password"), origin_of(body)
    services = current()
    account = services.accounts.authenticate(
        username, password, address=request.remote_addr, session_id=next(iter(sessions_of_cookies()), None)
    )
    return _signed_in(account, origin, HTTPStatus.OK)


@accounts.put("/password")
@access_required(locations="headers")
def change_password() -> Response:
    """Change the password of somebody who proves the present one; every other session ends."""
    renew_nothing()
    services, body = current(), Body.sent()
    new = body.text("new_password")
    account = services.accounts.confirm(
        get_jwt_identity(),
        body.text("current_password"),
        session_id=this_session(),
        address=request.remote_addr,
        field="current_password",
    )
    services.sessions.confirm(this_session(), account)  # a session that has ended changes nothing
    services.accounts.change_password(account, new, session_id=this_session())
    return no_content()


@accounts.post("/confirm")
@access_required(locations="headers")
def confirm() -> Response:
    """Hand out a fresh access token to somebody who proves the password again."""
    services = current()
    password = Body.sent().text("password")
    account = services.accounts.confirm(
        get_jwt_identity(), password, session_id=this_session(), address=request.remote_addr
    )
    return granted(services.sessions.confirm(this_session(), account), transport())


def _signed_in(account: Account, origin: Origin, status: HTTPStatus) -> Response:
    way = transport()
    return granted(current().sessions.start(account, origin, replacing=way.replaced()), way, status=status)
