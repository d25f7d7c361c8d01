"""JSON as RFC 8259 has it, without what parsers disagree on: duplicate names, NaN, numbers beyond a double."""

import json
import math
from typing import Any


class MemberError(ValueError):
    """One member of an object is at fault; the text goes on after its name."""

    def __init__(self, member: str, fault: str) -> None:
        super().__init__(fault)
        self.member = member


def loads(data: bytes) -> Any:
    """Parse UTF-8 JSON.

    Raises `MemberError` for an object that names a member twice or has a member that is no finite double; otherwise
    `ValueError` for anything that is not JSON or nests deeper than the parser goes.
    """
    try:
        return json.loads(data.decode(), object_pairs_hook=_checked)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise MemberError(name, "is given twice")
        if not _is_finite(value):
            raise MemberError(name, "has a number that is not finite")
        members[name] = value
    return members


def _is_finite(value: Any) -> bool:
    """Say so of a value; objects in it were checked when they were made."""
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
