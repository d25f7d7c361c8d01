"""Secrets that no line of a log may have in it."""

import re

SECRETS = {
    "an access token": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
    "a refresh token": re.compile(r"(?:[\w-]{4,64}\.){2}[\w-]+\.[\w-]*\.[\w-]{43}(?![\w-])"),
    "a hash of a password": re.compile(r"\$argon2"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\"d\": ?\""),
}


def leaked(line: str) -> list[str]:
    """Return what secrets are in a line."""
    return [name for name, pattern in SECRETS.items() if pattern.search(line)]
