"""One request, as a browser sees it."""

from dataclasses import dataclass

from ..ground.origins import SAFE_METHODS
from ..ground.sites import host_of, relation


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
        """Whether it goes over https."""
        return self.target.startswith("https:")

    @property
    def sends_lax_cookies(self) -> bool:
        """Say whether cookies with ``SameSite=Lax`` go along (RFC 6265bis §5.2)."""
        return self.relation != "cross-site" or (self.navigation and self.method in SAFE_METHODS)
