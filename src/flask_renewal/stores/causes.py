"""What a store does wrong is told to the log by its cause: once, and once a minute while it stays."""

import logging
import time
from collections.abc import Callable

LOGGED_EVERY_SECONDS = 60.0
LONGEST_CAUSE = 300
"""Characters."""

_log = logging.getLogger("flask_renewal")


class Causes:
    """The causes that one store has told lately."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._now = now
        self._logged: dict[str, float] = {}

    def log(self, told: str) -> None:
        """Log this as an error unless it was logged within a minute."""
        now = self._now()
        self._logged = {each: at for each, at in self._logged.items() if now - at < LOGGED_EVERY_SECONDS}
        if told not in self._logged:
            self._logged[told] = now
            _log.error("%s", told)


def one_line(text: str) -> str:
    """Return the first line of what a driver says, short, without what could mislead a reader of the log."""
    first = text.partition("\n")[0][:LONGEST_CAUSE]
    return "".join(character if character.isprintable() else " " for character in first)
