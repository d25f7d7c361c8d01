"""What the cookies are called, by the address that a browser asks: told here and nowhere else."""

import re
from urllib.parse import urlsplit

REFRESH, ACCESS = "refresh_token", "access_token"
TOKENS = {ACCESS, REFRESH}


def called(name: str, address: str) -> str:
    """Return what the cookie `name` is called by an application at this address."""
    parts = urlsplit(address)
    if parts.scheme == "https" or parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return f"__Host-Http-{name}"
    return f"{name}_{parts.port}" if parts.port else name


def without_port(name: str) -> str:
    """Return a name as it is on every port of a loopback name."""
    return re.sub(r"_\d+$", "", name)
