"""The claims of a session: a host's own, kept in the session's row and carried by every token of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ...ground import strict_json
from ...stores.claims import LONGEST_CLAIMS, written

ACTING_LASTS = timedelta(hours=1)
"""How long a session lives in which somebody acts for another, at most."""


def actor(claims: Mapping[str, Any]) -> str | None:
    """Return who acts for the user in a session with these claims (RFC 8693 §4.1); ``None``: they do themselves.

    Such a session proves nothing of the user, whatever its host says, and ends by itself.
    """
    act = claims.get("act")
    return None if act is None else str(act.get("sub", "") if isinstance(act, dict) else act)


def checked(claims: Mapping[str, Any] | None, *, reserved: frozenset[str]) -> dict[str, Any]:
    """Return the claims as they will be read again.

    Raises `TypeError` for what is no JSON object, and `ValueError` for one that is too large or has a claim whose name
    is `reserved`.
    """
    if not isinstance(claims or {}, Mapping) or not all(isinstance(name, str) for name in claims or {}):
        raise TypeError("The claims of a session are a JSON object: give a dict whose keys are str.")
    ours = sorted(reserved.intersection(claims or {}))
    if ours:
        raise ValueError(f"The claims of a session cannot have {', '.join(ours)}: that is not a host's to set.")
    return _as_kept(claims or {})


def _as_kept(claims: Mapping[str, Any]) -> dict[str, Any]:
    try:
        kept = written(claims) or "{}"
    except TypeError as error:
        raise TypeError(f"The claims of a session are JSON: {error}.") from error
    if len(kept) > LONGEST_CLAIMS:
        raise ValueError(f"The claims of a session have {len(kept):,} bytes as JSON, of at most {LONGEST_CLAIMS:,}.")
    read: dict[str, Any] = strict_json.loads(kept.encode())
    return read
