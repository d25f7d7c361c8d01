"""The table of settings: key, default, what the value may be, what it means."""

from datetime import timedelta

from . import values
from .jwt_table import JWT_SETTINGS
from .key_table import KEY_SETTINGS
from .page_table import PAGE_SETTINGS
from .setting import DURATION, Setting
from .strictness_table import STRICTNESS_SETTINGS

_NOTHING = timedelta(0)
_SECOND = timedelta(seconds=1)

SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="JWT_ACCESS_TOKEN_EXPIRES",
        field="access_life",
        default=timedelta(minutes=15),
        expects=f"{DURATION}, 1 second or more; access tokens that never expire are not supported",
        meaning="Life of an access token.",
        read=values.duration(_SECOND),
    ),
    Setting(
        key="JWT_REFRESH_TOKEN_EXPIRES",
        field="idle_timeout",
        default=timedelta(days=7),
        expects=f"{DURATION}, 1 second or more",
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
        expects=f"{DURATION}, 1 second or more, or None for no limit",
        meaning="Absolute lifetime: no session outlives it, however busy. `None`: no limit.",
        read=values.optional(values.duration(_SECOND)),
    ),
    Setting(
        key="RENEWAL_QUIET_WINDOW",
        field="quiet_window",
        default=timedelta(seconds=60),
        expects=f"{DURATION}, from 0 to 5 minutes",
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
        meaning="Browser origins that may call with credentials, those of wrapped apps and extensions included.",
        read=values.origins,
    ),
    Setting(
        key="RENEWAL_CORS_HEADERS",
        field="cors_headers",
        default=[],
        expects='a list of names of request headers such as ["sentry-trace", "baggage"]',
        meaning="More request headers that pages on the trusted origins may send, to the API and to `cors_paths`.",
        read=values.header_names,
    ),
    Setting(
        key="RENEWAL_CORS_EXPOSE",
        field="cors_expose",
        default=[],
        expects='a list of names of response headers such as ["Content-Disposition"]',
        meaning="More response headers that scripts on the trusted origins may read, of the API and of `cors_paths`.",
        read=values.header_names,
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
        expects=f"{DURATION}, 0 or more, or None for as long as the session lives",
        meaning="How long after the last proof by password or refresh token the header still renews. `None`: as long"
        " as the session lives, for clients that hold a single token.",
        read=values.optional(values.duration(_NOTHING)),
    ),
    Setting(
        key="RENEWAL_REVOCATION_DELAY",
        field="revocation_delay",
        default=timedelta(seconds=2),
        expects=f"{DURATION}, 0 or more, or None for until the token expires",
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
        key="RENEWAL_REHASH",
        field="rehash",
        default=True,
        expects="True or False",
        meaning="A right password is hashed anew where its hash is not one of today's. `False`: it stays as it is, for"
        " others who read it.",
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
        key="RENEWAL_API_DOCS",
        field="api_docs",
        default=False,
        expects="True or False",
        meaning="A page at `/auth/docs` shows people what `/auth/openapi.json` tells programs.",
        read=values.boolean,
    ),
    Setting(
        key="RENEWAL_METRICS",
        field="metrics",
        default=None,
        expects='None, or a path such as "/metrics", without a slash at its end',
        meaning="Where Prometheus reads figures of sessions, by the extra `metrics`. Who may read there is"
        " for your proxy to say. `None`: nowhere, and nothing is counted.",
        read=values.optional(values.text(r"(/[A-Za-z0-9._~-]+)+")),
    ),
    Setting(
        key="RENEWAL_LOG_JSON",
        field="log_json",
        default=False,
        expects="True or False",
        meaning="The logger `flask_renewal` writes to standard error, one JSON object a line, and hands nothing on to"
        " the root logger.",
        read=values.boolean,
    ),
    Setting(
        key="RENEWAL_STORE",
        field="store",
        default=None,
        expects="None for the SQL database, or a URL: redis://…, rediss://… with TLS, unix:///path/to/socket, or"
        " redis+sentinel://host:port,host:port/service",
        meaning="Where sessions are kept. `None`: in the SQL database.",
        read=values.optional(values.redis_url),
    ),
    Setting(
        key="RENEWAL_TABLE",
        field="table",
        default="renewal_session",
        expects="a name for a table: up to 40 lower-case letters, digits and underscores, no digit first",
        meaning="Name of the table of sessions in the SQL database, for a database that has one of this name.",
        read=values.text(r"[a-z_][a-z0-9_]{0,39}"),
    ),
    Setting(
        key="RENEWAL_STORE_PREFIX",
        field="store_prefix",
        default="renewal",
        expects="1 to 64 ASCII characters, no space, { or } among them",
        meaning="Begins every key in Redis, those of the rate limits too, so that two applications can share a server.",
        read=values.text(r"[!-z|~]{1,64}"),
    ),
    Setting(
        key="RENEWAL_RATELIMIT_LOGIN",
        field="login_limit",
        default="10 per minute",
        expects='a rate limit such as "10 per minute"',
        meaning="Wrong passwords per account, from places where it has not been signed in, and from each where it has;"
        " all sign-ins per address (an IPv6 /64 is one), of known places ten times as many.",
        read=values.rate_limit,
    ),
    Setting(
        key="RENEWAL_RATELIMIT_REGISTER",
        field="register_limit",
        default="100 per hour",
        expects='a rate limit such as "100 per hour"',
        meaning="Registrations, per address (an IPv6 /64 is one).",
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
    *STRICTNESS_SETTINGS,
    *PAGE_SETTINGS,
    *JWT_SETTINGS,
    *KEY_SETTINGS,
)
