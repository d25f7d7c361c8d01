"""What a store does wrong is told to the log once, and once a minute while it stays."""

import pytest

from flask_renewal.stores.causes import LOGGED_EVERY_SECONDS, LONGEST_CAUSE, Causes, one_line


def test_one_cause_is_told_once_a_minute_and_another_at_once(caplog: pytest.LogCaptureFixture) -> None:
    now = 1000.0
    causes = Causes(now=lambda: now)
    for moved, cause in (
        (0, "away"),
        (LOGGED_EVERY_SECONDS - 0.5, "away"),
        (0, "full"),
        (0.5, "away"),
        (LOGGED_EVERY_SECONDS - 0.25, "away"),
        (0, "full"),
    ):
        now += moved
        causes.log(cause)
    assert [record.getMessage() for record in caplog.records] == ["away", "full", "away", "full"]
    assert {record.levelname for record in caplog.records} == {"ERROR"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("disk I/O error\nSELECT secret", "disk I/O error"),
        ("a\x1b[31mb\u202ec", "a [31mb c"),
        ("x" * (LONGEST_CAUSE + 1), "x" * LONGEST_CAUSE),
        ("", ""),
    ],
    ids=ascii,
)
def test_what_a_driver_says_is_one_short_line(said: str, told: str) -> None:
    assert one_line(said) == told
