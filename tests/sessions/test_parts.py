"""What the use cases of sessions lean on."""

from datetime import timedelta

from conftest import Clock
from flask import Flask
from hosts import services_of


def test_a_use_prolongs_long_and_short_sessions_from_now(host: Flask, clock: Clock) -> None:
    clock.tick(minutes=5)
    use = services_of(host).sessions._parts.use()
    assert (use.now, use.idle_expires_at - use.now) == (clock(), timedelta(days=7))
    assert use.short_idle_expires_at - use.now == timedelta(hours=12)
