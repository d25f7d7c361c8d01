"""The pages to sign in, register and sign out. A view reads the form, calls one use case, and answers."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import NotFound

from ...ground.page_headers import see_other
from ...guard.visitors import brings_reused, current_visitor, sign_in, sign_out_on
from ...identity.request import sessions_of_cookies
from ...identity.services import EXTENSION, current
from .answers import page
from .assets import ASSETS, loader, send_asset
from .faults import FORM_ERRORS, fault, form_page
from .forms import Form, destination
from .leading import say_signed_out
from .notices import REUSED, notice, tells_of_reuse
from .site import ACCOUNT, after_sign_in

View = TypeVar("View", bound=Callable[..., Any])


class _Pages(Blueprint):
    jinja_loader = loader()


pages = _Pages("flask_renewal_pages", __name__)


def where_accounts_are_ours(rule: str, *, method: str) -> Callable[[View], View]:
    """Add a view where the accounts are ours; a host that proves who people are has such a page itself."""

    def add(view: View) -> View:
        def mount(state: BlueprintSetupState) -> None:
            if state.app.extensions[EXTENSION].ours is not None:
                state.add_url_rule(rule, view.__name__, view, methods=[method])

        pages.record(mount)
        return view

    return add


@where_accounts_are_ours("/login", method="GET")
def login() -> Response:
    """Show the form to sign in, or lead on who is signed in."""
    onward = destination(request.args.getlist("next"))
    if current_visitor() is not None:
        return see_other(onward)
    return _entrance("login.html", onward, notice=notice(), tells_of_reuse=tells_of_reuse())


@where_accounts_are_ours("/login", method="POST")
def log_in() -> Response:
    """Sign in and lead on to where the visitor was going."""
    form = Form.of(request)
    onward = destination(form.all("next"))
    if form.is_looked_at:
        return _entrance("login.html", onward, form=form)
    services = current()
    try:
        account = services.accounts.authenticate(
            form.typed("username"),
            form.typed("password"),
            address=request.remote_addr,
            session_id=next(iter(sessions_of_cookies()), None),
        )
        was_reused = form.ticked("reused") or brings_reused()
        sign_in(account, remember=form.ticked("remember"))
    except FORM_ERRORS as error:
        return _entrance("login.html", onward, form=form, fault=fault(error, form))
    tells = was_reused and onward == url_for(ACCOUNT)
    return see_other(url_for(ACCOUNT, notice=REUSED) if tells else onward)


@where_accounts_are_ours("/register", method="GET")
def register() -> Response:
    """Show the form to register, or lead on who is signed in."""
    _check_registration()
    onward = destination(request.args.getlist("next"))
    if current_visitor() is not None:
        return see_other(onward)
    return _entrance("register.html", onward)


@where_accounts_are_ours("/register", method="POST")
def sign_up() -> Response:
    """Add an account, sign it in and lead on."""
    _check_registration()
    form = Form.of(request)
    onward = destination(form.all("next"))
    if form.is_looked_at:
        return _entrance("register.html", onward, form=form)
    try:
        with current().accounts.registration(
            form.typed("username"),
            form.typed("password"),
            address=request.remote_addr,
            fields=form.others("password", "next", "remember"),
        ) as account:
            sign_in(account, remember=form.ticked("remember"))
    except FORM_ERRORS as error:
        return _entrance("register.html", onward, form=form, fault=fault(error, form))
    return see_other(onward)


@pages.get("/logout")
def ask_to_log_out() -> Response:
    """Ask whether to sign out: a link that anybody may make people follow does nothing."""
    return page("logout.html")


@pages.post("/logout")
def log_out() -> Response:
    """Sign out and lead to the form to sign in."""
    return sign_out_on(say_signed_out())


@pages.get(f"/renewal/<any({', '.join(repr(name) for name in ASSETS)}):name>")
def asset(name: str) -> Response:
    """Serve a file that the pages use."""
    return send_asset(name)


def _check_registration() -> None:
    """Let there be no register page where people may not register themselves."""
    if not current().settings.registration:
        raise NotFound


def _entrance(template: str, onward: str, **context: Any) -> Response:
    """Answer with the sign-in or the register page, with what is wrong with the form that was sent, if it is."""
    return form_page(
        template,
        onward=onward,
        asks_elsewhere=onward != after_sign_in(),
        may_register=current().settings.registration,
        **context,
    )
