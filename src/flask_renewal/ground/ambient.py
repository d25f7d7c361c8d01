"""The one door through which time and randomness enter.

Everything else takes them from here, so a test moves time by giving the application another `now`; nothing is
patched and no production code asks whether it is under test.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _random_id() -> str:
    """Return 128 bits from the operating system's generator as 22 URL-safe characters.

    One that begins with `-` is drawn again: `flask sessions end` would take it for an option.
    """
    drawn = secrets.token_urlsafe(16)
    return _random_id() if drawn.startswith("-") else drawn


@dataclass(kw_only=True)
class Ambient:
    """What the application knows of the world: the time (aware UTC) and unguessable ids."""

    now: Callable[[], datetime] = field(default=_utc_now)
    new_id: Callable[[], str] = field(default=_random_id)
    machine: Callable[[], float] = field(default=time.time)
    """The machine's own clock, in Unix seconds, which is compared with the store's: moving `now` leaves it alone."""
    monotonic: Callable[[], float] = field(default=time.monotonic)
    """Seconds that only ever go on, for how long ago something was."""
    wrong_by: float = 0.0
    """Seconds that the machine's clock is ahead of the store's, where that is more than is tolerated."""

    def timestamp(self) -> float:
        """Return the time of `now` as Unix seconds, made right where the machine's clock is known to be wrong.

        For comparisons on every request: 0.1 µs instead of 0.5.
        """
        return (time.time() if self.now is _utc_now else self.now().timestamp()) - self.wrong_by
