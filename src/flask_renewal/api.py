"""The JSON API. A view reads the request, calls one use case, and answers."""

from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from flask_jwt_extended import get_jwt, get_jwt_identity
from werkzeug.exceptions import HTTPException

from . import events, origins
from .body import Body
from .errors import (
    InvalidCredentialsError,
    RefreshError,
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RenewalError,
    SessionNotFoundError,
    UntrustedOriginError,
)
from .guard import access_required, presented_token, renew_nothing
from .problems import from_http, from_refusal
from .services import Services, current, provenance
from .sessions import Grant, Origin
from .stores.base import Session
from .text import DEVICE_MAX_CHARACTERS, USER_AGENT_MAX_CHARACTERS, label
from .users import Account

DEVICE_ID_MAX_CHARACTERS = 256
JWKS_MAX_AGE_SECONDS = 300

api = Blueprint("renewal", __name__)
well_known = Blueprint("renewal_well_known", __name__, url_prefix="/.well-known")


def check_origin() -> None:
    """Refuse a request that would change state unless it comes from the same origin or a trusted one.

    Runs before anything is read from the body or the store (OWASP ASVS 5.0 §3.5.1).
    """
    services = current()
    source = provenance(request)
    if request.method in origins.SAFE_METHODS or origins.is_trusted(source, services.settings.trusted_origins):
        return
    services.events.send(events.untrusted_origin, origin=source.origin)
    raise UntrustedOriginError


