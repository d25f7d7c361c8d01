"""Keeps people signed in, safely, without their noticing: short access tokens, rotating refresh tokens, for Flask."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .extension import Renewal
from .ground.errors import ConfigurationError, RenewalError
from .ground.text import username_key
from .guard.access import access_required
from .identity.sessions.grants import Grant
from .identity.tokens.verified import AccessToken
from .identity.users.base import Account, Users
from .identity.users.sql import UserMixin
from .stores.base import Session

if TYPE_CHECKING:
    from .entrances.pages import install as install_pages
    from .entrances.pages import page_required
    from .standalone.app import create_app

__all__ = [
    "AccessToken",
    "Account",
    "ConfigurationError",
    "Grant",
    "Renewal",
    "RenewalError",
    "Session",
    "UserMixin",
    "Users",
    "access_required",
    "create_app",
    "install_pages",
    "page_required",
    "username_key",
]

_LATER = {
    "create_app": ("standalone.app", "create_app"),
    "install_pages": ("entrances.pages", "install"),
    "page_required": ("entrances.pages", "page_required"),
}
"""What not every application needs, and why others should not wait: it takes as long to import as Flask."""


def __getattr__(name: str) -> Any:
    """Import one of these names when it is asked for (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LATER[name]
    return getattr(import_module(f".{module}", __name__), attribute)
