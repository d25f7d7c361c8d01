"""What comes with an extra: a library that not every host needs, and the parts of ours that lean on it."""

from importlib import import_module
from typing import Any

from .errors import ConfigurationError


def load(module: str, *, extra: str, what: str) -> Any:
    """Import a module when it is needed; raises `ConfigurationError` where a library is missing, naming the `extra`.

    `what` is what needs it, and begins the sentence.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise missing(error, extra=extra, what=what) from None


def missing(error: ModuleNotFoundError, *, extra: str, what: str) -> ConfigurationError:
    """Return what to tell somebody who has not installed a library."""
    return ConfigurationError(
        f"{what} needs the module {error.name}, which is not installed; run pip install 'flask-renewal[{extra}]'."
    )
