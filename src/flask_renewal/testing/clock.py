"""The application's time, in the hands of a test."""

from datetime import datetime, timedelta, timezone

from flask import Flask

from .parts import services_of


class Clock:
    """The time of one application; stands still until it is told to go on.

    Nothing is patched: an application takes the time from one place, and `Clock.of` puts a clock there. Only the
    counting of rate limits goes by the machine's own clock.
    """

    def __init__(self, now: datetime | None = None) -> None:
        """Start at `now`, an aware time; by default at the present second."""
        self.now = now or datetime.now(timezone.utc).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def __repr__(self) -> str:
        return f"Clock({self.now:%Y-%m-%d %H:%M:%S} UTC)"

    @classmethod
    def of(cls, app: Flask) -> "Clock":
        """Return the application's clock; give it one, which then stands still, if it has none yet."""
        ambient = services_of(app).ambient
        if isinstance(ambient.now, cls):
            return ambient.now
        clock = ambient.now = cls(ambient.now().replace(microsecond=0))
        return clock

    def tick(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass; negative amounts turn it back."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
