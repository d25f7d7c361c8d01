"""Puts every request to the API on the time line: who sent it, which cookie came and went, what the rule said."""

import hashlib
import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, g, request

from ...ground.errors import RefreshTokenInvalidError
from ...identity.request import refresh_cookie, sent_refresh_cookies
from ...identity.services import Services
from ...identity.tokens.refresh import RefreshTokens
from ...rotation import judge
from .asking import is_watched
from .strict import PREFIX, cookie_name
from .timeline import Timeline

WHO = "X-Demo-Who"
"""Names the sender, on requests that are made here and not in a browser."""


def install(app: Flask, services: Services, timeline: Timeline) -> None:
    """Watch every request but those for files and those of the demo itself."""

    @app.before_request
    def begin() -> None:
        g.demo_began = time.monotonic()
        presented = request.cookies.get(cookie_name()) if _is_strict() else next(iter(sent_refresh_cookies()), None)
        g.demo_presented = presented
        g.demo_verdict = _foresee(services, presented) if request.path == "/auth/refresh" and presented else None

    @app.after_request
    def note(response: Response) -> Response:
        path = request.path
        if is_watched():
            timeline.add(
                who=_who(),
                method=request.method,
                path=path,
                status=response.status_code,
                code=_code(response),
                took=round((time.monotonic() - g.demo_began) * 1000),
                sent=mark(g.demo_presented),
                received=_received(response),
                verdict=_verdict(response),
                header=services.settings.header_name in response.headers,
            )
        return response


def mark(token: str | None) -> str | None:
    """Return a short name for a token, for eyes to tell one from another; the token cannot be had from it."""
    return None if token is None else hashlib.sha256(token.encode()).hexdigest()[:4]


def _who() -> str:
    """Name the sender. A tab of the sample app is told by the address of its page, which it sends as the referrer."""
    tabs = parse_qs(urlsplit(request.headers.get("Referer", "")).query).get("tab", ["1"])
    return request.headers.get(WHO, f"tab {tabs[0][:3]}")


def _is_strict() -> bool:
    return request.path.startswith(f"{PREFIX}/")


def _foresee(services: Services, presented: str) -> str | None:
    """Return what the rule is going to say, as it reads just before."""
    try:
        token = RefreshTokens(services.keys).read(presented)
    except RefreshTokenInvalidError:
        return None
    session = services.store.find(token.session_id)
    if session is None:
        return None
    return judge(session, token.id, now=services.ambient.now(), window=services.settings.quiet_window).value


def _verdict(response: Response) -> str | None:
    """Return what the rule did say: an answer without a cookie was a quiet one, whatever was foreseen."""
    if _is_strict():
        return None
    if request.path == "/auth/refresh" and response.status_code == 200 and _received(response) is None:
        return "quiet"
    verdict: str | None = g.demo_verdict
    return verdict


def _received(response: Response) -> str | None:
    """Return the mark of the refresh cookie that the answer sets; empty where it deletes it."""
    kept = cookie_name() if _is_strict() else refresh_cookie().name
    for line in response.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            if name == kept:
                return mark(morsel.value) if morsel.value else ""
    return None


def _code(response: Response) -> str | None:
    content = response.get_json(silent=True) if response.mimetype == "application/problem+json" else None
    return content.get("code") if isinstance(content, dict) else None
