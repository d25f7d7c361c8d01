"""Keeps people signed in, safely, without their noticing: short access tokens, rotating refresh tokens, for Flask.

What is named here stays; where it is kept inside may change. Beside the names there are the modules `errors` (every
refusal), `signals` (what others may listen to) and `check` (a review of the configuration), and
`flask_renewal.testing`, the test kit.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .entrances import check
    from .entrances.pages import install as install_pages
    from .extension import Renewal
    from .ground import errors
    from .ground import events as signals
    from .ground.errors import ConfigurationError, SignInRefusedError
    from .ground.text import username_key
    from .guard.access import access_required
    from .guard.page_guard import page_required
    from .identity.sessions.grants import Grant
    from .identity.users.base import Account, Users
    from .identity.users.sql import UserMixin
    from .standalone.app import create_app
    from .stores.base import Session

__all__ = [
    "Account",
    "ConfigurationError",
    "Grant",
    "Renewal",
    "Session",
    "SignInRefusedError",
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

_PLACES = {
    "Account": "identity.users.base:Account",
    "ConfigurationError": "ground.errors:ConfigurationError",
    "Grant": "identity.sessions.grants:Grant",
    "Renewal": "extension:Renewal",
    "Session": "stores.base:Session",
    "SignInRefusedError": "ground.errors:SignInRefusedError",
    "UserMixin": "identity.users.sql:UserMixin",
    "Users": "identity.users.base:Users",
    "access_required": "guard.access:access_required",
    "check": "entrances.check",
    "create_app": "standalone.app:create_app",
    "errors": "ground.errors",
    "install_pages": "entrances.pages:install",
    "page_required": "guard.page_guard:page_required",
    "signals": "ground.events",
    "username_key": "ground.text:username_key",
}
"""Where each name is kept: the same as type checkers are told above, for whoever asks while the program runs."""

_EXTRAS = {"create_app": "app", "install_pages": "pages"}
"""What not every application needs, by the extra that has its libraries."""


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for (PEP 562); `ConfigurationError` where its extra is missing.

    So whoever has the package installed and does not use it, as in most runs of pytest, does not wait for it.
    """
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    place, _, attribute = _PLACES[name].partition(":")
    extra, path = _EXTRAS.get(name), f"{__name__}.{place}"
    extras = import_module(f"{__name__}.ground.extras")
    module = extras.load(path, extra=extra, what=f"flask_renewal.{name}") if extra else import_module(path)
    return globals().setdefault(name, getattr(module, attribute) if attribute else module)
