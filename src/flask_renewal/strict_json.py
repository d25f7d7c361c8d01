"""JSON as RFC 8259 has it, without what parsers disagree on: duplicate names, NaN, numbers beyond a double."""

import json
import math
from typing import Any


def loads(data: bytes) -> Any:
    """Parse UTF-8 JSON.

    Raises `ValueError` for anything that is not JSON, names a member twice, has a number that is no finite double,
    or nests deeper than the parser goes.
    """
    try:
        return json.loads(
            data.decode(), object_pairs_hook=_without_duplicates, parse_float=_finite, parse_constant=_finite
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
