"""The test kit: a Flask test client that signs in, keeps cookies and renews tokens as a browser does.

Under pytest the fixtures `renewal_app`, `renewal_client` and `renewal_clock` are there once the package is installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .browser import Browser, ResponseLostError
    from .client import RenewalClient
    from .clock import Clock
    from .fetching import BlockedByBrowserError
    from .jar import Cookie, CookieJar, Dropped

__all__ = [
    "BlockedByBrowserError",
    "Browser",
    "Clock",
    "Cookie",
    "CookieJar",
    "Dropped",
    "RenewalClient",
    "ResponseLostError",
]

_PLACES = {
    "BlockedByBrowserError": "fetching",
    "Browser": "browser",
    "Clock": "clock",
    "Cookie": "jar",
    "CookieJar": "jar",
    "Dropped": "jar",
    "RenewalClient": "client",
    "ResponseLostError": "browser",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for: pytest finds the fixtures here at each start, whoever uses them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(f"{__name__}.{_PLACES[name]}"), name))
