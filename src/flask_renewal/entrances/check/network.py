"""What is between the browser and the application: proxies, host names, several workers."""

from collections.abc import Iterator

from limits.storage import storage_from_string

from ...ground.cookies import REFRESH_COOKIE, is_loopback
from .finding import Finding, Inspected, Level


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at proxies, hosts, rate limits and the debugger."""
    yield from _proxies(inspected)
    yield from _downgrade(inspected)
    yield from _hosts(inspected)
    yield from _rate_limits(inspected)
    if inspected.config["DEBUG"]:
        yield Finding(
            code="debug_on",
            level=Level.WARNING,
            subject="DEBUG",
            what="The debugger runs code for whoever finds it.",
            mend="Switch it off where others can reach the application.",
        )


def _proxies(inspected: Inspected) -> Iterator[Finding]:
    count = inspected.settings.trusted_proxies
    if not count and (inspected.url or "").startswith("https:"):
        yield Finding(
            code="proxies_untrusted",
            level=Level.WARNING,
            subject="RENEWAL_TRUSTED_PROXIES",
            what="If a proxy in front ends TLS, every request seems to come from its address: one attacker uses up the"
            " sign-ins of all.",
            mend="Set it to the number of proxies in front; leave it at 0 only if the server itself speaks TLS.",
        )
    if count:
        yield Finding(
            code="proxies_trusted",
            level=Level.NOTE,
            subject="RENEWAL_TRUSTED_PROXIES",
            what=f"The last {count} X-Forwarded-For, -Proto and -Host values are believed.",
            mend=f"Make sure that exactly {count} proxies stand in front on every road in, and that each sets them.",
        )


def _downgrade(inspected: Inspected) -> Iterator[Finding]:
    """Look at what becomes of the cookie behind a proxy that says nothing of TLS and changes the host."""
    settings, hosts = inspected.settings, inspected.config.get("TRUSTED_HOSTS")
    unsaid = settings.cookie_secure is None and not settings.trusted_proxies
    if unsaid and (inspected.url or "").startswith("https:") and (not hosts or any(map(is_loopback, hosts))):
        cookie = inspected.services.cookies.spec(REFRESH_COOKIE, scheme="http", host="127.0.0.1:5000")
        if not cookie.secure:
            yield Finding(
                code="cookie_downgraded",
                level=Level.WARNING,
                subject="RENEWAL_TRUSTED_PROXIES",
                what="A proxy that ends TLS and asks http://127.0.0.1:5000 without a word of it gets the cookie"
                f" {cookie.name}, which has neither Secure nor the prefix.",
                mend="Let it send Host and X-Forwarded-Proto and set this to the number of proxies.",
            )


def _hosts(inspected: Inspected) -> Iterator[Finding]:
    if not inspected.config.get("TRUSTED_HOSTS"):
        yield Finding(
            code="hosts_untold",
            level=Level.WARNING if inspected.settings.trusted_proxies else Level.NOTE,
            subject="TRUSTED_HOSTS",
            what="Requests under any host name are answered.",
            mend='Name the hosts that are yours, such as ["api.example.com"].',
        )


def _rate_limits(inspected: Inspected) -> Iterator[Finding]:
    config = inspected.config
    uri = config.get("RATELIMIT_STORAGE_URI") or "memory://"
    if not config.get("RATELIMIT_ENABLED", True):
        yield Finding(
            code="rate_limits_off",
            level=Level.WARNING,
            subject="RATELIMIT_ENABLED",
            what="Passwords can be guessed without limit.",
            mend="Leave it on outside of tests.",
        )
    elif uri.startswith("memory:"):
        yield Finding(
            code="rate_limits_per_process",
            level=Level.WARNING,
            subject="RATELIMIT_STORAGE_URI",
            what="Each worker process counts for itself, so n workers allow n times as many guesses.",
            mend="Point it at Redis if there is more than one worker.",
        )
    elif not storage_from_string(uri, **config.get("RATELIMIT_STORAGE_OPTIONS", {})).check():
        yield Finding(
            code="rate_limits_unavailable",
            level=Level.ERROR,
            subject="RATELIMIT_STORAGE_URI",
            what="The storage does not answer, and while it is away nothing is limited.",
            mend="Start it, or correct the address.",
        )
