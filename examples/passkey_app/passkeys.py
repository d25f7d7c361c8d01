"""Passkeys: added on the account page by somebody who is signed in, and used on the sign-in page instead of a password.

Each is two steps (WebAuthn §7.1, §7.2): the browser gets a challenge, and what the device makes of it is verified.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, request, session, url_for
from flask_jwt_extended import current_user
from sqlalchemy import delete, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorSelectionCriteria as Device
from webauthn.helpers.structs import ResidentKeyRequirement, UserVerificationRequirement
from werkzeug.wrappers import Response as BaseResponse

from flask_renewal import page_required

from .people import Passkey, db, renewal

passkeys = Blueprint("passkeys", __name__)
PROOF_LASTS = timedelta(minutes=10)


def passkeys_of(user_id: object) -> Sequence[Passkey]:
    """Return the passkeys of a user."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == str(user_id))).all()


@passkeys.post("/passkeys/new")
@page_required
def begin_adding() -> Response:
    """Ask the device for a new passkey, for somebody who has proved lately who they are."""
    _check_proof()
    options = generate_registration_options(
        rp_id=_name(),
        rp_name="Passkeys",
        user_name=current_user.username,
        user_id=str(current_user.id).encode(),
        authenticator_selection=Device(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return _asking(options)


@passkeys.post("/passkeys")
@page_required
def add() -> tuple[dict[str, str], int]:
    """Keep the passkey that the device has made."""
    _check_proof()
    try:
        made = verify_registration_response(credential=_sent(), **_expected())
    except WebAuthnException as error:
        abort(400, str(error))
    key = Passkey(
        id=bytes_to_base64url(made.credential_id),
        user_id=str(current_user.id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )
    db.session.add(key)
    db.session.commit()
    return {"next": url_for("flask_renewal_pages.account")}, 201


@passkeys.post("/passkeys/<key_id>/remove")
@page_required
def remove(key_id: str) -> BaseResponse:
    """Forget a passkey of this user."""
    db.session.execute(delete(Passkey).where(Passkey.id == key_id, Passkey.user_id == str(current_user.id)))
    db.session.commit()
    return redirect(url_for("flask_renewal_pages.account"), 303)


@passkeys.post("/passkeys/challenge")
def begin_signing_in() -> Response:
    """Ask the device for any passkey of this site; who comes is seen from the one that it takes."""
    verification = UserVerificationRequirement.REQUIRED
    return _asking(generate_authentication_options(rp_id=_name(), user_verification=verification))


@passkeys.post("/passkeys/sign-in")
def sign_in() -> Response:
    """Sign in whoever the passkey is of. Its answer names the origin, so no foreign page can make people come here."""
    sent = _sent()
    key = db.session.get(Passkey, str(sent.get("id")))
    if key is None:
        abort(401, "This passkey is not known here.")
    try:
        proof = verify_authentication_response(
            credential=sent,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            **_expected(),
        )
    except WebAuthnException as error:
        abort(401, str(error))
    key.sign_count = proof.new_sign_count
    user_id = key.user_id
    db.session.commit()
    answer = jsonify(next=url_for("flask_renewal_pages.account"))
    return renewal.sign_in(user_id, response=answer)


def _check_proof() -> None:
    """Let nobody add a passkey who has only found a screen unlocked."""
    visitor = renewal.visitor()
    if visitor is None or datetime.now(timezone.utc) - visitor.authenticated_at > PROOF_LASTS:
        abort(403, "Please sign out and in again first.")


def _asking(options: Any) -> Response:
    """Answer with what the device is asked; the challenge stays in Flask's signed cookie, for one answer."""
    session["challenge"] = options.challenge
    return Response(options_to_json(options), mimetype="application/json")


def _sent() -> dict[str, Any]:
    sent = request.get_json()
    return sent if isinstance(sent, dict) else abort(400)


def _expected() -> dict[str, Any]:
    """Return what the device must have signed."""
    return {
        "expected_challenge": session.pop("challenge", b""),
        "expected_rp_id": _name(),
        "expected_origin": current_app.config["SITE"],
        "require_user_verification": True,
    }


def _name() -> str:
    return urlsplit(current_app.config["SITE"]).hostname or ""
