"""A cookie jar that keeps and sends what a browser would, and says what it dropped and why.

Where browsers differ it does as the strictest: no ``Secure`` cookie over plain http even on loopback (WebKit), nothing
across sites that is not ``Partitioned`` (browsers that block third-party cookies).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..ground.cookies import LONGEST_COOKIE, LONGEST_COOKIE_LIFE
from ..ground.sites import site_of
from .call import Call
from .setcookie import SetCookie

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cookie:
    """A cookie in the jar."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool
    http_only: bool
    same_site: str
    partition: str | None
    """The site of the page that a ``Partitioned`` cookie belongs to."""
    expires_at: datetime | None
    """``None``: it ends with the browser."""

    @property
    def key(self) -> tuple[str | None, str, str, str]:
        """Return what a later cookie must share to replace this one."""
        return self.partition, self.domain, self.path, self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Dropped:
    """A cookie that an answer wanted to set and a browser would not have kept."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"the browser dropped the cookie {self.name}: {self.why}"


class CookieJar:
    """The cookies of one browser profile, shared by its tabs."""

    def __init__(self, now: Callable[[], datetime], *, third_party: bool = False) -> None:
        """Expire cookies by `now`; with `third_party` keep those of other sites, as Chrome does outside Incognito."""
        self.now = now
        self.third_party = third_party
        self.dropped: list[Dropped] = []
        self._cookies: dict[tuple[str | None, str, str, str], Cookie] = {}

    def __iter__(self) -> Iterator[Cookie]:
        """Return the living cookies, oldest first."""
        now = self.now()
        return iter([cookie for cookie in self._cookies.values() if not cookie.expires_at or cookie.expires_at > now])

    def copy(self) -> "CookieJar":
        """Return a jar of its own with the same cookies: what a thief takes along."""
        other = CookieJar(self.now, third_party=self.third_party)
        other._cookies = dict(self._cookies)
        return other

    def end_browser_session(self) -> None:
        """Forget the cookies that end with the browser."""
        self._cookies = {key: cookie for key, cookie in self._cookies.items() if cookie.expires_at is not None}

    def remove(self, name: str, *, domain: str, path: str) -> None:
        """Forget the cookie of this name, domain and path, whichever site it is kept for."""
        self._cookies = {key: cookie for key, cookie in self._cookies.items() if key[1:] != (domain, path, name)}

    def header(self, call: Call) -> str:
        """Return the ``Cookie`` header of a request, empty for none; longer paths first (RFC 6265bis §5.8.3)."""
        sent = sorted((cookie for cookie in self if self._goes_along(cookie, call)), key=lambda one: -len(one.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sent)

    def _goes_along(self, cookie: Cookie, call: Call) -> bool:
        host_matches = call.host == cookie.domain or (not cookie.host_only and call.host.endswith(f".{cookie.domain}"))
        path = cookie.path if cookie.path.endswith("/") else f"{cookie.path}/"
        if not host_matches or not f"{call.path}/".startswith(path) or (cookie.secure and not call.is_encrypted):
            return False
        if cookie.partition is not None:
            return cookie.partition == site_of(call.page)
        if call.relation != "cross-site":
            return True
        if cookie.same_site == "None":
            return self.third_party or call.navigation
        return cookie.same_site == "Lax" and call.sends_lax_cookies

    def take(self, call: Call, headers: Iterable[str]) -> None:
        """Keep what the ``Set-Cookie`` headers of an answer set, or note in `dropped` why a browser would not."""
        for header in headers:
            cookie = SetCookie.parse(header)
            why = self._why_dropped(cookie, call)
            if why is not None:
                self.dropped.append(Dropped(name=cookie.name, why=why))
            else:
                self._keep(cookie, call)

    def _keep(self, cookie: SetCookie, call: Call) -> None:
        now = self.now()
        life = cookie.life(now)
        kept = Cookie(
            name=cookie.name,
            value=cookie.value,
            domain=cookie.domain or call.host,
            host_only=cookie.domain is None,
            path=cookie.path or _default_path(call.path),
            secure=cookie.secure,
            http_only=cookie.http_only,
            same_site=cookie.same_site,
            partition=site_of(call.page) if cookie.partitioned else None,
            expires_at=None if life is None else now + min(life, LONGEST_COOKIE_LIFE),
        )
        self._cookies.pop(kept.key, None)
        if life is None or life > timedelta(0):
            self._cookies[kept.key] = kept

    def _why_dropped(self, cookie: SetCookie, call: Call) -> str | None:
        """Return the first reason that a browser would have (RFC 6265bis §5.7), or ``None``."""
        for forbids, why in _REASONS:
            if forbids(cookie, call):
                return why
        if call.relation == "cross-site" and not call.navigation and not (cookie.partitioned or self.third_party):
            return "it comes from another site than the page's and is not Partitioned; third-party cookies are blocked"
        shadows = (held for held in self if held.secure and held.name == cookie.name and held.domain == call.host)
        if not call.is_encrypted and not cookie.secure and any(shadows):
            return "plain http cannot replace a Secure cookie"
        return None


def _default_path(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _is_foreign(cookie: SetCookie, call: Call) -> bool:
    domain = cookie.domain
    return domain is not None and domain != call.host and ("." not in domain or not call.host.endswith(f".{domain}"))


def _breaks_host_prefix(cookie: SetCookie, call: Call) -> bool:
    sound = cookie.secure and cookie.path == "/" and cookie.domain is None
    return cookie.name.lower().startswith("__host-") and not sound


def _breaks_http_prefix(cookie: SetCookie, call: Call) -> bool:
    sound = cookie.secure and cookie.http_only
    return cookie.name.lower().startswith(("__host-http-", "__http-")) and not sound


_REASONS: tuple[tuple[Callable[[SetCookie, Call], bool], str], ...] = (
    (lambda cookie, call: bool(_UNPRINTABLE.search(cookie.name + cookie.value)), "it has a control character in it"),
    (lambda cookie, call: not cookie.name, "it has no name"),
    (
        lambda cookie, call: len(cookie.name) + len(cookie.value) > LONGEST_COOKIE,
        f"name and value have more than {LONGEST_COOKIE} characters",
    ),
    (_is_foreign, "its Domain does not belong to the host that set it"),
    (
        lambda cookie, call: cookie.secure and not call.is_encrypted,
        (
            "it is Secure and the request came over plain http; use base_url='https://…' in the test, or leave"
            " JWT_COOKIE_SECURE unset for loopback names"
        ),
    ),
    (_breaks_host_prefix, "a __Host- cookie must be Secure, with Path=/ and without Domain"),
    (_breaks_http_prefix, "a __Http- or __Host-Http- cookie must be Secure and HttpOnly"),
    (
        lambda cookie, call: cookie.name.lower().startswith("__secure-") and not cookie.secure,
        "a __Secure- cookie must be Secure",
    ),
    (lambda cookie, call: cookie.same_site == "None" and not cookie.secure, "SameSite=None needs Secure"),
    (lambda cookie, call: cookie.partitioned and not cookie.secure, "Partitioned needs Secure"),
    (
        lambda cookie, call: cookie.same_site != "None" and call.relation == "cross-site" and not call.navigation,
        (
            "it is SameSite=Lax or Strict and the page is on another site; serve both below one registrable domain, or"
            " set JWT_COOKIE_SAMESITE = 'None'"
        ),
    ),
)
