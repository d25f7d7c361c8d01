"""Who is signed in, for templates."""

from typing import Any

from flask import current_app, has_request_context
from flask_jwt_extended import get_current_user
from flask_jwt_extended.exceptions import UserLookupError
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy

from ...ground.errors import RenewalError
from ...guard.visitors import current_visitor


def template_context() -> dict[str, Any]:
    """Return what templates may use: `current_user`, false where nobody is signed in, looked up when it is used.

    Where the host has one of its own, in Jinja's globals, it is that one.
    """
    return {} if "current_user" in current_app.jinja_env.globals else {"current_user": LocalProxy(_user)}


def _user() -> Any:
    if not has_request_context():
        return None
    try:
        return get_current_user() if current_visitor() is not None else None
    except (RenewalError, UserLookupError, HTTPException):
        return None
