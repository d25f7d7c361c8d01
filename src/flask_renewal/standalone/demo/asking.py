"""What both clients ask for, and what a request brings."""

import time

from flask import Response, jsonify, request

WORK_SECONDS = 0.15
"""How long a report takes: long enough to see requests overlap."""
AWAY_SECONDS = 0.15
"""How far the server is from the page: on one machine answers would be there sooner than any in the world."""


def report(number: int) -> Response:
    """Answer after a while."""
    time.sleep(WORK_SECONDS)
    return jsonify(report=number)


def bearer() -> str:
    """Return the access token that this request carries, or nothing."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def is_watched() -> bool:
    """Say whether a request is one that the page is about: not for a file, and none that the browser asks by itself."""
    path = request.path
    about = path.startswith(("/auth/", "/strict/", "/reports/")) and not path.startswith("/auth/client")
    return about and request.method != "OPTIONS"


def travel() -> None:
    """Let a request be under way for as long as on a real network."""
    if is_watched():
        time.sleep(AWAY_SECONDS)
