"""The JSON API. A view reads the request, calls one use case, and answers."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Flask, Response, jsonify, request
from flask_jwt_extended import get_jwt, get_jwt_identity
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from ...ground import csrf
from ...ground.body import Body
from ...ground.context import this_request
from ...ground.errors import (
    InvalidRequestError,
    RefreshError,
    RenewalError,
    SessionOverError,
    TokenInvalidError,
)
from ...ground.problems import from_http, from_refusal
from ...ground.text import DEVICE_ID_MAX_CHARACTERS, DEVICE_MAX_CHARACTERS, USER_AGENT_MAX_CHARACTERS, label
from ...guard.access import access_required, presented_token, renew_nothing
from ...guard.same_origin import check_origin
from ...identity.request import clear_cookies, only, sessions_of_cookies
from ...identity.services import Services, current
from ...identity.sessions.grants import Origin
from ...identity.sessions.public import session_json, user_json
from ...identity.transport import transport
from ...identity.users.base import Account
from .answers import granted, no_content

JWKS_MAX_AGE_SECONDS = 300

_VISIBLE_ASCII = re.compile(r"[!-~]+")

api = Blueprint("flask_renewal", __name__)
well_known = Blueprint("flask_renewal_well_known", __name__, url_prefix="/.well-known")


@api.before_app_request
def answer_unknown_paths() -> Response | None:
    """Answer in the API's own words where nothing below its path is found; all other routes are left to the host."""
    request = this_request()
    error = request.routing_exception
    if error is None or not request.path.startswith(f"{current().settings.url_prefix}/"):
        return None
    return from_http(error) if isinstance(error, NotFound | MethodNotAllowed) else None


