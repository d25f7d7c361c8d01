"""Keeps people signed in, safely, without their noticing: short access tokens, rotating refresh tokens, for Flask."""

from .access_tokens import AccessToken
from .app import create_app
from .errors import ConfigurationError, RenewalError
from .extension import Renewal
from .grants import Grant
from .guard import access_required
from .stores.base import Session
from .users import Account, UserMixin, Users

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
]
