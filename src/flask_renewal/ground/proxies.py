"""What the proxies in front say of a request, believed as far as it can be true."""

import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_PREFIX = re.compile(r"(?=.{1,255}\Z)((?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)+)/?")
_PREFIX_HEADER = "HTTP_X_FORWARDED_PREFIX"


class TrustedProxies:
    """Lets a request be the one that the client sent to the outermost of `count` proxies.

    Of each ``X-Forwarded-…`` header the word of the last so many is taken, where it is plain: what a proxy lets through
    of its client's would become part of redirects, cookies and limits.
    """

    def __init__(self, app: "WSGIApplication", *, count: int) -> None:
        self._count = count
        self._app = ProxyFix(app, x_for=count, x_proto=count, x_host=count, x_port=count)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request; an application that is mounted below a path is so below the prefix."""
        for name, plain in _PLAIN.items():
            self._correct(environ, name, plain)
        prefix = self._values(environ, _PREFIX_HEADER)
        if prefix:
            environ["SCRIPT_NAME"] = prefix[-self._count] + environ.get("SCRIPT_NAME", "")
        return self._app(environ, start_response)

    def _correct(self, environ: "WSGIEnvironment", name: str, plain: Callable[[str], str | None]) -> None:
        """Leave what is believed of a header in plain words, or nothing of it."""
        values = self._values(environ, name)
        if not values:
            return
        said = plain(values[-self._count])
        if said is None:
            del environ[name]
        elif said != values[-self._count]:
            values[-self._count] = said
            environ[name] = ", ".join(values)

    def _values(self, environ: "WSGIEnvironment", name: str) -> list[str]:
        """Return what each proxy said; nothing where fewer than are trusted said something."""
        values = parse_list_header(environ.get(name, ""))
        return values if len(values) >= self._count else []


def _address(said: str) -> str | None:
    """Return the address, without the port that some proxies add: limits count by it."""
    for each in (said, said.rpartition(":")[0]):
        try:
            return str(ip_address(each.removeprefix("[").removesuffix("]")))
        except ValueError:
            continue
    return None


def _scheme(said: str) -> str | None:
    return said.lower() if said.lower() in ("http", "https") else None


def _host(said: str) -> str | None:
    return said if _HOST.fullmatch(said) else None


def _port(said: str) -> str | None:
    return said if re.fullmatch(r"[1-9][0-9]{0,4}", said) and int(said) < 65_536 else None


def _prefix(said: str) -> str | None:
    """Return a path of plain names: no scheme, no host, no way up, and no slash at its end."""
    plain = _PREFIX.fullmatch(said)
    return plain[1] if plain else None


_PLAIN: dict[str, Callable[[str], str | None]] = {
    "HTTP_X_FORWARDED_FOR": _address,
    "HTTP_X_FORWARDED_PROTO": _scheme,
    "HTTP_X_FORWARDED_HOST": _host,
    "HTTP_X_FORWARDED_PORT": _port,
    _PREFIX_HEADER: _prefix,
}
