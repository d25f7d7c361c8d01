"""One sentence on the page that a redirect leads to: what has just been done, or what became of the session."""

from flask import request

from .words import gettext, ngettext

_ = gettext

_MOST = 1_000_000


def notice() -> str | None:
    """Return the sentence that the address asks for, one of ours.

    Only where the browser came by our own redirect, so that nobody can make a link that frightens people.
    """
    asked = request.args.get("notice")
    if asked is None or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    number = request.args.get("n", 0, type=int) if request.args.get("n", "").isascii() else 0
    return _sentences(min(max(number, 0), _MOST)).get(asked)


def of_ending(reason: str | None) -> str | None:
    """Return what the address asks for that is to say why a session is over; ``None`` where nothing is said of it."""
    name = f"over_{reason}"
    return name if name in _endings() else None


def _endings() -> dict[str, str]:
    """Return the sentences on endings that the person at this browser may not know of."""
    return {
        "over_session_expired": _("Your sign-in has run out. Please sign in again."),
        "over_ended_by_user": _("This device was signed out from another one."),
        "over_ended_by_host": _("This site has signed this device out. Please sign in again."),
        "over_password_changed": _("This device was signed out because your password was changed."),
        "over_reuse": _(
            "Your sign-in was used in two places and has been ended. If that was not you, change your password."
        ),
        "over_account_disabled": _("This account may not sign in at the moment."),
    }


def _sentences(number: int) -> dict[str, str]:
    others = ngettext("%(num)d other device was signed out.", "%(num)d other devices were signed out.", number)
    return _endings() | {
        "signed_out": _("You are signed out."),
        "ended": _("That device is signed out."),
        "ended_others": others if number else _("No other device was signed in."),
        "renamed": _("The device has its new name."),
        "password_changed": _("Your password is changed.") + (f" {others}" if number else ""),
    }
