"""The JSON API. A view reads the request, calls one use case, and answers."""

from collections.abc import Sequence

from flask import Blueprint, Flask, Request, Response, jsonify
from flask_jwt_extended import get_jwt_identity
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, SecurityError

from ...ground import events
from ...ground.body import Body
from ...ground.context import this_request
from ...ground.data_headers import keep_data
from ...ground.errors import (
    RefreshError,
    RenewalError,
    SessionOverError,
    TokenInvalidError,
)
from ...ground.origins import SAFE_METHODS, is_trusted
from ...ground.problems import from_http, from_refusal
from ...guard.access import access_required, presented_token, renew_nothing
from ...guard.adopting import adopt
from ...guard.https_only import check_https
from ...guard.same_origin import check_origin
from ...identity.request import clear_cookies, only, provenance, sessions_of_cookies
from ...identity.services import Services, current
from ...identity.sessions.public import session_json, user_json
from ...identity.transport import BY_COOKIE, Transport, transport
from .accounts import accounts
from .answers import granted, no_content, published
from .asked import ask_for_proof, this_session
from .cors import publish
from .ended import ended
from .openapi import described
from .reading import reading

api = Blueprint("flask_renewal", __name__)
well_known = Blueprint("flask_renewal_well_known", __name__, url_prefix="/.well-known")


def answer_unknown(request: Request, response: Response) -> Response:
    """Answer in the API's own words where nothing below its path was found; all other paths are left to the host.

    So it is where the request names a host that is not trusted, for then no route is looked for. Who may read the
    host's answer may read ours.
    """
    error, prefix = request.routing_exception, current().settings.url_prefix
    if not isinstance(error, NotFound | MethodNotAllowed | SecurityError) or not request.path.startswith(f"{prefix}/"):
        return response
    answer = from_http(error)
    for name, value in response.headers:
        if name == "Vary" or name.startswith("Access-Control-"):
            answer.headers.add(name, value)
    return answer


def keep_out_of_caches(response: Response) -> Response:
    """Say that an answer is for one asker at one time (RFC 6749 §5.1)."""
    response.headers["Cache-Control"] = "no-store"
    keep_data(response)
    response.vary.update(("Origin", "Sec-Fetch-Site"))
    return response


def tell_of_denied(response: Response) -> Response:
    """Log that a page may not read this answer: of reads and preflights, the page's author sees "Failed to fetch"."""
    request, services = this_request(), current()
    source = provenance() if "HTTP_ORIGIN" in request.environ and request.method in SAFE_METHODS else None
    if source is not None and not is_trusted(source, services.settings.trusted_origins):
        services.events.send(events.cross_origin_denied, origin=source.origin)
    return response


@api.post("/refresh")
def refresh() -> Response:
    """Rotate the refresh token; a refusal for good takes the cookie away."""
    way = transport()
    try:
        sent = way.sent(Body.sent())
        adopted = None if sent or way is not BY_COOKIE else adopt()
        if adopted is not None:
            return granted(adopted, way)
        presented = only(sent)
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
    return logged_out(transport(), Body.sent())


@api.get("/me")
@access_required(locations="headers")
def me() -> Response:
    """Tell whose access token this is, and of which session."""
    services = current()
    session = services.sessions.find(this_session(), user_id=get_jwt_identity())
    person = services.people.find(get_jwt_identity())
    if person is None:
        raise TokenInvalidError
    if not person.existed(session.created_at):
        raise SessionOverError
    return jsonify(user=user_json(person.id, person.username), session=session_json(session, current_id=session.id))


@api.get("/sessions")
@access_required(locations="headers")
def list_sessions() -> Response:
    """List the living sessions of the user, newest use first."""
    sessions = current().sessions.list(get_jwt_identity())
    return jsonify(sessions=[session_json(session, current_id=this_session()) for session in sessions])


@api.delete("/sessions/<session_id>")
@access_required(locations="headers")
def end_session(session_id: str) -> Response:
    """End one session of the user."""
    renew_nothing()
    if session_id != this_session():
        ask_for_proof()
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
    ask_for_proof()
    ended = current().sessions.end_others(this_session(), user_id=get_jwt_identity(), reason="ended_by_user")
    return jsonify(ended=ended)


@well_known.get("/jwks.json")
def jwks() -> Response:
    """Publish the keys by which access tokens are verified (RFC 7517)."""
    return published(current().keys.jwks())


def logged_out(way: Transport, body: Body) -> Response:
    """Sign out whoever the request is from, and answer."""
    response = no_content()
    _log_out(way.sent(body), everywhere=body.flag("everywhere", default=False))
    way.sign_out(response)
    return response


def _log_out(presented: Sequence[str], *, everywhere: bool) -> None:
    """End the session of the refresh token, else of the access token; with neither there is nothing to end."""
    sessions = current().sessions
    if sessions.end_presented(presented, reason="logout", everywhere=everywhere):
        return
    token = presented_token()
    if token is not None:
        sessions.end_own(token.session_id, user_id=token.subject, reason="logout", everywhere=everywhere)


def install(app: Flask, services: Services) -> None:
    """Mount the API, with its own error answers; routes of the host keep theirs."""
    app.register_blueprint(api, url_prefix=services.settings.url_prefix)
    if services.ours is not None:
        app.register_blueprint(accounts, url_prefix=services.settings.url_prefix)
    for readable in (ended, described, *([reading] if services.settings.api_docs else [])):
        app.register_blueprint(readable, url_prefix=services.settings.url_prefix)
    app.register_blueprint(well_known)
    app.register_error_handler(RenewalError, from_refusal)


well_known.after_request(publish)
for blueprint in (api, accounts, ended):
    blueprint.before_request(check_https)
    blueprint.before_request(check_origin)
    blueprint.after_request(tell_of_denied)
    blueprint.after_request(keep_out_of_caches)
    blueprint.register_error_handler(HTTPException, from_http)
