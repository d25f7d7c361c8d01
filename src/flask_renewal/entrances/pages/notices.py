"""One sentence on the page that a redirect leads to: what has just been done, or what became of the session."""

from flask import request

from ...identity.sessions.ending import REUSE
from .words import gettext, ngettext

_ = gettext

REUSED = "reused"
"""What the address of the account page asks for after the first sign-in since a session was ended for reuse."""

_MOST = 1_000_000


def notice() -> str | None:
    """Return the sentence that the address asks for, one of ours.

    Only where the browser came by our own redirect, so that nobody can make a link that frightens people.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    number = request.args.get("n", 0, type=int) if request.args.get("n", "").isascii() else 0
    return _sentences(min(max(number, 0), _MOST)).get(request.args.get("notice", ""))


def of_ending(reason: str | None) -> str | None:
    """Return what the address asks for that is to say why a session is over; ``None`` where nothing is said of it."""
    name = f"over_{reason}"
    return name if name in _endings() else None


def tells_of_reuse() -> bool:
    """Say whether the sentence on this page is on a session that was ended for reuse."""
    return request.args.get("notice") == of_ending(REUSE) and notice() is not None


def _endings() -> dict[str, str]:
    """Return the sentences on endings, each of which the person at this browser may not know of."""
    return {
        "over_session_expired": _("Your sign-in has run out. Please sign in again."),
        "over_logout": _("You are signed out."),
        "over_replaced": _("Your last sign-in did not reach this browser. Please sign in again."),
        "over_displaced": _("You are signed in on too many devices, so this one was signed out."),
        "over_ended_by_user": _("This device was signed out from another one."),
        "over_ended_by_host": _("This site has signed this device out. Please sign in again."),
        "over_password_changed": _("This device was signed out because your password was changed."),
        "over_reuse": _(
            "Your sign-in was used in two places and has been ended. If that was not you, change your password."
        ),
        "over_account_disabled": _("This account may not sign in at the moment."),
        "over_account_deleted": _("This account has been deleted."),
    }


def _sentences(number: int) -> dict[str, str]:
    others = ngettext("%(num)d other device was signed out.", "%(num)d other devices were signed out.", number)
    return _endings() | {
        REUSED: _(
            "An earlier sign-in in this browser was used in two places and was ended."
            " If that was not you, change your password."
        ),
        "signed_out": _("You are signed out."),
        "ended": _("That device is signed out."),
        "ended_others": others if number else _("No other device was signed in."),
        "renamed": _("The device has its new name."),
        "password_changed": _("Your password is changed.") + (f" {others}" if number else ""),
    }