@api.after_request
def keep_out_of_caches(response: Response) -> Response:
    """Say that an answer is for one asker at one time (RFC 6749 §5.1)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.headers.getlist("Vary"):
        response.vary.update(("Origin", "Sec-Fetch-Site"))
    else:
        response.headers.add("Vary", "Origin, Sec-Fetch-Site")
    return response


@api.post("/register")
def register() -> Response:
    """Add an account and sign it in."""
    body = Body.sent()
    username, password, origin = body.text("username"), body.text("password"), _origin(body)
    with current().accounts.registration(username, password, address=request.remote_addr) as account:
        return _signed_in(account, origin, HTTPStatus.CREATED)


@api.post("/login")
def login() -> Response:
    """Sign somebody in who proves the password; the session whose cookie comes along is replaced."""
    body = Body.sent()
    username, password, origin = body.text("username"), body.text("password"), _origin(body)
    services = current()
    account = services.accounts.authenticate(
        username, password, address=request.remote_addr, session_id=next(iter(sessions_of_cookies()), None)
    )
    return _signed_in(account, origin, HTTPStatus.OK)


@api.post("/refresh")
def refresh() -> Response:
    """Rotate the refresh token; a refusal for good takes the cookie away."""
    way = transport()
    try:
        presented = only(way.sent(Body.sent()))
        grant = current().sessions.refresh(presented, this_request().environ.get("HTTP_X_DEVICE_ID"))
    except RefreshError as error:
        response = from_refusal(error)
        if error.is_final:
            way.forget(response)
        return response
    return granted(grant, way, presented=presented)


@api.post("/logout")
def logout() -> Response:
    """End the session of the refresh token, else of the access token; with neither only cookies are deleted."""
    body, way, response = Body.sent(), transport(), no_content()
    _log_out(way.sent(body), everywhere=body.flag("everywhere", default=False))
    way.sign_out(response)
    return response


@api.get("/me")
@access_required(locations="headers")
def me() -> Response:
    """Tell whose access token this is, and of which session."""
    services = current()
    session = services.sessions.find(_session_id(), user_id=get_jwt_identity())
    account = _account()
    if not account.existed(session.created_at):
        raise SessionOverError
    user = user_json(account.id, account.username)
    return jsonify(user=user, session=session_json(session, current_id=session.id))


@api.get("/sessions")
@access_required(locations="headers")
def list_sessions() -> Response:
    """List the living sessions of the user, newest use first."""
    sessions = current().sessions.list(get_jwt_identity())
    return jsonify(sessions=[session_json(session, current_id=_session_id()) for session in sessions])


@api.delete("/sessions/<session_id>")
@access_required(locations="headers")
def end_session(session_id: str) -> Response:
    """End one session of the user."""
    renew_nothing()
    current().sessions.end(session_id, user_id=get_jwt_identity(), reason="ended_by_user")
    response = no_content()
    if session_id in sessions_of_cookies():
        clear_cookies(response)
    return response


@api.delete("/sessions")
@access_required(locations="headers")
def end_other_sessions() -> Response:
    """End every session of the user but this one."""
    renew_nothing()
    ended = current().sessions.end_others(_session_id(), user_id=get_jwt_identity(), reason="ended_by_user")
    return jsonify(ended=ended)


@api.put("/password")
@access_required(locations="headers")
def change_password() -> Response:
    """Change the password of somebody who proves the present one; every other session ends."""
    renew_nothing()
    services, body = current(), Body.sent()
    new = body.text("new_password")
    account = services.accounts.confirm(
        get_jwt_identity(),
        body.text("current_password"),
        session_id=_session_id(),
        address=request.remote_addr,
        field="current_password",
    )
    services.sessions.confirm(_session_id(), account)  # a session that has ended changes nothing
    services.accounts.change_password(account, new, session_id=_session_id())
    return no_content()


@api.post("/confirm")
@access_required(locations="headers")
def confirm() -> Response:
    """Hand out a fresh access token to somebody who proves the password again."""
    services = current()
    password = Body.sent().text("password")
    account = services.accounts.confirm(
        get_jwt_identity(), password, session_id=_session_id(), address=request.remote_addr
    )
    return granted(services.sessions.confirm(_session_id(), account), transport())


@well_known.get("/jwks.json")
def jwks() -> Response:
    """Publish the keys by which access tokens are verified (RFC 7517)."""
    response = jsonify(current().keys.jwks())
    response.headers["Cache-Control"] = f"public, max-age={JWKS_MAX_AGE_SECONDS}"
    return response


def _origin(body: Body) -> Origin:
    return Origin(
        device=label(body.optional_text("device"), longest=DEVICE_MAX_CHARACTERS),
        user_agent=label(request.headers.get("User-Agent"), longest=USER_AGENT_MAX_CHARACTERS),
        device_id=_device_id(body),
        remember=body.flag("remember", default=True),
    )


def _device_id(body: Body) -> str | None:
    """Return the device id, provided that the header which must repeat it at each refresh can carry it."""
    device_id = body.optional_text("device_id", longest=DEVICE_ID_MAX_CHARACTERS)
    if device_id and not _VISIBLE_ASCII.fullmatch(device_id):
        raise InvalidRequestError("device_id must be visible ASCII characters without a space.", field="device_id")
    return device_id


def _signed_in(account: Account, origin: Origin, status: HTTPStatus) -> Response:
    way = transport()
    return granted(current().sessions.start(account, origin, replacing=way.replaced()), way, status=status)


def _log_out(presented: Sequence[str], *, everywhere: bool) -> None:
    """End the session of the refresh token, else of the access token; with neither there is nothing to end."""
    sessions = current().sessions
    if sessions.end_presented(presented, reason="logout", everywhere=everywhere):
        return
    token = presented_token()
    if token is not None:
        sessions.end_own(token.session_id, user_id=token.subject, reason="logout", everywhere=everywhere)


def _session_id() -> str:
    return str(get_jwt()["sid"])


def _account() -> Account:
    account = current().users.find(get_jwt_identity())
    if account is None:
        raise TokenInvalidError
    return account


def install(app: Flask, services: Services) -> None:
    """Mount the API, with its own error answers; routes of the host keep theirs."""
    app.register_blueprint(api, url_prefix=services.settings.url_prefix)
    app.register_blueprint(well_known)
    app.register_error_handler(RenewalError, from_refusal)


csrf.exempt(api)
api.before_request(check_origin)
api.register_error_handler(HTTPException, from_http)
