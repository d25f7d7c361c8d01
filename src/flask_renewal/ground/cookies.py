"""One value describes a cookie, used to set, to read and to clear it.

A browser deletes a ``__Host-`` or partitioned cookie only if the deletion repeats the attributes that it was set
with (RFC 6265bis §5.7), and it drops combinations without a word; so they are decided here and nowhere else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Literal, Protocol

from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response

from .errors import ConfigurationError

SameSite = Literal["Lax", "Strict", "None"]

REFRESH_COOKIE = "refresh_token"
ACCESS_COOKIE = "access_token"
"""Of the pages; the API neither sets nor reads it."""
ADOPTED_COOKIE = "adopted"
"""Says that this browser has had a refresh cookie, in a host that adopts old sign-ins."""

LONGEST_COOKIE = 4096
"""Bytes with name and attributes; of a larger one a browser may keep nothing (RFC 6265 §6.1, RFC 6265bis §5.6)."""
LONGEST_COOKIE_LIFE = timedelta(days=400)
"""Browsers keep no cookie for longer (RFC 6265bis §5.5)."""

_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:(?P<port>[0-9]{1,5}))?", re.ASCII | re.IGNORECASE)


class Cookies(Protocol):
    """The part of a Werkzeug cookie dictionary that reads every value of a name."""

    def getlist(self, key: str) -> Sequence[str]:
        """Return every value that came under this name."""


@dataclass(frozen=True, kw_only=True)
class CookieSpec:
    """Name and attributes of an HttpOnly cookie with ``Path=/``, for values that need no quoting: our tokens.

    Raises `ConfigurationError` for a combination that every browser refuses.
    """

    base_name: str
    secure: bool
    same_site: SameSite
    domain: str | None

    def __post_init__(self) -> None:
        if self.same_site == "None" and not self.secure:
            raise ConfigurationError(
                "JWT_COOKIE_SAMESITE 'None' with JWT_COOKIE_SECURE False: browsers drop such a cookie;"
                " leave JWT_COOKIE_SECURE unset or set it to True."
            )

    @cached_property
    def name(self) -> str:
        """The name, with the strictest prefix that is legal for these attributes.

        No script can set a ``__Host-Http-`` cookie, nor can a sibling host; a browser that does not know the prefix
        takes it for ``__Host-``. With a domain there is only ``__Secure-``: ``__Http-`` would mean nothing to such a
        browser (RFC 6265bis §4.1.3, RFC 10017).
        """
        if not self.secure:
            return self.base_name
        return f"{'__Secure-' if self.domain else '__Host-Http-'}{self.base_name}"

    @cached_property
    def _attributes(self) -> str:
        """What follows the value, written once: to write it all with each cookie takes three times as long."""
        empty = dump_cookie(
            self.name,
            path="/",
            domain=self.domain,
            secure=self.secure,
            httponly=True,
            samesite=self.same_site,
            partitioned=self.same_site == "None",
        )
        return empty.removeprefix(f"{self.name}=")

    def set(self, response: Response, value: str, *, max_age: timedelta | None) -> None:
        """Set the cookie; without `max_age` it ends with the browser."""
        age = ""
        if max_age is not None:
            age = f"; Max-Age={max(0, round(min(max_age, LONGEST_COOKIE_LIFE).total_seconds()))}"
        response.headers.add("Set-Cookie", f"{self.name}={value}{age}{self._attributes}")

    def fits(self, value: str) -> bool:
        """Say whether browsers keep a cookie of this value, however long it is to live."""
        longest_age = f"; Max-Age={LONGEST_COOKIE_LIFE.total_seconds():.0f}"
        return len(f"{self.name}={value}{longest_age}{self._attributes}") <= LONGEST_COOKIE

    def clear(self, response: Response) -> None:
        """Delete the cookie, with the attributes that it was set with."""
        self.set(response, "", max_age=timedelta(0))

    def read(self, cookies: Cookies) -> Sequence[str]:
        """Return every value that is sent under this name.

        Of two, somebody on a sibling host may have planted one; which, nobody can tell (RFC 6265bis §8.6).
        """
        return cookies.getlist(self.name)


_spec = lru_cache(CookieSpec)
"""There are few, and each is asked for several times with every request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CookiePolicy:
    """What the settings say of cookies; `spec` makes of it the cookie for one request."""

    secure: bool | None
    """``None``: secure everywhere but towards a loopback name over plain http."""
    same_site: SameSite
    domain: str | None
    names: Mapping[str, str] = field(default_factory=dict)
    """What a host calls the cookies, by our names for them."""

    def __post_init__(self) -> None:
        self.spec("check", scheme="https", host="")

    def spec(self, base_name: str, *, scheme: str, host: str) -> CookieSpec:
        """Return the cookie `base_name` as this host, asked over this scheme, sets and reads it.

        WebKit keeps no ``Secure`` cookie on http://localhost, and the plain one is kept by every browser. It has the
        port in its name, for ports do not keep cookies apart (RFC 6265 §8.5) and developers run several applications.
        A cookie for another site must be ``Secure`` to be kept by any, so ``SameSite=None`` is obeyed there too.
        """
        local = _LOOPBACK.fullmatch(host) if scheme == "http" else None
        secure = self.secure
        if secure is None:
            secure = local is None or self.same_site == "None"
        ours = f"{base_name}_{local['port']}" if local and local["port"] and not secure else base_name
        name = self.names.get(base_name, ours)
        return _spec(base_name=name, secure=secure, same_site=self.same_site, domain=self.domain)


def is_loopback(host: str) -> bool:
    """Say whether a Host header, with or without port, is a loopback name that browsers treat as their own."""
    return _LOOPBACK.fullmatch(host) is not None