@api.after_request
def keep_out_of_caches(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Sec-Fetch-Site")
    return response


@api.post("/register")
def register() -> Response:
    body = Body.of(request)
    username, password, origin = body.text("username"), body.text("password"), _origin(body)
    account = current().accounts.register(username, password)
    return _signed_in(account, origin, HTTPStatus.CREATED)


@api.post("/login")
def login() -> Response:
    body = Body.of(request)
    username, password, origin = body.text("username"), body.text("password"), _origin(body)
    account = current().accounts.authenticate(username, password, address=request.remote_addr)
    return _signed_in(account, origin, HTTPStatus.OK)


@api.post("/refresh")
def refresh() -> Response:
    services = current()
    try:
        presented = _presented_refresh_token(Body.of(request))
        grant = services.sessions.refresh(presented, request.headers.get("X-Device-Id"))
    except RefreshError as error:
        response = from_refusal(error)
        if error.is_final and not _by_body():
            services.refresh_cookie(request).clear(response)
        return response
    return _granted(grant, presented=presented)


@api.post("/logout")
def logout() -> Response:
    services, body = current(), Body.of(request)
    _log_out(body, everywhere=body.flag("everywhere", default=False))
    response = _no_content()
    if not _by_body():
        services.refresh_cookie(request).clear(response)
    return response


@api.get("/me")
@access_required(locations="headers")
def me() -> Response:
    services = current()
    session = services.sessions.find(_session_id(), user_id=get_jwt_identity())
    return jsonify(user=_user_json(_account()), session=session_json(session, current_id=session.id))


@api.get("/sessions")
@access_required(locations="headers")
def list_sessions() -> Response:
    sessions = current().sessions.list(get_jwt_identity())
    return jsonify(sessions=[session_json(session, current_id=_session_id()) for session in sessions])


@api.delete("/sessions/<session_id>")
@access_required(locations="headers")
def end_session(session_id: str) -> Response:
    renew_nothing()
    services = current()
    services.sessions.end(session_id, user_id=get_jwt_identity(), reason="ended_by_user")
    response = _no_content()
    if session_id == _session_id():
        services.refresh_cookie(request).clear(response)
    return response


@api.delete("/sessions")
@access_required(locations="headers")
def end_other_sessions() -> Response:
    renew_nothing()
    ended = current().sessions.end_all(get_jwt_identity(), but=_session_id(), reason="ended_by_user")
    return jsonify(ended=ended)


@api.put("/password")
@access_required(locations="headers")
def change_password() -> Response:
    renew_nothing()
    accounts, body = current().accounts, Body.of(request)
    new = body.text("new_password")
    account = accounts.confirm(
        get_jwt_identity(), body.text("current_password"), address=request.remote_addr, field="current_password"
    )
    accounts.change_password(account, new, session_id=_session_id())
    return _no_content()


@api.post("/confirm")
@access_required(locations="headers")
def confirm() -> Response:
    services = current()
    password = Body.of(request).text("password")
    account = services.accounts.confirm(get_jwt_identity(), password, address=request.remote_addr)
    return _granted(services.sessions.confirm(_session_id(), account))


@well_known.get("/jwks.json")
def jwks() -> Response:
    response = jsonify(current().keys.jwks())
    response.headers["Cache-Control"] = f"public, max-age={JWKS_MAX_AGE_SECONDS}"
    return response


def session_json(session: Session, *, current_id: str | None) -> dict[str, Any]:
    """Return what a client sees of a session."""
    return {
        "id": session.id,
        "device": session.device,
        "user_agent": session.user_agent,
        "created_at": _time(session.created_at),
        "last_used_at": _time(session.last_used_at),
        "idle_expires_at": _time(session.over_at),
        "expires_at": None if session.expires_at is None else _time(session.expires_at),
        "current": session.id == current_id,
    }


def _user_json(account: Account) -> dict[str, str]:
    return {"id": account.id, "username": account.username}


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _origin(body: Body) -> Origin:
    return Origin(
        device=label(body.optional_text("device"), longest=DEVICE_MAX_CHARACTERS),
        user_agent=label(request.headers.get("User-Agent"), longest=USER_AGENT_MAX_CHARACTERS),
        device_id=body.optional_text("device_id", longest=DEVICE_ID_MAX_CHARACTERS),
        remember=body.flag("remember", default=True),
    )


def _signed_in(account: Account, origin: Origin, status: HTTPStatus) -> Response:
    """Start a session; the one whose cookie the request brought along is over, for its cookie is replaced."""
    services = current()
    grant = services.sessions.start(account, origin)
    old = None if _by_body() else services.refresh_cookie(request).read(request.cookies)
    if old is not None:
        with suppress(RefreshTokenInvalidError):
            services.sessions.end_presented(old, reason="replaced")
    return _granted(grant, status=status)


def _granted(grant: Grant, *, status: HTTPStatus = HTTPStatus.OK, presented: str | None = None) -> Response:
    """Answer with a token response; `presented` is the refresh token that the request sent."""
    content: dict[str, Any] = {
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "expires_in": grant.expires_in,
        "session": session_json(grant.session, current_id=grant.session.id),
        "user": _user_json(grant.account),
    }
    if _by_body() and (grant.refresh_token or presented):
        content["refresh_token"] = grant.refresh_token or presented
    response = jsonify(content)
    response.status_code = status
    if grant.refresh_token is not None and not _by_body():
        services = current()
        max_age = services.cookie_life(grant.session)
        services.refresh_cookie(request).set(response, grant.refresh_token, max_age=max_age)
    return response


def _no_content() -> Response:
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response


def _by_body() -> bool:
    """Say whether this client gets and sends the refresh token in the body instead of a cookie."""
    return current().settings.body_transport and request.headers.get("X-Refresh-Transport") == "body"


def _presented_refresh_token(body: Body) -> str:
    if _by_body():
        token = body.optional_text("refresh_token")
    else:
        token = current().refresh_cookie(request).read(request.cookies)
    if token is None:
        raise RefreshTokenMissingError
    return token


def _log_out(body: Body, *, everywhere: bool) -> None:
    """End the session of the refresh token, else of the access token; with neither there is nothing to end."""
    sessions = current().sessions
    try:
        sessions.end_presented(_presented_refresh_token(body), reason="logout", everywhere=everywhere)
        return
    except RefreshError:
        token = presented_token()
    if token is None:
        return
    if everywhere:
        sessions.end_all(token.subject, reason="logout")
    else:
        with suppress(SessionNotFoundError):
            sessions.end(token.session_id, reason="logout")


def _session_id() -> str:
    return str(get_jwt()["sid"])


def _account() -> Account:
    account = current().users.find(get_jwt_identity())
    if account is None:
        raise InvalidCredentialsError
    return account


def install(app: Flask, services: Services) -> None:
    """Mount the API, with its own error answers; routes of the host keep theirs."""
    app.register_blueprint(api, url_prefix=services.settings.url_prefix)
    app.register_blueprint(well_known)
    app.register_error_handler(RenewalError, from_refusal)


api.before_request(check_origin)
api.register_error_handler(HTTPException, from_http)
