"""Keeps people signed in, safely, without their noticing: short access tokens, rotating refresh tokens, for Flask."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import ConfigurationError, RenewalError
from .extension import Renewal
from .grants import Grant
from .guard import access_required
from .stores.base import Session
from .text import username_key
from .users import Account, UserMixin, Users
from .verified_tokens import AccessToken

if TYPE_CHECKING:
    from .app import create_app
    from .pages import install as install_pages
    from .pages import page_required

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
    "create_app": ("app", "create_app"),
    "install_pages": ("pages", "install"),
    "page_required": ("pages", "page_required"),
}
"""What not every application needs, and why others should not wait: it takes as long to import as Flask."""


def __getattr__(name: str) -> Any:
    """Import one of these names when it is asked for (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LATER[name]
    return getattr(import_module(f".{module}", __name__), attribute)
