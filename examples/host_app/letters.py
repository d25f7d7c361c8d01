"""What happens by mail: a new password for one that was forgotten, and a new address.

The link in a letter is signed, is over after an hour, and is good for one use. To open it changes nothing, for programs
that look for viruses open links, too; the button does.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_jwt_extended import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from flask_renewal import access_required, errors

from .people import User, db, key_of, renewal, user_of

Deliver = Callable[[str, str, str], object]
"""Sends a letter: to whom, what it is about, what it says."""

GOOD_FOR = 3600
"""Seconds."""

letters = Blueprint("letters", __name__)


def print_letter(to: str, subject: str, text: str) -> None:
    """Show a letter where the application runs, for want of a mail server."""
    print(f"To: {to}\nSubject: {subject}\n\n{text}\n", flush=True)


@letters.post("/forgotten")
def forgotten() -> tuple[str, int]:
    """Send a link to whoever has the address, and answer the same whether or not somebody has."""
    user = user_of(request.form["address"])
    if user is not None:
        link = _link("letters.new_password", _seal("password", user))
        _deliver(user.username, "A new password", f"Choose a new password within the hour: {link}")
    return "", 204


@letters.route("/new-password/<text>", methods=["GET", "POST"])
def new_password(text: str) -> Any:
    """Ask for a new password, and set it: every session of the user ends."""
    user, _ = _unseal("password", text)
    if user is None:
        return render_template("over.html"), 410
    if request.method == "GET":
        return render_template("new_password.html")
    try:
        renewal.set_password(user.id, request.form["password"])
    except (errors.InvalidRequestError, errors.WeakPasswordError) as error:
        return render_template("new_password.html", problem=error.detail), 422
    _deliver(user.username, "Your password was changed", "If that was not you, answer this letter.")
    return redirect(url_for("flask_renewal_pages.login"))


@letters.post("/address")
@access_required(fresh=True)  # or whoever finds an open browser takes the account over: address first, then password
def address() -> tuple[str, int]:
    """Send a link to the new address, unless it is somebody's; the answer is the same."""
    wanted = request.form["address"]
    if key_of(wanted) is None:
        return "That is no e-mail address.", 422
    if user_of(wanted) is None:
        link = _link("letters.new_address", _seal("address", current_user, wanted))
        _deliver(wanted, "Your new address", f"Confirm your new address within the hour: {link}")
    return "", 204


@letters.route("/new-address/<text>", methods=["GET", "POST"])
def new_address(text: str) -> Any:
    """Ask whether to go on with the new address, and do: every session of the user ends."""
    user, wanted = _unseal("address", text)
    if user is None:
        return render_template("over.html"), 410
    if request.method == "GET":
        return render_template("new_address.html", address=wanted)
    old = user.username
    user.username, user.username_key = wanted, str(key_of(wanted))
    try:
        db.session.commit()
    except IntegrityError:  # meanwhile it is somebody else's
        return render_template("over.html"), 410
    renewal.end_sessions(user.id)
    _deliver(old, "Your address was changed", f"It is {wanted} now. If that was not you, answer this letter.")
    return redirect(url_for("flask_renewal_pages.login"))


@letters.after_request
def tell_nobody(response: Response) -> Response:
    """Keep the address of the page, which is the secret, out of other sites' logs and of caches."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _deliver(to: str, subject: str, text: str) -> None:
    current_app.config["DELIVER"](to, subject, text)


def _link(endpoint: str, text: str) -> str:
    return current_app.config["SITE"] + url_for(endpoint, text=text)


def _seal(purpose: str, user: User, *more: str) -> str:
    return _signer(purpose).dumps([user.id, _state(user), *more])


def _unseal(purpose: str, text: str) -> tuple[User | None, str]:
    """Return whose link this is and what else is in it; nobody's where it is forged, too old, or was used."""
    try:
        user_id, state, *more = _signer(purpose).loads(text, max_age=GOOD_FOR)
    except BadData:
        return None, ""
    user = db.session.get(User, user_id)
    good = user is not None and user.disabled_at is None and _state(user) == state
    return (user if good else None), "".join(more)


def _signer(purpose: str) -> URLSafeTimedSerializer:
    """Return what signs links of one kind, so that none passes for one of the other."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"letters {purpose}")


def _state(user: User) -> str:
    """Return what is another once a link was used: of the password's hash, which is salted, and of the name."""
    return sha256(f"{user.password_hash} {user.username_key}".encode()).hexdigest()
