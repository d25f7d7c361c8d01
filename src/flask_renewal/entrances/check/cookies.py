"""Which browsers will drop the cookie?"""

from collections.abc import Iterator

from ...ground.cookies import is_loopback
from ...ground.sites import host_of
from .finding import CHROME, EVERY, SAFARI, Finding, Inspected, Level


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at the cookies' attributes, ours and Flask's own."""
    yield from _secure(inspected)
    yield from _same_site(inspected)
    yield from _domain(inspected)
    yield from _flasks_own(inspected)


def _secure(inspected: Inspected) -> Iterator[Finding]:
    secure, url = inspected.settings.cookie_secure, inspected.url or ""
    plain, loopback = url.startswith("http:"), is_loopback(url.partition("://")[2])
    if secure is False:
        yield Finding(
            code="cookie_not_secure",
            level=Level.WARNING,
            subject="JWT_COOKIE_SECURE",
            what="The refresh cookie is sent over plain http, where anybody on the way can take it, and has no __Host-"
            " prefix, so a sibling host can plant one.",
            mend="Leave it unset: then only loopback names get the plain cookie.",
            browsers=EVERY,
        )
    elif plain and not loopback:
        yield Finding(
            code="secure_cookie_over_http",
            level=Level.ERROR,
            subject="JWT_COOKIE_SECURE",
            what=f"A Secure cookie is dropped on {url}: nobody stays signed in.",
            mend="Serve the application over https; if a proxy does, set RENEWAL_TRUSTED_PROXIES and check with --url"
            " https://….",
            browsers=EVERY,
        )
    elif plain and (secure or inspected.settings.cookie_same_site == "None"):
        yield Finding(
            code="secure_cookie_on_loopback",
            level=Level.ERROR,
            subject="JWT_COOKIE_SECURE",
            what=f"Safari keeps no Secure cookie on {url}, loopback or not.",
            mend="Leave JWT_COOKIE_SECURE unset and JWT_COOKIE_SAMESITE at Lax while developing.",
            browsers=SAFARI,
        )


def _same_site(inspected: Inspected) -> Iterator[Finding]:
    settings = inspected.settings
    if settings.cookie_same_site == "None" and not settings.trusted_origins:
        yield Finding(
            code="third_party_cookie_needless",
            level=Level.WARNING,
            subject="JWT_COOKIE_SAMESITE",
            what="The cookie goes along with requests from every site, though no other origin is trusted.",
            mend="Leave it at Lax, or name the page's origin in RENEWAL_TRUSTED_ORIGINS.",
            browsers=EVERY,
        )
    if settings.cookie_same_site == "Strict":
        yield Finding(
            code="strict_cookie",
            level=Level.NOTE,
            subject="JWT_COOKIE_SAMESITE",
            what="Who follows a link from another site finds the first page signed out.",
            mend="Choose Lax if people arrive at guarded pages by links.",
            browsers=EVERY,
        )


def _domain(inspected: Inspected) -> Iterator[Finding]:
    domain = (inspected.settings.cookie_domain or "").lower().lstrip(".")
    host = host_of(inspected.url) if inspected.url else domain
    if not domain:
        return
    if "." not in domain or (host != domain and not host.endswith(f".{domain}")):
        yield Finding(
            code="cookie_domain_foreign",
            level=Level.ERROR,
            subject="JWT_COOKIE_DOMAIN",
            what=f"{domain} does not stand for {host}: the cookie is dropped.",
            mend="Leave it unset.",
            browsers=EVERY,
        )
    else:
        yield Finding(
            code="cookie_domain_shared",
            level=Level.WARNING,
            subject="JWT_COOKIE_DOMAIN",
            what=f"Every host below {domain} is sent the refresh token and can plant another one.",
            mend="Leave it unset: the cookie then belongs to one host, with the __Host- prefix.",
            browsers=EVERY,
        )


def _flasks_own(inspected: Inspected) -> Iterator[Finding]:
    """Look at the cookie of `flask.session`, which goes the same ways as ours."""
    config = inspected.config
    if config["SESSION_COOKIE_SAMESITE"] != "None":
        return
    if not config["SESSION_COOKIE_SECURE"]:
        yield Finding(
            code="session_cookie_not_secure",
            level=Level.ERROR,
            subject="SESSION_COOKIE_SECURE",
            what="The cookie of flask.session says SameSite=None and is not Secure, so it is dropped.",
            mend="Set SESSION_COOKIE_SECURE to True.",
            browsers=EVERY,
        )
    elif not config["SESSION_COOKIE_PARTITIONED"]:
        yield Finding(
            code="session_cookie_not_partitioned",
            level=Level.WARNING,
            subject="SESSION_COOKIE_PARTITIONED",
            what="The cookie of flask.session is for pages on other sites and not Partitioned: it is dropped where"
            " third-party cookies are blocked.",
            mend="Set SESSION_COOKIE_PARTITIONED to True.",
            browsers=CHROME + SAFARI,
        )
