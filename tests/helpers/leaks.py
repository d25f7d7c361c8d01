"""Secrets that no line of a log may have in it."""

import logging
import re
import traceback

SECRETS = {
    "an access token": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
    "a refresh token": re.compile(r"(?:[\w-]{4,64}\.){2}[\w-]+\.[\w-]*\.[\w-]{43}(?![\w-])"),
    "a hash of a password": re.compile(r"\$argon2"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\"d\": ?\""),
}
_LOGGERS = ("flask_renewal", "flask_renewal.check")
_OF_A_WATCH = 1
"""The level of a logger that nobody has set another one for: lower than any record's."""


def leaked(line: str) -> list[str]:
    """Return what secrets are in a line."""
    return [name for name, pattern in SECRETS.items() if pattern.search(line)]


class Watch(logging.Filter):
    """Looks at each record of our loggers, then lets pass what they would have written without it."""

    def __init__(self) -> None:
        super().__init__()
        self.leaks: list[str] = []
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)
        logging.getLogger(_LOGGERS[0]).setLevel(_OF_A_WATCH)

    def filter(self, record: logging.LogRecord) -> bool:
        raised = traceback.format_exception(record.exc_info[1]) if record.exc_info else ()
        self.note(leaked(f"{record.getMessage()} {vars(record).get('facts')} {''.join(raised)}"))
        is_unset = logging.getLogger(_LOGGERS[0]).level == _OF_A_WATCH
        return not is_unset or record.levelno >= logging.getLogger().level

    def note(self, leaks: list[str]) -> None:
        """Remember what secrets were in a record."""
        self.leaks += leaks
