"""What all refusals have in common, and those that only whoever runs the application sees."""

from typing import ClassVar

from click import ClickException


class RenewalError(Exception):
    """A refusal with a stable `code` and one sentence of `detail`; only its kinds are raised."""

    code: str
    title: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or f"{self.title}."
        super().__init__(self.detail)


class ConfigurationError(RenewalError, ClickException):
    """A setting stops the start; the sentence names the key, the value and the mend.

    `flask …` tells it without a traceback, for it is Click's way to refuse, too.
    """

    exit_code = 3
    """By which a worker of gunicorn tells its master to stop, instead of starting it again for ever."""
    code = "configuration_error"
    title = "The configuration cannot be used"


class SigningKeyError(RenewalError):
    """Whoever runs the application asks for what would make signing keys useless; the sentence says what to do."""

    code = "signing_key_refused"
    title = "This cannot be done with the signing keys"
