"""The table of settings: key, default, what the value may be, what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from . import values

_DURATION = "a number of seconds or a timedelta of at most 100 years"
_NOTHING = timedelta(0)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One row: a Flask config key and the field of `Settings` that its value goes to."""

    key: str
    field: str
    default: object
    expects: str
    """Ends the sentence "set it to …" of the error."""
    meaning: str
    read: Callable[[Any], object]
    """Makes the value, or raises `ValueError` or `TypeError`."""
    secret: bool = False
    """Never show the value."""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="JWT_ACCESS_TOKEN_EXPIRES",
        field="access_life",
        default=timedelta(minutes=15),
        expects=f"{_DURATION}, 1 second or more; access tokens that never expire are not supported",
        meaning="Life of an access token.",
        read=values.duration(_SECOND),
    ),
    Setting(
        key="JWT_REFRESH_TOKEN_EXPIRES",
        field="idle_timeout",
        default=timedelta(days=7),
        expects=f"{_DURATION}, 1 second or more",
        meaning="Idle timeout: a session unused this long is over.",
        read=values.duration(_SECOND),
    ),
    Setting(
        key="RENEWAL_SLIDING",
        field="sliding",
        default=True,
        expects="True or False",
        meaning="Use pushes the idle timeout forward. `False`: a session ends `JWT_REFRESH_TOKEN_EXPIRES` after login,"
        " used or not.",
        read=values.boolean,
    ),
    Setting(
        key="RENEWAL_SESSION_LIFETIME",
        field="session_lifetime",
        default=timedelta(days=30),
        expects=f"{_DURATION}, 1 second or more, or None for no limit",
        meaning="Absolute lifetime: no session outlives it, however busy. `None`: no limit.",
        read=values.optional(values.duration(_SECOND)),
    ),
    Setting(
        key="RENEWAL_QUIET_WINDOW",
        field="quiet_window",
        default=timedelta(seconds=60),
        expects=f"{_DURATION}, from 0 to 5 minutes",
        meaning="How long after a rotation the tokens around it are answered without rotating again: the longest that"
        " the slowest request and the slowest answer together may be under way without risk.",
        read=values.duration(_NOTHING, timedelta(minutes=5)),
    ),
    Setting(
        key="RENEWAL_TRUSTED_ORIGINS",
        field="trusted_origins",
        default=[],
        expects='a list of exact origins such as ["https://app.example.com"], in lower case, without a path, a wildcard'
        " or the default port",
        meaning="Browser origins that may call with credentials.",
        read=values.origins,
    ),
    Setting(
        key="RENEWAL_HEADER_NAME",
        field="header_name",
        default="X-Renewed-Access-Token",
        expects="the name of a response header that means nothing else, such as X-Renewed-Access-Token",
        meaning="The response header that carries a renewed access token.",
        read=values.header_name,
    ),
    Setting(
        key="RENEWAL_HEADER_THRESHOLD",
        field="header_threshold",
        default=1 / 3,
        expects="a number from 0 to 1",
        meaning="Renew in the header once less than this share of the token's life is left. 0 turns the header off.",
        read=values.share,
    ),
    Setting(
        key="RENEWAL_HEADER_LIMIT",
        field="header_limit",
        default=timedelta(hours=1),
        expects=f"{_DURATION}, 0 or more, or None for as long as the session lives",
        meaning="How long after the last proof by password or refresh token the header still renews. `None`: as long"
        " as the session lives, for clients that hold a single token.",
        read=values.optional(values.duration(_NOTHING)),
    ),
    Setting(
        key="RENEWAL_REVOCATION_DELAY",
        field="revocation_delay",
        default=timedelta(seconds=2),
        expects=f"{_DURATION}, 0 or more, or None for until the token expires",
        meaning="Upper bound on how long an access token of an ended session still works on any worker. 0 asks the"
        " store on each request. `None`: until it expires.",
        read=values.optional(values.duration(_NOTHING)),
    ),
    Setting(
        key="RENEWAL_BODY_TRANSPORT",
        field="body_transport",
        default=False,
        expects="True or False",
        meaning="Allow clients without a cookie jar to get and send the refresh token in the JSON body.",
        read=values.boolean,
    ),
    Setting(
        key="RENEWAL_REGISTRATION",
        field="registration",
        default=True,
        expects="True or False",
        meaning="People may register themselves.",
        read=values.boolean,
    ),
    Setting(
        key="RENEWAL_MAX_SESSIONS_PER_USER",
        field="max_sessions_per_user",
        default=100,
        expects="a whole number above 0",
        meaning="Starting one more ends the longest unused.",
        read=values.whole(1),
    ),
    Setting(
        key="RENEWAL_TRUSTED_PROXIES",
        field="trusted_proxies",
        default=0,
        expects="the number of reverse proxies in front of the application, a whole number from 0",
        meaning="How many reverse proxies' `X-Forwarded-*` headers to believe.",
        read=values.whole(0),
    ),
    Setting(
        key="RENEWAL_URL_PREFIX",
        field="url_prefix",
        default="/auth",
        expects='a path such as "/auth", without a slash at its end',
        meaning="Where the JSON API is mounted.",
        read=values.text(r"(/[A-Za-z0-9._~-]+)+"),
    ),
    Setting(
        key="RENEWAL_STORE",
        field="store",
        default=None,
        expects="None for the SQL database, or a redis:// URL",
        meaning="Where sessions are kept. `None`: in the SQL database.",
        read=values.optional(values.text(r"rediss?://\S+")),
    ),
    Setting(
        key="RENEWAL_RATELIMIT_LOGIN",
        field="login_limit",
        default="10 per minute",
        expects='a rate limit such as "10 per minute"',
        meaning="Failed sign-ins, per account and per address.",
        read=values.rate_limit,
    ),
    Setting(
        key="RENEWAL_RATELIMIT_REFRESH",
        field="refresh_limit",
        default="60 per minute",
        expects='a rate limit such as "60 per minute"',
        meaning="Refreshes, per session.",
        read=values.rate_limit,
    ),
    Setting(
        key="JWT_COOKIE_SECURE",
        field="cookie_secure",
        default=None,
        expects="True, False or None",
        meaning="`None`: cookies are `Secure` everywhere but towards a loopback name over plain http.",
        read=values.optional(values.boolean),
    ),
    Setting(
        key="JWT_COOKIE_SAMESITE",
        field="cookie_same_site",
        default="Lax",
        expects='"Lax", "Strict" or "None"',
        meaning='`SameSite` of the cookies. `"None"`, for browser apps on another site, makes them `Partitioned` too.',
        read=values.same_site,
    ),
    Setting(
        key="JWT_COOKIE_DOMAIN",
        field="cookie_domain",
        default=None,
        expects="a domain name, or None",
        meaning="`Domain` of the cookies. `None`: the host alone, which is safest.",
        read=values.optional(values.text(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")),
    ),
    Setting(
        key="JWT_ALGORITHM",
        field="algorithm",
        default=None,
        expects="None, or the name of the algorithm that goes with JWT_SECRET_KEY or JWT_PRIVATE_KEY",
        meaning="Signature algorithm. `None`: HS256 with `JWT_SECRET_KEY`, otherwise ES256.",
        read=values.optional(values.text(r"(HS|RS|ES|PS)(256|384|512)|EdDSA")),
    ),
    Setting(
        key="JWT_SECRET_KEY",
        field="secret_key",
        default=None,
        expects="at least 32 random bytes that nobody else uses, or remove it to sign with a key file",
        meaning="Sign access tokens with this secret instead of the key file.",
        read=values.secret_key,
        secret=True,
    ),
    Setting(
        key="JWT_PRIVATE_KEY",
        field="private_key",
        default=None,
        expects="a private key in PEM, or remove it to sign with a key file",
        meaning="Sign access tokens with this key instead of the key file.",
        read=values.private_key,
        secret=True,
    ),
    Setting(
        key="JWT_ENCODE_ISSUER",
        field="issuer",
        default="flask-renewal",
        expects="a name or URL",
        meaning="The claim `iss` of access tokens; tokens with another are refused.",
        read=values.text(r"[ -~]{1,255}"),
    ),
    Setting(
        key="JWT_ENCODE_AUDIENCE",
        field="audience",
        default="flask-renewal",
        expects="a name or URL",
        meaning="The claim `aud` of access tokens; tokens for others are refused.",
        read=values.text(r"[ -~]{1,255}"),
    ),
    Setting(
        key="JWT_DECODE_LEEWAY",
        field="leeway",
        default=0,
        expects=f"{_DURATION}, from 0 to 60 seconds",
        meaning="How far clocks may differ when the times of an access token are checked.",
        read=values.duration(_NOTHING, timedelta(seconds=60)),
    ),
)
