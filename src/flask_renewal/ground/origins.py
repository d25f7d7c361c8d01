"""May this request change state? A pure function of strings.

The order of the checks is that of Go's `net/http.CrossOriginProtection`. Origins are compared as whole strings and
never taken apart, so no parser can be led astray by user info or look-alike hosts.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([A-Za-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """What a request says of where it comes from; ``None`` where it has no such header."""

    sec_fetch_site: str | None
    origin: str | None
    scheme: str
    host: str


def is_serialized_origin(origin: str) -> bool:
    """Say whether `origin` is written as browsers send it: scheme, host, port unless default (RFC 6454 §6.2).

    Wrapped apps and extensions have schemes of their own, whose hosts browsers leave in capitals where they are.
    """
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    scheme, host, port = match.groups()
    return not is_web(origin) or (host == host.lower() and port != _DEFAULT_PORTS[scheme])


def is_web(origin: str) -> bool:
    """Say whether an origin is that of a web page; others are those of wrapped apps and browser extensions."""
    return origin.startswith(("http://", "https://"))


def is_trusted(source: Provenance, trusted: Collection[str]) -> bool:
    """Say whether a request with this provenance comes from the same origin or a trusted one.

    Browsers send ``Sec-Fetch-Site`` to every secure context and ``Origin`` with every unsafe request, and no page
    can forge either. A request with neither is not a browser's and carries nobody's ambient cookies.
    """
    if source.sec_fetch_site is not None:
        return source.sec_fetch_site.strip() in ("same-origin", "none") or source.origin in trusted
    if source.origin is None:
        return True
    return source.origin in trusted or source.origin in own_origins(source)


def own_origins(source: Provenance) -> tuple[str, ...]:
    """Return the origins that the request's own host goes by.

    An https origin always counts, for TLS may end at a proxy in front of us; an http one only where the request
    itself came over http, so a page that was tampered with on the wire cannot act on the https site.
    """
    host = source.host.lower()
    own = [f"https://{host.removesuffix(':443')}"]
    if source.scheme == "http":
        own.append(f"http://{host.removesuffix(':80')}")
    return tuple(own)
