"""The claims of a session, as a row keeps them: a JSON object in ASCII without a space, or nothing."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect, TypeDecorator

from .texts import text
from .times import Process

LONGEST_CLAIMS = 1024
"""Characters, which are bytes."""

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def written(claims: Mapping[str, Any]) -> str | None:
    """Return the claims as they are kept; ``None`` for none. Raises as `json.dumps`."""
    return _ENCODER.encode(dict(claims)) if claims else None


def read(kept: str | None) -> dict[str, Any]:
    """Return the claims that were kept."""
    claims: dict[str, Any] = json.loads(kept) if kept else {}
    return claims


class ClaimsText(TypeDecorator[Mapping[str, Any]]):
    """The claims of a session in a column of text, which migrations can name without importing anything of ours."""

    impl = text(LONGEST_CLAIMS)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Process:
        """Return what makes claims what the column keeps; SQLAlchemy asks."""
        return written

    def result_processor(self, dialect: Dialect, coltype: object) -> Process:
        """Return what makes claims of that; SQLAlchemy asks."""
        return read
