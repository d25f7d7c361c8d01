"""Do the times fit together?"""

from collections.abc import Iterator
from datetime import timedelta

from .finding import Finding, Inspected, Level

_LONG_ACCESS = timedelta(hours=1)


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at how long tokens and sessions live."""
    settings = inspected.settings
    for applies, finding in (
        (settings.access_life > _LONG_ACCESS, _LONG),
        (settings.access_life >= settings.idle_timeout, _NEVER_RENEWED),
        (not settings.quiet_window, _NO_WINDOW),
        (settings.session_lifetime is None, _ENDLESS),
        (settings.header_limit is None, _ENDLESS_HEADER),
        (settings.revocation_delay is None, _NO_REVOCATION),
    ):
        if applies:
            yield finding


_LONG = Finding(
    code="access_token_long",
    level=Level.WARNING,
    subject="JWT_ACCESS_TOKEN_EXPIRES",
    what="A stolen access token works for more than an hour.",
    mend="Choose 5 to 15 minutes; renewing is automatic.",
)
_NEVER_RENEWED = Finding(
    code="session_shorter_than_token",
    level=Level.WARNING,
    subject="JWT_REFRESH_TOKEN_EXPIRES",
    what="A session is over before its first access token is.",
    mend="Make it several times JWT_ACCESS_TOKEN_EXPIRES.",
)
_NO_WINDOW = Finding(
    code="quiet_window_missing",
    level=Level.WARNING,
    subject="RENEWAL_QUIET_WINDOW",
    what="Tabs that refresh together, and requests that a browser repeats by itself, are taken for theft.",
    mend="Leave it at 60 seconds: in it a thief gets nothing that lasts.",
    browsers=("every browser",),
)
_ENDLESS = Finding(
    code="session_endless",
    level=Level.NOTE,
    subject="RENEWAL_SESSION_LIFETIME",
    what="A session that is used never ends.",
    mend="Set an absolute lifetime unless that is meant.",
)
_ENDLESS_HEADER = Finding(
    code="header_renewal_endless",
    level=Level.WARNING,
    subject="RENEWAL_HEADER_LIMIT",
    what="A stolen access token can be renewed as long as its session lives.",
    mend="Set a limit unless clients hold a single token.",
)
_NO_REVOCATION = Finding(
    code="revocation_missing",
    level=Level.WARNING,
    subject="RENEWAL_REVOCATION_DELAY",
    what="After signing out, an access token works on other workers until it expires.",
    mend="Leave it at 2 seconds.",
)
