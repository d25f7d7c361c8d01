"""May pages on the trusted origins read the answers, and the renewed token in them?

The application is asked, as a browser would ask it: what stands between it and the browser may say something else than
what the settings say.
"""

from collections.abc import Iterator
from contextlib import suppress

from werkzeug.datastructures import Headers
from werkzeug.routing import BuildError
from werkzeug.test import Client, TestResponse

from .finding import EVERY, Finding, Inspected, Level


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at whether trusted origins may read the answers, by asking as a browser does."""
    for origin in sorted(inspected.settings.trusted_origins)[:1]:  # what is true of one is true of all
        yield from _of_ours(inspected, origin)
        yield from _of_the_hosts(inspected, origin)


def _of_ours(inspected: Inspected, origin: str) -> Iterator[Finding]:
    """Ask what a page asks first: may it refresh, and read the refusal?"""
    path = f"{inspected.settings.url_prefix}/refresh"
    preflight, answer = (_ask(inspected, method, path, origin, wanted="POST").headers for method in ("OPTIONS", "GET"))
    yield from unreadable(inspected, origin, preflight, answer)


def unreadable(
    inspected: Inspected, origin: str, preflight: Headers, answer: Headers, *, way: str = ""
) -> Iterator[Finding]:
    """Look at whether a page may read an answer of ours that came this `way`."""
    name = inspected.settings.header_name
    unshared = next((each for each in (preflight, answer) if not _is_shared(each, origin)), None)
    if unshared is not None:
        yield Finding(
            code="answers_not_shared",
            level=Level.ERROR,
            subject="Access-Control-Allow-Origin",
            what=f"A page on {origin} cannot read the answers{way}: they say {_said(unshared)}, where only {origin},"
            " once, and with Access-Control-Allow-Credentials: true will do.",
            mend="Leave the API to Flask-Renewal: let the proxy or middleware in front say nothing about CORS there.",
            browsers=EVERY,
        )
    elif not _exposes_what_is_ours(answer):
        yield Finding(
            code="renewal_header_hidden",
            level=Level.ERROR,
            subject="Access-Control-Expose-Headers",
            what=f"Something replaces what the application exposes{way}: pages on other origins cannot read"
            f" {name}, and access tokens are renewed in vain.",
            mend="Let it add to the header, or leave it alone.",
            browsers=EVERY,
        )


def _said(headers: Headers) -> str:
    return ", ".join([*headers.getlist("Access-Control-Allow-Origin"), *headers.getlist(_CREDENTIALS)]) or "nothing"


def _exposes_what_is_ours(headers: Headers) -> bool:
    return "www-authenticate" in ",".join(headers.getlist("Access-Control-Expose-Headers")).lower()


def _of_the_hosts(inspected: Inspected, origin: str) -> Iterator[Finding]:
    """Look at the host's routes: if none may be called with a token, somebody forgot."""
    routes = [*_routes(inspected)]
    if routes and not any(_may_be_called(inspected, path, method, origin) for path, method in routes):
        yield Finding(
            code="routes_not_shared",
            level=Level.WARNING,
            subject="cors_paths",
            what=f"A page on {origin} may sign in and refresh, and call none of your routes, such as {routes[0][0]}.",
            mend="Name the paths that it calls with cors_paths, or set up Flask-CORS for them.",
            browsers=EVERY,
        )


def _routes(inspected: Inspected) -> Iterator[tuple[str, str]]:
    """Return a path of each route of the host's own, and a method that it takes."""
    app = inspected.app
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        methods = sorted((rule.methods or set()) - {"OPTIONS"})
        package = getattr(app.view_functions.get(rule.endpoint), "__module__", "").partition(".")[0]
        if methods and package not in ("flask", "flask_renewal"):
            with suppress(BuildError, ValueError):  # an argument that is more particular than 1
                yield adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=methods[0]), methods[0]


def _may_be_called(inspected: Inspected, path: str, method: str, origin: str) -> bool:
    """Say whether a browser lets a page call a route with an access token; no cookie goes along with that."""
    preflight = _ask(inspected, "OPTIONS", path, origin, wanted=method)
    allowed = {name.strip().lower() for name in preflight.headers.get("Access-Control-Allow-Headers", "").split(",")}
    return preflight.headers.get("Access-Control-Allow-Origin") in (origin, "*") and _token(inspected) in allowed


def _token(inspected: Inspected) -> str:
    """Return the name of the header that brings an access token, as browsers ask for it."""
    return inspected.settings.token_header.lower()


def _ask(inspected: Inspected, method: str, path: str, origin: str, *, wanted: str) -> TestResponse:
    browser = Client(inspected.app)
    headers = as_browsers_ask(inspected, method, origin, wanted=wanted)
    return browser.open(path, method=method, base_url=inspected.url or "https://localhost", headers=headers)


def as_browsers_ask(inspected: Inspected, method: str, origin: str, *, wanted: str) -> dict[str, str]:
    """Return the headers of a page's request, or with ``OPTIONS`` of the preflight for the method that is `wanted`."""
    preflight = {"Access-Control-Request-Method": wanted, "Access-Control-Request-Headers": _token(inspected)}
    return {"Origin": origin, **(preflight if method == "OPTIONS" else {})}


def _is_shared(headers: Headers, origin: str) -> bool:
    """Say whether a browser lets a page on `origin` read the answer to a request with credentials."""
    allowed, credentials = headers.getlist("Access-Control-Allow-Origin"), headers.getlist(_CREDENTIALS)
    return allowed == [origin] and credentials == ["true"]


_CREDENTIALS = "Access-Control-Allow-Credentials"
