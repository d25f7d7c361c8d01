"""Which browsers will drop the cookie?"""

from collections.abc import Iterator

from ..cookies import is_loopback
from ..sites import host_of
from .finding import EVERY, SAFARI, Finding, Inspected, Level


def findings(inspected: Inspected) -> Iterator[Finding]:
    yield from _secure(inspected)
    yield from _same_site(inspected)
    yield from _domain(inspected)


def _secure(inspected: Inspected) -> Iterator[Finding]:
    secure, url = inspected.settings.cookie_secure, inspected.url or ""
    plain, loopback = url.startswith("http:"), is_loopback(url.partition("://")[2])
    if secure is False:
        yield Finding(
            level=Level.WARNING,
            subject="JWT_COOKIE_SECURE",
            what="The refresh cookie is sent over plain http, where anybody on the way can take it, and has no __Host-"
            " prefix, so a sibling host can plant one.",
            mend="Leave it unset: then only loopback names get the plain cookie.",
            browsers=EVERY,
        )
    elif plain and not loopback:
        yield Finding(
            level=Level.ERROR,
            subject="JWT_COOKIE_SECURE",
            what=f"A Secure cookie is dropped on {url}: nobody stays signed in.",
            mend="Serve the application over https; if a proxy does, set RENEWAL_TRUSTED_PROXIES and check with --url"
            " https://….",
            browsers=EVERY,
        )
    elif plain and (secure or inspected.settings.cookie_same_site == "None"):
        yield Finding(
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
            level=Level.WARNING,
            subject="JWT_COOKIE_SAMESITE",
            what="The cookie goes along with requests from every site, though no other origin is trusted.",
            mend="Leave it at Lax, or name the page's origin in RENEWAL_TRUSTED_ORIGINS.",
            browsers=EVERY,
        )
    if settings.cookie_same_site == "Strict":
        yield Finding(
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
            level=Level.ERROR,
            subject="JWT_COOKIE_DOMAIN",
            what=f"{domain} does not stand for {host}: the cookie is dropped.",
            mend="Leave it unset.",
            browsers=EVERY,
        )
    else:
        yield Finding(
            level=Level.WARNING,
            subject="JWT_COOKIE_DOMAIN",
            what=f"Every host below {domain} is sent the refresh token and can plant another one.",
            mend="Leave it unset: the cookie then belongs to one host, with the __Host- prefix.",
            browsers=EVERY,
        )
