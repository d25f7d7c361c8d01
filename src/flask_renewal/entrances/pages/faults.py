"""Why a form was not accepted, told next to the field that it is about."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response

from ...ground.errors import (
    AccountError,
    InvalidCredentialsError,
    InvalidRequestError,
    RenewalError,
    TooManyRequestsError,
    UsernameTakenError,
    WeakPasswordError,
)
from ...ground.problems import status_of
from ...ground.text import USERNAME_MAX_CHARACTERS
from ...identity.users.passwords import IS_THE_NAME, LONGEST_BYTES, SHORTEST_CHARACTERS, TOO_COMMON, TOO_SHORT
from .answers import page
from .forms import Form
from .words import gettext, ngettext, number

_ = gettext

FORM_ERRORS = (AccountError, InvalidRequestError, TooManyRequestsError)
"""Refusals after which a person may mend the form and send it again."""


_OURS = ("username", "password", "new_password", "current_password")
"""The fields of our forms; what is wrong with another the host says itself, in `new_user`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with a form. `field` is empty for what no field can mend."""

    field: str
    sentence: str
    error: RenewalError


def fault(error: RenewalError, form: Form) -> Fault:
    """Return what a form is told about a refusal."""
    if isinstance(error, InvalidRequestError) and error.field is not None:
        return Fault(field=error.field, sentence=_unusable(error, form), error=error)
    if isinstance(error, UsernameTakenError):
        return Fault(field="username", sentence=_("This user name is taken. Please choose another."), error=error)
    if isinstance(error, WeakPasswordError):
        field = _first(form, "new_password", "password")
        return Fault(field=field, sentence=_weak(error), error=error)
    if isinstance(error, InvalidCredentialsError):
        field = _first(form, "current_password", "password")
        return Fault(field=field, sentence=_wrong(is_sign_in="username" in form), error=error)
    if isinstance(error, TooManyRequestsError):
        return Fault(field="", sentence=_later(error.retry_after), error=error)
    return Fault(field="", sentence=error.detail, error=error)  # the host's own


def _first(form: Form, *names: str) -> str:
    """Return the first of these fields that the form has."""
    return next(name for name in names if name in form)


def form_page(template: str, *, form: Form | None = None, fault: Fault | None = None, **context: object) -> Response:
    """Answer with a page that has forms, filled in as `form` was, with what is wrong with it."""
    status = HTTPStatus.OK if fault is None else status_of(type(fault.error))
    response = page(template, status, form=form or Form(), fault=fault, **context)
    if fault is not None and isinstance(fault.error, TooManyRequestsError):
        response.headers["Retry-After"] = str(fault.error.retry_after)
    return response


def _unusable(error: InvalidRequestError, form: Form) -> str:
    field = str(error.field)
    if field not in _OURS:
        return error.detail
    is_empty = not form.typed(field)
    if field == "username":
        most = USERNAME_MAX_CHARACTERS
        return (
            _("Please type your user name.")
            if is_empty
            else _("A user name has up to %(most)s visible characters, and no space at either end.", most=most)
        )
    return (
        _("Please type a password.")
        if is_empty
        else _("A password has up to %(most)s bytes.", most=number(LONGEST_BYTES))
    )


def _weak(error: WeakPasswordError) -> str:
    if error.detail == TOO_SHORT:
        return _("This password is too short: it needs at least %(least)s characters.", least=SHORTEST_CHARACTERS)
    if error.detail in (IS_THE_NAME, TOO_COMMON):
        return _("This password is too easy to guess. A few unrelated words make a good one.")
    return error.detail  # the host's own


def _wrong(*, is_sign_in: bool) -> str:
    return _("The user name or the password is wrong.") if is_sign_in else _("This is not your password.")


def _later(seconds: int) -> str:
    return ngettext(
        "Too many attempts. Please try again in %(num)d second.",
        "Too many attempts. Please try again in %(num)d seconds.",
        seconds,
    )
