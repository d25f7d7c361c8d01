"""Fails the test in whose log is a secret: every line of ours is looked at, whether it is shown or not."""

import logging
import traceback
from collections.abc import Iterator

import pytest
from leaks import leaked

_LOGGERS = ("flask_renewal", "flask_renewal.check")
_OF_A_WATCH = 1
"""The level of a logger that no test has set another one for: lower than any record's."""


class _Watch(logging.Filter):
    """Looks at each record of a logger, then lets pass what the logger would have written without it."""

    def __init__(self) -> None:
        super().__init__()
        self.leaks: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        raised = traceback.format_exception(record.exc_info[1]) if record.exc_info else ()
        self.leaks += leaked(f"{record.getMessage()} {vars(record).get('facts')} {''.join(raised)}")
        is_unset = logging.getLogger(_LOGGERS[0]).level == _OF_A_WATCH
        return not is_unset or record.levelno >= logging.getLogger().level


WATCH = _Watch()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(WATCH)
logging.getLogger(_LOGGERS[0]).setLevel(_OF_A_WATCH)


@pytest.fixture(autouse=True)
def _no_secret_is_logged() -> Iterator[None]:
    WATCH.leaks.clear()
    yield
    assert WATCH.leaks == [], "secrets are in the log"
