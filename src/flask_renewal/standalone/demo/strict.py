"""The rule that most libraries have, for the usual client beside ours: a refresh token is good for one use.

A second use of one ends the session (RFC 9700 §4.14.2), whoever it was and however soon. Access tokens are signed and
nobody is asked about them until they are over, which is usual, too.
"""

import secrets
import threading
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from ...ground.errors import (
    InvalidCredentialsError,
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RefreshTokenReusedError,
    SessionEndedError,
    TokenExpiredError,
    TokenInvalidError,
)
from ...guard.same_origin import check_origin
from .asking import bearer, report

PREFIX = "/strict"
ACCESS_SECONDS = 30


def cookie_name() -> str:
    """Return the name of the refresh cookie, with the port, for cookies are not kept apart by it (RFC 6265 §8.5)."""
    return f"strict_refresh_token_{request.host.rpartition(':')[2]}"


class Strict:
    """Sessions in memory: of each, the one refresh token that is good."""

    def __init__(self, username: str, password: str) -> None:
        self._credentials = {"username": username, "password": password}
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32))
        self._good: dict[str, str] = {}
        self._session_of: dict[str, str] = {}
        self._lock = threading.Lock()

    def install(self, app: Flask) -> None:
        """Add the routes, which obey the same rule of origins as the API."""
        routes = Blueprint("demo_strict", __name__, url_prefix=PREFIX)
        routes.before_request(check_origin)
        for view in (self.login, self.refresh, self.logout):
            routes.add_url_rule(f"/{view.__name__}", view_func=view, methods=["POST"])
        routes.add_url_rule("/reports/<int:number>", view_func=self.guarded_report)
        app.register_blueprint(routes)

    def login(self) -> Response:
        """Start a session for the demo's user; raises `InvalidCredentialsError`."""
        if request.get_json(silent=True) != self._credentials:
            raise InvalidCredentialsError
        with self._lock:
            return self._granted(secrets.token_urlsafe(9))

    def refresh(self) -> Response:
        """Take the token for the next one. Raises a `RefreshError`."""
        token = request.cookies.get(cookie_name())
        if token is None:
            raise RefreshTokenMissingError
        with self._lock:
            session = self._session_of.get(token)
            if session is None:
                raise RefreshTokenInvalidError
            if session not in self._good:
                raise SessionEndedError
            if self._good[session] != token:
                del self._good[session]
                raise RefreshTokenReusedError
            return self._granted(session)

    def logout(self) -> Response:
        """End the session of the cookie."""
        self.end(request.cookies.get(cookie_name()))
        response = Response(status=204)
        response.delete_cookie(cookie_name(), httponly=True, samesite="Lax")
        return response

    def end(self, token: str | None) -> None:
        """End the session that a refresh token is of, where there is one."""
        with self._lock:
            self._good.pop(self._session_of.get(token or "", ""), None)

    def guarded_report(self, number: int) -> Response:
        """Answer whose access token is signed and not over; that its session is has nobody looked up."""
        try:
            self._signer.loads(bearer(), max_age=ACCESS_SECONDS)
        except SignatureExpired as over:
            raise TokenExpiredError from over
        except BadSignature as wrong:
            raise TokenInvalidError from wrong
        return report(number)

    def _granted(self, session: str) -> Response:
        token = self._good[session] = secrets.token_urlsafe(24)
        self._session_of[token] = session
        grant: dict[str, Any] = {"access_token": self._signer.dumps(session), "expires_in": ACCESS_SECONDS}
        response = jsonify(grant)
        response.set_cookie(cookie_name(), token, httponly=True, samesite="Lax")
        response.headers["Cache-Control"] = "no-store"
        return response
