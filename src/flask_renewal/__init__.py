"""Keeps people signed in, safely, without their noticing: short access tokens, rotating refresh tokens, for Flask."""

from .app import create_app
from .errors import ConfigurationError, RenewalError
from .extension import Renewal
from .grants import Grant
from .guard import access_required
from .pages import install as install_pages
from .pages import page_required
from .stores.base import Session
from .users import Account, UserMixin, Users
from .verified_tokens import AccessToken

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
]
