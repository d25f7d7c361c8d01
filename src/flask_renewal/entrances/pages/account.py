"""The account page: where somebody is signed in, and the password."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Response, request, url_for

from ...ground.errors import InvalidCredentialsError, SessionNotFoundError
from ...ground.page_headers import see_other
from ...ground.text import DEVICE_MAX_CHARACTERS, label
from ...guard.page_guard import page_required
from ...guard.visitors import current_visitor, prove, sign_out_on
from ...guard.visits import Visitor
from ...identity.services import current
from ...identity.sessions.claims import actor
from ...identity.users.base import Account
from ...identity.users.people import Person
from ...stores.base import Session
from .faults import FORM_ERRORS, Fault, fault, form_page
from .forms import Form
from .leading import say_signed_out
from .notices import notice
from .useragents import recognised
from .views import pages, where_accounts_are_ours
from .words import Moment, browser_name, gettext, moment, ngettext

__all__ = ["pages"]

View = TypeVar("View", bound=Callable[..., Any])
_ = gettext

SHOWN = 5
"""Devices, of those that there are; the rest are behind a link."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A session as its owner sees it."""

    session_id: str
    name: str | None
    browser: str
    user_agent: str | None
    is_handheld: bool
    is_this: bool
    actor: str | None
    """Who acts for the owner there."""
    first_used: Moment
    last_used: Moment
    ends_unused: Moment
    ends: Moment | None
    """When it ends in any case, if that is another time."""


def proof_required(what: Callable[..., str]) -> Callable[[View], View]:
    """Ask for the password unless it was proved a short while ago, then go on with what was asked for.

    `what` says that, given the view's arguments. Where the host proves who people are nothing is asked: we know of no
    password.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def proved(*args: Any, **kwargs: Any) -> Any:
            visitor, form = _visitor(), Form.of(request)
            if current().ours is not None and not visitor.has_proved_lately:
                try:
                    if "password" not in form or form.is_looked_at:
                        return _ask_for_password(visitor, form, what(**kwargs), fault=None)
                    prove(visitor, _confirmed(visitor, form.typed("password"), field="password"))
                except FORM_ERRORS as error:
                    return _ask_for_password(visitor, form, what(**kwargs), fault=fault(error, form))
            return view(*args, **kwargs)

        return cast(View, proved)

    return decorate


def _this_one(session_id: str) -> str:
    """Return what ending one of the visitor's sessions is called; raises `SessionNotFoundError` for another's."""
    found = next((each for each in current().sessions.list(_visitor().user_id) if each.id == session_id), None)
    if found is None:
        raise SessionNotFoundError
    return _("Sign out %(device)s", device=found.device or browser_name(found.user_agent))


def _all_others() -> str:
    others = len(current().sessions.list(_visitor().user_id)) - 1
    return ngettext("Sign out %(num)d other device", "Sign out %(num)d other devices", others)


@pages.get("/account")
@page_required
def account() -> Response:
    """Show the user's sessions and the form for a new password."""
    return _account_page(notice=notice())


@where_accounts_are_ours("/account/password", method="POST")
@page_required
def change_password() -> Response:
    """Change the password of somebody who proves the present one, and end the other sessions."""
    visitor, form, accounts = _visitor(), Form.of(request), current().accounts
    if form.is_looked_at:
        return _account_page(form=form)
    try:
        owner = _confirmed(visitor, form.typed("current_password"), field="current_password")
        prove(visitor, owner)
        ended = accounts.change_password(owner, form.typed("new_password"), session_id=visitor.session_id)
    except FORM_ERRORS as error:
        return _account_page(form=form, fault=fault(error, form))
    return _back_to_account("password_changed", count=ended)


@pages.post("/account/sessions/end-others")
@page_required
@proof_required(_all_others)
def end_other_sessions() -> Response:
    """End every session of the user but this one."""
    visitor = _visitor()
    ended = current().sessions.end_others(visitor.session_id, user_id=visitor.user_id, reason="ended_by_user")
    return _back_to_account("ended_others", count=ended)


@pages.post("/account/sessions/<session_id>/end")
@page_required
@proof_required(_this_one)
def end_session(session_id: str) -> Response:
    """End one session of the user; who ends this one is signed out."""
    visitor = _visitor()
    current().sessions.end(session_id, user_id=visitor.user_id, reason="ended_by_user")
    if session_id == visitor.session_id:
        return sign_out_on(say_signed_out())
    return _back_to_account("ended")


@pages.post("/account/sessions/<session_id>/name")
@page_required
def rename_device(session_id: str) -> Response:
    """Name the device of one of the user's sessions."""
    name = label(Form.of(request).typed("device"), longest=DEVICE_MAX_CHARACTERS)
    current().sessions.rename(session_id, user_id=_visitor().user_id, device=name)
    return _back_to_account("renamed")


def _visitor() -> Visitor:
    return cast(Visitor, current_visitor())


def _confirmed(visitor: Visitor, password: str, *, field: str) -> Account:
    return current().accounts.confirm(
        visitor.user_id, password, session_id=visitor.session_id, address=request.remote_addr, field=field
    )


def _owner(visitor: Visitor) -> Person:
    owner = current().people.find(visitor.user_id)
    if owner is None:
        raise InvalidCredentialsError
    return owner


def _ask_for_password(visitor: Visitor, form: Form, what: str, *, fault: Fault | None) -> Response:
    owner, action = _owner(visitor), _same_address()
    response = form_page("confirm.html", form=form, fault=fault, owner=owner, action=action, what=what)
    if fault is None:
        response.status_code = HTTPStatus.UNAUTHORIZED
    return response


def _same_address() -> str:
    return url_for(str(request.endpoint), **request.view_args or {})


def _account_page(*, form: Form | None = None, fault: Fault | None = None, notice: str | None = None) -> Response:
    visitor = _visitor()
    sessions = _this_one_first(visitor)
    shown = len(sessions) if request.args.get("devices") == "all" else SHOWN
    return form_page(
        "account.html",
        form=form,
        fault=fault,
        owner=_owner(visitor),
        devices=[_device(session, visitor) for session in sessions[:shown]],
        other_devices=len(sessions) - 1,
        longest_name=DEVICE_MAX_CHARACTERS,
        has_password=current().ours is not None,
        notice=notice,
    )


def _this_one_first(visitor: Visitor) -> list[Session]:
    return sorted(current().sessions.list(visitor.user_id), key=lambda session: session.id != visitor.session_id)


def _device(session: Session, visitor: Visitor) -> Device:
    now = current().clock.now()
    ends, ends_unused = session.expires_at, session.over_at
    return Device(
        session_id=session.id,
        name=session.device,
        browser=browser_name(session.user_agent),
        user_agent=session.user_agent,
        is_handheld=recognised(session.user_agent).is_handheld,
        is_this=session.id == visitor.session_id,
        actor=actor(session.claims),
        first_used=moment(session.created_at, now=now),
        last_used=moment(session.last_used_at, now=now),
        ends_unused=moment(ends_unused, now=now),
        ends=moment(ends, now=now) if ends is not None and ends != ends_unused else None,
    )


def _back_to_account(done: str, *, count: int | None = None) -> Response:
    return see_other(url_for("flask_renewal_pages.account", notice=done, n=count))
