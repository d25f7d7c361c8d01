"""What a browser does around a request: its headers, the preflight, and who may read the answer (Fetch Standard)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import Headers

from ..ground.origins import SAFE_METHODS
from ..ground.sites import is_trustworthy, origin
from .call import Call

Environ = dict[str, Any]

CALL = "flask_renewal.testing.call"
"""Where an environ keeps its `Call`."""

_SAFE_REQUEST_HEADERS = frozenset({"accept", "accept-language", "content-language", "range"})
_BROWSER_HEADERS = frozenset({"authority", "connection", "content-length", "cookie", "host", "origin", "referer"})
_SIMPLE_TYPES = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_SAFE_RESPONSE_HEADERS = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)
_HIDDEN = frozenset({"set-cookie", "set-cookie2"})


class BlockedByBrowserError(AssertionError):
    """A browser would not have sent this request, or would not have let the page read its answer.

    `answer` holds the headers of what the application said: to the preflight, or to the request itself.
    """

    def __init__(self, why: str, *, answer: Headers) -> None:
        super().__init__(why)
        self.answer = answer


def call_of(environ: Environ, *, page: str | None) -> Call:
    """Return who calls what; an ``Origin`` header that the test wrote itself counts as the page."""
    target = origin(environ["wsgi.url_scheme"], environ["HTTP_HOST"])
    return Call(
        target=target,
        path=quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")) or "/",
        method=environ["REQUEST_METHOD"],
        page=environ.get("HTTP_ORIGIN") or page or target,
        navigation=environ.get("HTTP_SEC_FETCH_MODE") == "navigate",
    )


def add_browser_headers(environ: Environ, call: Call) -> None:
    """Add ``Origin`` and ``Sec-Fetch-…`` as the browser would; what the test wrote itself stays."""
    crosses = call.relation != "same-origin" and not call.navigation
    if crosses or call.method not in SAFE_METHODS:
        environ.setdefault("HTTP_ORIGIN", call.page)
    if is_trustworthy(call.target):
        environ.setdefault("HTTP_SEC_FETCH_SITE", call.relation)
        environ.setdefault("HTTP_SEC_FETCH_MODE", "cors")
        environ.setdefault("HTTP_SEC_FETCH_DEST", "document" if call.navigation else "empty")


def unsafe_headers(environ: Environ) -> list[str]:
    """Return the headers that a page on another origin may send only after a preflight."""
    names = [key[5:].replace("_", "-").lower() for key in environ if key.startswith("HTTP_")]
    unsafe = [
        name
        for name in names
        if name not in _SAFE_REQUEST_HEADERS | _BROWSER_HEADERS | {"user-agent"}
        and not name.startswith(("sec-", "proxy-"))
    ]
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() not in _SIMPLE_TYPES:
        unsafe.append("content-type")
    return sorted(unsafe)


def preflight_of(environ: Environ, call: Call) -> Environ | None:
    """Return the environ of the preflight that this request needs, or ``None``."""
    unsafe = unsafe_headers(environ)
    simple = call.method in ("GET", "HEAD", "POST") and not unsafe
    if call.relation == "same-origin" or call.navigation or simple:
        return None
    kept = {key: value for key, value in environ.items() if not key.startswith(("HTTP_", "CONTENT_"))}
    asked = {"HTTP_ACCESS_CONTROL_REQUEST_HEADERS": ",".join(unsafe)} if unsafe else {}
    return {
        **kept,
        **asked,
        "REQUEST_METHOD": "OPTIONS",
        "HTTP_HOST": environ["HTTP_HOST"],
        "HTTP_ORIGIN": call.page,
        "HTTP_ACCESS_CONTROL_REQUEST_METHOD": call.method,
        "HTTP_SEC_FETCH_SITE": call.relation,
        "HTTP_SEC_FETCH_MODE": "cors",
    }


def check_preflight(call: Call, status: str, headers: Headers, *, asked: Iterable[str]) -> None:
    """Raise `BlockedByBrowserError` unless the answer to the preflight lets the request pass."""
    why = None if status.startswith("2") else f"the preflight was answered {status}"
    why = why or _why_unreadable(call, headers)
    methods = {method.upper() for method in _listed(headers, "Access-Control-Allow-Methods")}
    if why is None and call.method not in {"GET", "HEAD", "POST"} | methods:
        why = f"Access-Control-Allow-Methods does not name {call.method}"
    missing = [name for name in asked if name not in _listed(headers, "Access-Control-Allow-Headers")]
    if why is None and missing:
        why = f"Access-Control-Allow-Headers does not name {', '.join(missing)}"
    if why is not None:
        raise BlockedByBrowserError(
            f"a browser on {call.page} would not send {call.method} {call.path}: {why}", answer=headers
        )


def check_answer(call: Call, status: str, headers: Headers) -> None:
    """Raise `BlockedByBrowserError` where the page's script could not read the answer."""
    if call.relation == "same-origin" or call.navigation:
        return
    why = _why_unreadable(call, headers)
    if why is not None:
        raise BlockedByBrowserError(
            f"a page on {call.page} could not read the answer to {call.method} {call.path} ({status}): {why};"
            f" is the origin in RENEWAL_TRUSTED_ORIGINS, and does CORS cover this path?",
            answer=headers,
        )


def readable_headers(call: Call, headers: Headers) -> Headers:
    """Return the headers of an answer that the page's script can read; ``*`` names none when cookies go along."""
    own = call.relation == "same-origin"
    named = _SAFE_RESPONSE_HEADERS | set(_listed(headers, "Access-Control-Expose-Headers"))
    return Headers(
        [(name, value) for name, value in headers if name.lower() not in _HIDDEN and (own or name.lower() in named)]
    )


def _why_unreadable(call: Call, headers: Headers) -> str | None:
    allowed = headers.getlist("Access-Control-Allow-Origin")
    if allowed != [call.page]:
        return f"Access-Control-Allow-Origin is {', '.join(allowed) or 'missing'}"
    if headers.get("Access-Control-Allow-Credentials") != "true":
        return "Access-Control-Allow-Credentials is not true, and the request carries cookies"
    return None


def _listed(headers: Headers, name: str) -> list[str]:
    return [part.strip().lower() for value in headers.getlist(name) for part in value.split(",") if part.strip()]
