"""Where a request carries its access token: `JWT_HEADER_NAME` and `JWT_HEADER_TYPE`."""

import re
from typing import Any

_EDGES = ", \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0"
"""A comma, and what `str.split` takes for a space."""

HEADERS: tuple[object, ...] = ("headers", ["headers"], ("headers",), {"headers"})
"""How Flask-JWT-Extended may be told to look into the header only."""


class Credentials:
    """The header of one application that carries access tokens."""

    def __init__(self, header: str, scheme: str) -> None:
        self.key = f"HTTP_{header.upper().replace('-', '_')}"
        """Its name in a WSGI environment."""
        self.prefix = f"{scheme} " if scheme else ""
        """What stands before the token."""
        self._schemes = re.compile(rf"(^|,)\s*{re.escape(scheme)}(\s+|$)", re.IGNORECASE)

    def put_right(self, environ: dict[str, Any]) -> None:
        """Write the header as Flask-JWT-Extended's parser expects it, so that both guards read the same.

        The case of the scheme does not matter (RFC 9110 §11.1). Commas and spaces at the edges would be an IndexError.
        """
        sent = environ.get(self.key)
        if sent and ("," in sent or not sent.startswith(self.prefix)):
            bare = sent.strip(_EDGES)
            environ[self.key] = self._schemes.sub(rf"\g<1>{self.prefix}", bare) if self.prefix else bare

    def token(self, environ: dict[str, Any]) -> str | None:
        """Return what the header holds where a token belongs, if it holds anything there."""
        sent = environ.get(self.key, "")
        return sent[len(self.prefix) :].strip() or None if sent.startswith(self.prefix) else None
