"""Which origins belong together, as browsers see it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from ..cookies import is_loopback
from ..origins import SAFE_METHODS

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_REGISTRIES = frozenset({"ac", "co", "com", "edu", "gov", "net", "or", "org"})
"""Second labels under a two-letter country that are registries: example.co.uk is a site, co.uk is not."""
_HOSTING = frozenset({"github.io", "gitlab.io", "herokuapp.com", "netlify.app", "pages.dev", "vercel.app", "web.app"})
"""Names whose owners asked browsers to take each customer for a site (the private part of the Public Suffix List)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request, as a browser sees it: what is called, and from which page."""

    target: str
    """The origin that is called."""
    path: str
    method: str
    page: str
    """The origin of the page that calls; for an address typed in, the target's own."""
    navigation: bool
    """It loads a page, by a link or a form; otherwise a script fetches."""

    @property
    def relation(self) -> str:
        """Return what browsers say in ``Sec-Fetch-Site``."""
        return relation(self.page, self.target)

    @property
    def host(self) -> str:
        """Return the host name that is called, without the port."""
        return host_of(self.target)

    @property
    def is_encrypted(self) -> bool:
        return self.target.startswith("https:")

    @property
    def sends_lax_cookies(self) -> bool:
        """Say whether cookies with ``SameSite=Lax`` go along (RFC 6265bis §5.2)."""
        return self.relation != "cross-site" or (self.navigation and self.method in SAFE_METHODS)


def origin(scheme: str, host: str) -> str:
    """Return an origin as browsers write it: in lower case, without the default port."""
    return f"{scheme}://{host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"


def host_of(origin: str) -> str:
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
    if ":" in host or labels[-1].isdigit() or labels[-1] == "localhost":
        return f"{origin.partition(':')[0]}://{host}"
    national = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _REGISTRIES
    count = 3 if national or ".".join(labels[-2:]) in _HOSTING else 2
    return f"{origin.partition(':')[0]}://{'.'.join(labels[-count:])}"


def is_trustworthy(origin: str) -> bool:
    """Say whether browsers send ``Sec-Fetch-…`` there: over TLS, and to loopback names."""
    host = host_of(origin)
    name = f"[{host}]" if ":" in host else host
    return origin.startswith("https:") or is_loopback(name) or host.endswith(".localhost")
