"""What the value of a setting may be: readers that return the value or raise `ValueError` or `TypeError`."""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import limits

from ..ground.origins import is_serialized_origin
from .published import is_published, is_typed

Read = TypeVar("Read")

LONGEST_DURATION = timedelta(days=36_500)
"""What any clock can still be moved by."""


def duration(shortest: timedelta, longest: timedelta = LONGEST_DURATION) -> Callable[[Any], timedelta]:
    """Read seconds or a `timedelta`, not outside of these."""

    def read(value: Any) -> timedelta:
        if isinstance(value, bool):
            raise TypeError("not a duration")
        span = value if isinstance(value, timedelta) else _seconds(value)
        if not shortest <= span <= longest:
            raise ValueError("out of range")
        return span

    return read


def _seconds(value: float) -> timedelta:
    try:
        return timedelta(seconds=value)
    except OverflowError as error:
        raise ValueError("out of range") from error


def optional(read: Callable[[Any], object]) -> Callable[[Any], object]:
    """Read what `read` does, or ``None``."""
    return lambda value: None if value is None else read(value)


def boolean(value: Any) -> bool:
    """Read a boolean; a word that means one is none."""
    if not isinstance(value, bool):
        raise TypeError("not a boolean")
    return value


def one_of(*words: str) -> Callable[[Any], str]:
    """Read one of these words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError("not one of the words")
        return str(value)

    return read


def whole(least: int) -> Callable[[Any], int]:
    """Read a whole number, `least` or more."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError("not a whole number in range")
        return value

    return read


def share(value: Any) -> float:
    """Read a number between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("not between 0 and 1")
    return float(value)


def text(pattern: str) -> Callable[[Any], str]:
    """Read text that the whole pattern matches."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError("not of this form")
        return value

    return read


def page(value: Any) -> str:
    """Read where a page is: an endpoint, a path of this site, or an http(s) URL."""
    return text(r"[A-Za-z_][A-Za-z0-9_.]*|/|(https?:/)?/[!-.0-\[\]-~][!-\[\]-~]*")(value)


def languages(value: Any) -> tuple[str, ...]:
    """Read a list of languages, as ``de``, ``pt_BR`` or ``zh-Hans``."""
    return tuple(map(text(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,2}"), _listed(value)))


_STANDARD_HEADERS = frozenset(
    {
        "authorization",
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expires",
        "location",
        "pragma",
        "retry-after",
        "set-cookie",
        "transfer-encoding",
        "vary",
        "www-authenticate",
    }
)


def header_name(value: Any) -> str:
    """Read the name of a header that has no meaning of its own."""
    name = text(r"[A-Za-z0-9-]{1,64}")(value)
    if name.lower() in _STANDARD_HEADERS or name.lower().startswith("access-control-"):
        raise ValueError("has a meaning of its own")
    return name


def header_names(value: Any) -> tuple[str, ...]:
    """Read names of headers."""
    return tuple(map(text(r"[A-Za-z0-9_-]{1,64}"), _listed(value)))


def origins(value: Any) -> frozenset[str]:
    """Read exact origins, as browsers write them (RFC 6454 §6.2)."""
    if not all(isinstance(origin, str) and is_serialized_origin(origin) for origin in _listed(value)):
        raise ValueError("not exact origins")
    return frozenset(value)


def _listed(value: Any) -> Collection[Any]:
    if isinstance(value, str) or not isinstance(value, Collection):
        raise TypeError("not a list")
    return value


def rate_limit(value: Any) -> str:
    """Read limits in Flask-Limiter's notation, such as ``10 per minute``."""
    if not isinstance(value, str) or not limits.parse_many(value):
        raise ValueError("not a rate limit")
    return value


def same_site(value: Any) -> str:
    """Read a value of the cookie's attribute SameSite; ``None`` is Lax."""
    name = "Lax" if value is None else str(value).capitalize()
    if name not in ("Lax", "Strict", "None"):
        raise ValueError("not a SameSite value")
    return str(name)


def cookie_name(unset: str) -> Callable[[Any], str | None]:
    """Read the name of a cookie; `unset` is Flask-JWT-Extended's default, which nobody chose."""

    def read(value: Any) -> str | None:
        name = text(r"(?!(?i:__(host|secure|http)-))[A-Za-z0-9_.-]{1,64}")(value)
        return None if name == unset else name

    return read


def one_or_several(read: Callable[[Any], Read]) -> Callable[[Any], tuple[Read, ...]]:
    """Read one value, or a list of them; none where there is nothing."""

    def read_all(value: Any) -> tuple[Read, ...]:
        if value is None or value == "":
            return ()
        return tuple(map(read, value if isinstance(value, list | tuple) else [value]))

    return read_all


def secret_key(value: Any) -> bytes:
    """Read a secret of 32 bytes or more that nobody guesses or looks up."""
    if not isinstance(value, str | bytes):
        raise TypeError("not text")
    secret = value.encode(errors="surrogateescape") if isinstance(value, str) else value
    if len(secret) < 32:
        raise ValueError(f"{len(secret)} bytes")
    if is_published(secret):
        raise ValueError("a well-known example")
    if is_typed(secret):
        raise ValueError("text that repeats or counts, which is guessed")
    return secret


def secret_keys(value: Any) -> tuple[bytes, ...]:
    """Read a list of secrets."""
    return tuple(map(secret_key, _listed(value)))


def private_key(value: Any) -> str:
    """Read a private key in PEM."""
    pem = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    if "PRIVATE KEY-----" not in pem:
        raise ValueError("not PEM")
    return pem


def redis_url(value: Any) -> str:
    """Read the URL of a Redis; the error never shows its password."""
    url = text(r"(rediss?|redis\+sentinel|unix)://\S+")(value)
    if url.startswith("redis+sentinel:"):
        return text(r"redis\+sentinel://([^@/\s]*@)?[^@/:,\s]+(:\d{1,5})?(,[^@/:,\s]+(:\d{1,5})?)*/[^/\s]+(/\d+)?")(url)
    _ = urlsplit(url).port  # its error has what stands there, which may be a part of the password
    return url
