"""What one request has found out that its answer depends on: the one value of ours in its environment."""

from dataclasses import dataclass
from typing import Any

FOUND = "flask_renewal.guard.found"


@dataclass(slots=True)
class Found:
    """What one request has found out."""

    is_let_in: bool = False
    """Our guard has let it in by the access token in its header; another guard says so to Flask-JWT-Extended only."""
    is_due: bool = False
    """A token was read of whose life little is left."""
    ends_sessions: bool = False
    """So its answer carries no renewed token."""
    is_told_of: bool = False
    """It would change state and comes from an untrusted origin, and the log says so."""
    visit: Any = None
    """What the pages know of the visitor, once somebody has asked."""


def found_in(environ: dict[str, Any]) -> Found:
    """Return what the request of this environment has found out, to be added to."""
    held: Found = environ.get(FOUND) or environ.setdefault(FOUND, Found())
    return held
