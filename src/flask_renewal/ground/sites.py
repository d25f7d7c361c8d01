"""Which origins belong together, as browsers see it."""

from urllib.parse import urlsplit

from .cookies import is_loopback

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_REGISTRIES = frozenset({"ac", "co", "com", "edu", "gov", "net", "or", "org"})
"""Second labels under a two-letter country that are registries: example.co.uk is a site, co.uk is not."""
_HOSTING = frozenset({"github.io", "gitlab.io", "herokuapp.com", "netlify.app", "pages.dev", "vercel.app", "web.app"})
"""Names whose owners asked browsers to take each customer for a site (the private part of the Public Suffix List)."""


def origin(scheme: str, host: str) -> str:
    """Return an origin as browsers write it: in lower case, without the default port."""
    return f"{scheme}://{host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"


def host_of(origin: str) -> str:
    """Return the host of an origin; empty where there is none."""
    return urlsplit(origin).hostname or ""


def relation(page: str, target: str) -> str:
    """Return ``same-origin``, ``same-site`` or ``cross-site``."""
    if page == target:
        return "same-origin"
    return "same-site" if site_of(page) == site_of(target) else "cross-site"


def site_of(origin: str) -> str:
    """Return the site of an origin: its scheme and registrable domain (HTML, "schemelessly same site" and scheme).

    Ports do not matter. The registrable domain is taken to be the last two labels, or three below a well-known
    registry; browsers look it up in the Public Suffix List.
    """
    host = host_of(origin)
    labels = host.split(".")
    if labels[-1].isdigit():
        return f"{origin.partition(':')[0]}://{host}"
    national = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _REGISTRIES
    count = 3 if national or ".".join(labels[-2:]) in _HOSTING else 2
    return f"{origin.partition(':')[0]}://{'.'.join(labels[-count:])}"


def is_trustworthy(origin: str) -> bool:
    """Say whether browsers send ``Sec-Fetch-…`` there: over TLS, and to loopback names."""
    host = host_of(origin)
    name = f"[{host}]" if ":" in host else host
    return origin.startswith("https:") or is_loopback(name) or host.endswith(".localhost")
