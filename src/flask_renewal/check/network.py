"""What is between the browser and the application: proxies, host names, several workers."""

from collections.abc import Iterator

from limits.storage import storage_from_string

from .finding import Finding, Inspected, Level


def findings(inspected: Inspected) -> Iterator[Finding]:
    yield from _proxies(inspected)
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
