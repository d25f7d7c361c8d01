"""The rows whose keys are Flask-JWT-Extended's: cookies, keys, claims."""

from datetime import timedelta

from . import values
from .setting import DURATION, Setting

_COOKIE_NAME = (
    "a name of up to 64 letters, digits, `-`, `_` or `.`, without the prefix, which is added where it is legal"
)

JWT_SETTINGS: tuple[Setting, ...] = (
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
        key="JWT_REFRESH_COOKIE_NAME",
        field="refresh_cookie_name",
        default="refresh_token_cookie",
        expects=_COOKIE_NAME,
        meaning="What the name of the refresh cookie ends with, for two applications on one host. The default, which is"
        " Flask-JWT-Extended's, stands for `refresh_token`, with the port on a loopback name.",
        read=values.cookie_name("refresh_token_cookie"),
    ),
    Setting(
        key="JWT_ACCESS_COOKIE_NAME",
        field="access_cookie_name",
        default="access_token_cookie",
        expects=_COOKIE_NAME,
        meaning="The same of the pages' access cookie, which is `access_token` by default.",
        read=values.cookie_name("access_token_cookie"),
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
        field="secret_keys",
        default=None,
        expects="at least 32 random bytes that nobody else uses, or remove it to sign with a key file",
        meaning="Sign access tokens with this secret instead of the key file. Of a list the first signs, all verify.",
        read=values.one_or_several(values.secret_key),
        secret=True,
    ),
    Setting(
        key="JWT_PRIVATE_KEY",
        field="private_keys",
        default=None,
        expects="a private key in PEM, or remove it to sign with a key file",
        meaning="Sign access tokens with this key instead of the key file. Of a list the first signs, all verify.",
        read=values.one_or_several(values.private_key),
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
        expects=f"{DURATION}, from 0 to 60 seconds",
        meaning="How far clocks may differ when the times of an access token are checked.",
        read=values.duration(timedelta(0), timedelta(seconds=60)),
    ),
    Setting(
        key="JWT_HEADER_NAME",
        field="token_header",
        default="Authorization",
        expects="the name of a request header",
        meaning="The request header that carries the access token.",
        read=values.text(r"[A-Za-z0-9-]{1,64}"),
    ),
    Setting(
        key="JWT_HEADER_TYPE",
        field="token_scheme",
        default="Bearer",
        expects='a word such as "Bearer", or "" where the header holds the token alone',
        meaning='What stands before the token in that header, in any case of letters. `""`: nothing.',
        read=values.text(r"[!#-'*+.^_`|~0-9A-Za-z-]{0,64}"),
    ),
)
