"""Keeps people signed in, safely, without their noticing: short access tokens, rotating refresh tokens, for Flask.

What is named here stays; where it is kept inside may change. Beside the names there are the modules `errors` (every
refusal), `signals` (what others may listen to) and `check` (a review of the configuration), and
`flask_renewal.testing`, the test kit.
"""

from typing import TYPE_CHECKING, Any

from .entrances import check
from .extension import Renewal
from .ground import errors
from .ground import events as signals
from .ground.errors import ConfigurationError
from .ground.extras import load
from .ground.text import username_key
from .guard.access import access_required
from .identity.sessions.grants import Grant
from .identity.users.base import Account, Users
from .identity.users.sql import UserMixin
from .stores.base import Session

if TYPE_CHECKING:
    from .entrances.pages import install as install_pages
    from .entrances.pages import page_required
    from .standalone.app import create_app

__all__ = [
    "Account",
    "ConfigurationError",
    "Grant",
    "Renewal",
    "Session",
    "UserMixin",
    "Users",
    "access_required",
    "check",
    "create_app",
    "errors",
    "install_pages",
    "page_required",
    "signals",
    "username_key",
]

_LATER = {
    "create_app": ("standalone.app", "create_app", "app"),
    "install_pages": ("entrances.pages", "install", "pages"),
    "page_required": ("entrances.pages", "page_required", "pages"),
}
"""What not every application needs, and why others should not wait, with the extra that has its libraries."""


def __getattr__(name: str) -> Any:
    """Import one of these names when it is asked for (PEP 562); `ConfigurationError` where its extra is missing."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute, extra = _LATER[name]
    return getattr(load(f"{__name__}.{module}", extra=extra, what=f"flask_renewal.{name}"), attribute)
