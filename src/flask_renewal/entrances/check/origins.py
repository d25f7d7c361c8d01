"""Will browser apps on the trusted origins get and send the cookie?"""

from collections.abc import Iterator, Sequence

from ...ground.cookies import is_loopback
from ...ground.origins import is_web
from ...ground.sites import host_of, relation, site_of
from .finding import CHROME, EVERY, FIREFOX, SAFARI, Finding, Inspected, Level

MOST_NAMED = 3
"""How many of many origins one sentence names."""

_SUBJECT = "RENEWAL_TRUSTED_ORIGINS"


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at whether a browser sends the cookie from each trusted origin."""
    trusted = sorted(inspected.settings.trusted_origins)
    pages = [origin for origin in trusted if is_web(origin)]
    if pages and inspected.url is None:
        yield from _without_address(inspected, pages)
    for origin in pages:
        yield from _of_origin(inspected, origin)
    if inspected.settings.untrusted_origins == "report":
        yield _REPORTED_ONLY
    if not inspected.settings.body_transport:
        yield from (_wrapped(origin) for origin in trusted if not is_web(origin))


_REPORTED_ONLY = Finding(
    code="untrusted_origins_let_through",
    level=Level.ERROR,
    subject="RENEWAL_UNTRUSTED_ORIGINS",
    what="Any page may make a browser act here in its user's name; it is only logged.",
    mend='Name the origins that the log shows and you know in RENEWAL_TRUSTED_ORIGINS, and set it to "refuse".',
    browsers=EVERY,
)


def _without_address(inspected: Inspected, trusted: Sequence[str]) -> Iterator[Finding]:
    """Say what is certain wherever the application is; on this machine pages and application are moved about freely."""
    public = [origin for origin in trusted if not is_loopback(origin.partition("://")[2])]
    if len({site_of(origin).partition("://")[2] for origin in public}) > 1:
        yield from _across_sites(inspected, f"one of {_enumerated(public)}", "the application")
    if inspected.settings.cookie_secure is not False and inspected.settings.cookie_same_site != "None":
        for origin in public:
            if origin.startswith("http:"):
                yield _no_cookie_over_http(origin)
    yield Finding(
        code="address_unknown",
        level=Level.NOTE,
        subject=_SUBJECT,
        what="Whether these origins are on the application's own site cannot be said without its address.",
        mend="Set SERVER_NAME, or run the check with --url https://….",
    )


def _enumerated(origins: Sequence[str]) -> str:
    few = ", ".join(origins[:MOST_NAMED])
    return few if len(origins) <= MOST_NAMED else f"{few} and {len(origins) - MOST_NAMED} more"


def _wrapped(origin: str) -> Finding:
    return Finding(
        code="wrapped_app_without_cookie",
        level=Level.WARNING,
        subject=_SUBJECT,
        what=f"To a web view every address is another site than {origin}, so the cookie is neither kept nor sent there;"
        " only a browser extension with a permission for the address gets it.",
        mend="Set RENEWAL_BODY_TRANSPORT to True, and keep the refresh token where the platform keeps secrets.",
        browsers=SAFARI + CHROME,
    )


def _no_cookie_over_http(origin: str) -> Finding:
    return Finding(
        code="http_page_without_cookie",
        level=Level.ERROR,
        subject=_SUBJECT,
        what=f"A page on {origin} gets no cookie: from an application on https because the scheme is part of the site,"
        " from one on http because the cookie is Secure.",
        mend=f"Serve the page over https and trust https://{origin.removeprefix('http://')}.",
        browsers=CHROME,
    )


def _of_origin(inspected: Inspected, origin: str) -> Iterator[Finding]:
    url = inspected.url
    if origin.startswith("http:") and not is_loopback(origin.removeprefix("http://")):
        yield Finding(
            code="http_page_trusted",
            level=Level.WARNING,
            subject=_SUBJECT,
            what=f"A page on {origin} can be changed on its way to the browser, and what is put into it may act here.",
            mend=f"Serve the page over https and trust https://{origin.removeprefix('http://')}.",
            browsers=EVERY,
        )
    if url is None:
        return
    if origin == url:
        yield Finding(
            code="own_origin_trusted",
            level=Level.NOTE,
            subject=_SUBJECT,
            what=f"{origin} is the application's own origin, which needs no trust.",
            mend="Take it off the list.",
        )
    elif {host_of(origin), host_of(url)} == {"localhost", "127.0.0.1"}:
        yield _two_loopbacks(origin, url)
    elif relation(origin, url) == "cross-site":
        yield from _across_sites(inspected, origin, url)


def _two_loopbacks(origin: str, url: str) -> Finding:
    return Finding(
        code="two_loopback_names",
        level=Level.ERROR,
        subject=_SUBJECT,
        what=f"To a browser {origin} and {url} are different sites, so the cookie is neither kept nor sent.",
        mend=f"Open the page under the same name, {host_of(url)}.",
        browsers=EVERY,
    )


def _across_sites(inspected: Inspected, origin: str, url: str) -> Iterator[Finding]:
    if inspected.settings.cookie_same_site != "None":
        yield Finding(
            code="cookie_not_sent_across_sites",
            level=Level.ERROR,
            subject="JWT_COOKIE_SAMESITE",
            what=f"A page on {origin} is on another site than {url}: a SameSite={inspected.settings.cookie_same_site}"
            " cookie is neither kept nor sent there, and nobody stays signed in.",
            mend="Serve both below one registrable domain (app.example.com and api.example.com), or put the API behind"
            ' the page\'s own host with a reverse proxy; else set JWT_COOKIE_SAMESITE to "None".',
            browsers=EVERY,
        )
        return
    yield Finding(
        code="third_party_cookie_blocked",
        level=Level.ERROR,
        subject=_SUBJECT,
        what=f"The cookie of {url} is a third-party cookie on {origin}. Safari blocks those, before"
        " version 26.2 Partitioned ones too, so people are signed out with every page load.",
        mend="Serve both below one registrable domain, or put the API behind the page's own host.",
        browsers=SAFARI,
    )
    yield Finding(
        code="third_party_cookie_partitioned",
        level=Level.NOTE,
        subject=_SUBJECT,
        what=f"The cookie works on {origin} because it is Partitioned: it belongs to that page alone. Whoever signs in"
        f" on {url} itself is not signed in there, and who has Firefox block all third-party cookies is signed out with"
        " every page load.",
        mend="Nothing to do unless both are used.",
        browsers=CHROME + FIREFOX,
    )
