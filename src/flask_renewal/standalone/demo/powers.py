"""What no honest server can do: lose an answer, age a token, copy a cookie that no script may read and use it."""

import socket
import threading
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from flask_jwt_extended import get_jwt_identity

from ...ground.errors import TokenExpiredError
from ...guard.access import access_required
from ...guard.same_origin import check_origin
from ...identity.request import refresh_cookie, sent_refresh_cookies
from ...identity.services import Services
from .asking import bearer
from .strict import PREFIX, Strict, cookie_name
from .timeline import Timeline
from .watching import WHO, mark

USER = "alice"
PASSWORD = "correct staple horse battery"  # noqa: S105 - it opens nothing but the throw-away instance
OURS, STRICT = "/auth/refresh", f"{PREFIX}/refresh"
_STREAM_HEADERS = {"Cache-Control": "no-store"}


class Powers:
    """The demo's tricks, and what they remember."""

    def __init__(self, app: Flask, services: Services, timeline: Timeline, strict: Strict) -> None:
        self._app = app
        self._services = services
        self._timeline = timeline
        self._strict = strict
        self._aged: set[str] = set()
        self._to_lose: set[str] = set()
        self._lost_token = False
        self._stolen: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def install(self) -> None:
        """Add the routes under /demo, which obey the same rule of origins as the API."""
        routes = Blueprint("demo", __name__, url_prefix="/demo")
        routes.before_request(check_origin)
        routes.add_url_rule("/events", view_func=self.events)
        for view in (self.age, self.lose, self.lost, self.steal, self.thief, self.phone):
            routes.add_url_rule(f"/{view.__name__}", view_func=view, methods=["POST"])
        self._app.register_blueprint(routes)
        self._app.before_request(self.refuse_aged)
        self._app.wsgi_app = self._losing(self._app.wsgi_app)  # type: ignore[method-assign]

    def events(self) -> Response:
        """Tell the time line, from the entry after the last that the page has seen."""
        last = request.headers.get("Last-Event-ID", "0")
        stream = self._timeline.follow(int(last) if last.isdigit() else 0)
        return Response(stream, mimetype="text/event-stream", headers=_STREAM_HEADERS)

    def age(self) -> Response:
        """Let the access token that this request carries be expired from now on."""
        self._aged.add(bearer())
        return jsonify(aged=True)

    def refuse_aged(self) -> None:
        """Refuse the access tokens that were aged."""
        if bearer() in self._aged and not request.path.startswith("/demo/"):
            raise TokenExpiredError

    def lose(self) -> Response:
        """Lose the answer to the next refresh of each client."""
        with self._lock:
            self._to_lose = {OURS, STRICT}
        return jsonify(losing=True)

    def lost(self) -> Response:
        """Say whether our answer that was lost had a refresh token in it; a quiet one has none."""
        return jsonify(token=self._lost_token)

    def steal(self) -> Response:
        """Copy both refresh cookies, as malware on the machine would."""
        self._stolen = {OURS: next(iter(sent_refresh_cookies()), None), STRICT: request.cookies.get(cookie_name())}
        for path, token in self._stolen.items():
            self._timeline.add(who="thief", trick="stole", path=path, sent=mark(token))
        return jsonify(ours=mark(self._stolen[OURS]))

    def thief(self) -> Response:
        """Use the stolen tokens, from elsewhere; keep what comes back."""
        return jsonify(ours=self._use(OURS, refresh_cookie().name), strict=self._use(STRICT, cookie_name()))

    def _use(self, path: str, name: str) -> dict[str, Any]:
        thief = self._app.test_client(use_cookies=False)
        cookie = {"Cookie": f"{name}={self._stolen.get(path)}", "Host": request.host, WHO: "thief"}
        answer = thief.post(path, headers=cookie)
        received = answer.headers.get("Set-Cookie", "").partition(";")[0].partition("=")[2]
        self._stolen[path] = received or self._stolen.get(path)
        return {"rotated": bool(received), "code": (answer.json or {}).get("code")}

    @staticmethod
    def _headers(token: str | None = None) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return {**bearer, WHO: "phone", "User-Agent": "A phone", "Host": request.host}

    @access_required()
    def phone(self) -> Response:
        """Sign in on another device of the same user, and end the sessions of this page from there."""
        self._strict.end(request.cookies.get(cookie_name()))
        session_id = self._services.access_tokens.read(bearer()).session_id
        phone = self._app.test_client(use_cookies=False)
        who = self._services.users.find(get_jwt_identity())
        credentials = {"username": who.username if who else "", "password": PASSWORD, "device": "Phone"}
        grant: Any = phone.post("/auth/login", json=credentials, headers=self._headers()).json
        ended = phone.delete(f"/auth/sessions/{session_id}", headers=self._headers(grant["access_token"]))
        return jsonify(status=ended.status_code)

    def _losing(self, handle: Any) -> Any:
        """Wrap the application: a request whose answer is to be lost is handled to the end, then the line goes dead."""

        def lose_or_answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            names: list[str] = []

            def note_headers(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
                names.extend(name for name, _ in headers)
                return start_response(status, headers, *error)

            answer: Iterable[bytes] = handle(environ, note_headers)
            path = environ["PATH_INFO"]
            is_sent = environ["REQUEST_METHOD"] == "POST" and "werkzeug.socket" in environ  # and no preflight
            if not is_sent or not self._take_loss(path):
                return answer
            for _ in answer:
                pass
            if path == OURS:
                self._lost_token = "Set-Cookie" in names
            self._timeline.add(who="network", trick="lost", path=path)
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []

        return lose_or_answer

    def _take_loss(self, path: str) -> bool:
        with self._lock:
            losing = path in self._to_lose
            self._to_lose.discard(path)
        return losing
