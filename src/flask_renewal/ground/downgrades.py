"""Does the cookie suit what the browser speaks? A proxy that says nothing of TLS lets it look otherwise from here."""

from dataclasses import dataclass

from .cookies import CookieSpec, is_loopback
from .origins import Provenance
from .text import shown

_MEND = "If a proxy ends TLS, let it send X-Forwarded-Proto and set RENEWAL_TRUSTED_PROXIES to the number of proxies"


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Why a cookie may not be what it should be; `code` is that of the finding of `flask renewal check`."""

    code: str
    sentence: str


def doubt(cookie: CookieSpec, source: Provenance) -> Doubt | None:
    """Return what is to be said of a cookie of which nobody said whether it is secure; a pure function.

    Nothing that a client can forge decides over the cookie itself.
    """
    if source.scheme != "http":
        return None
    if not is_loopback(source.host):
        what = f"{shown(source.host)} seems to be asked over plain http, where browsers drop the Secure cookie"
        return Doubt(code="secure_cookie_over_http", sentence=f"{what} {cookie.name}. {_MEND}; else serve https")
    scheme, _, page = (source.origin or "").partition("://")
    if scheme != "https" or is_loopback(page) or cookie.secure:
        return None
    what = f"{shown(source.origin)} is served over https, but nothing says so here: the cookie"
    sentence = f"{what} {cookie.name} goes out without Secure and prefix. {_MEND}"
    return Doubt(code="cookie_downgraded", sentence=sentence)
