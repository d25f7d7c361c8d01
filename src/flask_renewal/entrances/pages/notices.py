"""One sentence on the page that a redirect leads to: what has just been done."""

from flask import request

from .words import gettext, ngettext

_ = gettext

_MOST = 1_000_000


def notice() -> str | None:
    """Return the sentence that the address asks for, one of ours.

    Only where the browser came by our own redirect, so that nobody can make a link that frightens people.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    number = request.args.get("n", 0, type=int) if request.args.get("n", "").isascii() else 0
    return _sentences(min(max(number, 0), _MOST)).get(request.args.get("notice", ""))


def _sentences(number: int) -> dict[str, str]:
    others = ngettext("%(num)d other device was signed out.", "%(num)d other devices were signed out.", number)
    return {
        "signed_out": _("You are signed out."),
        "ended": _("That device is signed out."),
        "ended_others": others if number else _("No other device was signed in."),
        "renamed": _("The device has its new name."),
        "password_changed": _("Your password is changed.") + (f" {others}" if number else ""),
    }
