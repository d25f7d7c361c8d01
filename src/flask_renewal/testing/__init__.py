"""The test kit: a Flask test client that signs in, keeps cookies and renews tokens as a browser does.

Under pytest the fixtures `renewal_app`, `renewal_client` and `renewal_clock` are there once the package is installed.
"""

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
