"""Examples of requests and answers for the OpenAPI document, in the order of one story; a test has them answered so."""

from collections.abc import Mapping
from typing import Any

USER_ID, SESSION_ID = "pQ3wVb7hT0yKf2mXc9LdEA", "7J0aNq4RzY1sWk8uGv3TiQ"
TOKEN = "eyJhbGciOiJFUzI1NiIs…"  # noqa: S105 - what stands for any
PASSWORD = "correct staple horse battery"  # noqa: S105 - that of an example

_USER = {"id": USER_ID, "username": "carol"}


def _session(*, last_used_at: str, idle_expires_at: str) -> dict[str, Any]:
    return {
        "id": SESSION_ID,
        "device": "Work laptop",
        "user_agent": "curl/8.5.0",
        "created_at": "2026-01-01T12:00:00Z",
        "last_used_at": last_used_at,
        "idle_expires_at": idle_expires_at,
        "expires_at": "2026-01-31T12:00:00Z",
        "current": True,
    }


_AT_FIRST = _session(last_used_at="2026-01-01T12:00:00Z", idle_expires_at="2026-01-08T12:00:00Z")
_LATER = _session(last_used_at="2026-01-01T12:10:00Z", idle_expires_at="2026-01-08T12:10:00Z")


def _token(session: Mapping[str, Any]) -> dict[str, Any]:
    return {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 900, "session": session, "user": _USER}


EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "post_register": {
        "body": {"username": "carol", "password": PASSWORD, "device": "Work laptop"},
        "answer": _token(_AT_FIRST),
    },
    "post_login": {
        "body": {"username": "carol", "password": PASSWORD, "device": "Work laptop"},
        "answer": _token(_AT_FIRST),
    },
    "post_refresh": {"answer": _token(_LATER)},
    "get_me": {"answer": {"user": _USER, "session": _LATER}},
    "get_sessions": {"answer": {"sessions": [_LATER]}},
    "delete_sessions": {"answer": {"ended": 1}},
    "post_confirm": {"body": {"password": PASSWORD}, "answer": _token(_LATER)},
    "put_password": {"body": {"current_password": PASSWORD, "new_password": "another horse with a staple"}},
    "post_logout": {"body": {"everywhere": False}},
    "get_ended_sessions": {
        "answer": {
            "ended": [{"id": SESSION_ID, "ended_at": 1767269400.0}],
            "until": 1767269280.0,
            "keep_for": 1200,
        }
    },
}
"""By the names of the operations."""
