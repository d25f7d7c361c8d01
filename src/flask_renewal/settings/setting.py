"""What the table of settings says of each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DURATION = "a number of seconds or a timedelta of at most 100 years"
"""What rows expect where they say how long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One row: a Flask config key and the field of `Settings` that its value goes to."""

    key: str
    field: str
    default: object
    expects: str
    """Ends the sentence "set it to …" of the error."""
    meaning: str
    read: Callable[[Any], object]
    """Makes the value, or raises `ValueError` or `TypeError`."""
    secret: bool = False
    """Never show the value."""
