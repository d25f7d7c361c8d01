"""May pages on the trusted origins read the answers, and the renewed token in them?

The application is asked, as a browser would ask it: what stands between it and the browser may say something else than
what the settings say.
"""

from collections.abc import Iterator

from werkzeug.test import Client, TestResponse

from .finding import EVERY, Finding, Inspected, Level

_PUBLIC = "/.well-known/jwks.json"
"""A route of ours that anybody may ask for."""


def findings(inspected: Inspected) -> Iterator[Finding]:
    for origin in sorted(inspected.settings.trusted_origins)[:1]:  # what is true of one is true of all
        yield from _of_ours(inspected, origin)
        yield from _of_the_hosts(inspected, origin)


def _of_ours(inspected: Inspected, origin: str) -> Iterator[Finding]:
    answer = _ask(inspected, "GET", _PUBLIC, origin)
    if not _is_shared(answer, origin):
        said = ", ".join(answer.headers.getlist("Access-Control-Allow-Origin")) or "nothing"
        yield Finding(
            code="answers_not_shared",
            level=Level.ERROR,
            subject="Access-Control-Allow-Origin",
            what=f"A page on {origin} cannot read the answers: they say {said}, where only {origin}, once and with"
            " Access-Control-Allow-Credentials: true, will do.",
            mend="Leave the API to Flask-Renewal, and take it out of any other CORS.",
            browsers=EVERY,
        )
    elif "www-authenticate" not in ",".join(answer.headers.getlist("Access-Control-Expose-Headers")).lower():
        yield Finding(
            code="renewal_header_hidden",
            level=Level.ERROR,
            subject="Access-Control-Expose-Headers",
            what="Something replaces what the application exposes: pages on other origins cannot read"
            f" {inspected.settings.header_name}, and access tokens are renewed in vain.",
            mend="Let it add to the header, or leave it alone.",
            browsers=EVERY,
        )


def _of_the_hosts(inspected: Inspected, origin: str) -> Iterator[Finding]:
    """Look at the host's routes: if none may be called with a token, somebody forgot."""
    paths = [*_paths(inspected)]
    if paths and not any(_is_shared(_ask(inspected, "OPTIONS", path, origin), origin) for path in paths):
        yield Finding(
            code="routes_not_shared",
            level=Level.WARNING,
            subject="cors_paths",
            what=f"A page on {origin} may sign in and refresh, and call none of your routes, such as {paths[0]}.",
            mend="Name the paths that it calls with cors_paths, or set up Flask-CORS for them.",
            browsers=EVERY,
        )


def _paths(inspected: Inspected) -> Iterator[str]:
    ours = (inspected.settings.url_prefix, "/.well-known/")
    for rule in inspected.app.url_map.iter_rules():
        if not rule.arguments and not rule.rule.startswith(ours) and not rule.endpoint.startswith("renewal"):
            yield rule.rule


def _ask(inspected: Inspected, method: str, path: str, origin: str) -> TestResponse:
    asked = {"Origin": origin}
    if method == "OPTIONS":
        asked |= {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    browser = Client(inspected.app, use_cookies=False)
    return browser.open(path, method=method, base_url=inspected.url or "https://localhost", headers=asked)


def _is_shared(answer: TestResponse, origin: str) -> bool:
    """Say whether a browser lets a page on `origin` read the answer to a request with credentials."""
    return (
        answer.headers.getlist("Access-Control-Allow-Origin") == [origin]
        and answer.headers.get("Access-Control-Allow-Credentials") == "true"
    )
