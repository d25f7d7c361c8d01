"""Do pages on the trusted origins read the answers as they come through whatever stands in front?

Asked over the network, so only where somebody wants it: what runs there may have other settings than these.
"""

from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from .finding import EVERY, Finding, Inspected, Level
from .sharing import as_browsers_ask, unreadable

LONGEST_WAIT_SECONDS = 5.0


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at what comes through from the address, by asking there as a browser does."""
    if inspected.url is None:
        return
    for origin in sorted(inspected.settings.trusted_origins)[:1]:  # what is true of one is true of all
        try:
            preflight, answer = (_ask(inspected, inspected.url, method, origin) for method in ("OPTIONS", "GET"))
        except (OSError, HTTPException) as error:
            yield _unreached(inspected.url, error)
        else:
            for found in unreadable(inspected, origin, preflight, answer, way=f" that come from {inspected.url}"):
                yield replace(found, mend=f"{found.mend} If what runs there has other settings, start it with these.")


def _ask(inspected: Inspected, url: str, method: str, origin: str) -> Headers:
    """Return the headers of the answer, each as often as it came; raises `OSError` or `HTTPException` without one."""
    address = urlsplit(url)
    connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = connect(address.netloc, timeout=LONGEST_WAIT_SECONDS)
    try:
        headers = as_browsers_ask(inspected, method, origin, wanted="POST")
        connection.request(method, f"{inspected.settings.url_prefix}/refresh", headers=headers)
        return Headers(connection.getresponse().getheaders())
    finally:
        connection.close()


def _unreached(url: str, error: Exception) -> Finding:
    return Finding(
        code="address_not_reached",
        level=Level.WARNING,
        subject="--live",
        what=f"Nothing that could be read came from {url}: {error}.",
        mend="Run the check from where the address can be reached, once the application is there.",
        browsers=EVERY,
    )
