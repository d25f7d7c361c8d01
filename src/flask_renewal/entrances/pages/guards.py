"""The guard of pages, a host's own among them, and who is signed in for their templates."""

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from flask import current_app, has_request_context, request
from flask_jwt_extended import get_current_user
from flask_jwt_extended.exceptions import UserLookupError
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy

from ...ground.errors import RenewalError
from ...ground.origins import SAFE_METHODS
from ...guard.access import note_guarded
from ...guard.same_origin import check_origin
from ...guard.visitors import current_visitor
from ...identity.services import EXTENSION, NOT_SET_UP
from .answers import refusal
from .leading import ask_to_sign_in

View = TypeVar("View", bound=Callable[..., Any])


def page_required(view: View) -> View:
    """Guard a page: let in who is signed in, by cookie, and send everybody else to the sign-in page and back.

    A script gets 401 instead, with the address of that page in `X-Login-Location`. A form sent from another site is
    refused. Flask-JWT-Extended's `current_user`, `get_jwt_identity()` and `get_jwt()` work in the view.
    """

    is_async = iscoroutinefunction(view)
    note_guarded(view)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _check_set_up()
        try:
            if request.method not in SAFE_METHODS:
                check_origin()
            visitor = current_visitor()
        except RenewalError as error:
            return refusal(error)
        if visitor is None:
            return ask_to_sign_in()
        return (current_app.ensure_sync(view) if is_async else view)(*args, **kwargs)

    return cast(View, guarded)


def _check_set_up() -> None:
    """Raise `RuntimeError` with the cure: the answer to a mistake in the code is no page for visitors."""
    if EXTENSION not in current_app.extensions:
        raise RuntimeError(NOT_SET_UP)
    if "flask_renewal_pages" not in current_app.blueprints:
        raise RuntimeError(
            "page_required leads to the sign-in page, and there is none; call install_pages(app) after Renewal(app, …)."
        )


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
