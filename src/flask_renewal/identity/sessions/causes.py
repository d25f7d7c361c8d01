"""Why a session is over: every cause there is, in words for whoever is asked about it, and what to do."""

from dataclasses import dataclass

from ...rotation import Chain


@dataclass(frozen=True)
class Cause:
    """What happened, and what to do about it; a sentence each."""

    happened: str
    advice: str


_NOTHING = "Nothing: this is what was asked for."

IDLE = "idle"
LIFETIME = "lifetime"
"""What ends by itself has no reason in its row; refusals say `session_expired`."""

CAUSES = {
    "logout": Cause("Whoever used it signed out, in this browser or everywhere.", _NOTHING),
    "replaced": Cause(
        "Somebody signed in in the same browser, whose cookie there is one of.",
        "Nothing, unless two applications on one host share a cookie's name: set JWT_REFRESH_COOKIE_NAME for one.",
    ),
    "displaced": Cause(
        "The user had more sessions than may be, and this one was unused for longest.",
        "Look for a script that signs in again and again; RENEWAL_MAX_SESSIONS_PER_USER is how many there may be.",
    ),
    "ended_by_user": Cause("The user ended it from another device.", "Nothing, unless the user does not know of it."),
    "ended_by_host": Cause("It was ended by the command line or by the application's own code.", _NOTHING),
    "password_changed": Cause(
        "The password was changed, which ends all sessions but the one it was changed in.",
        "Nothing, if it was the user; else set a new one, by flask users password NAME.",
    ),
    "account_disabled": Cause(
        "The user may not sign in: disabled, refused by the user_loader, or gone and the id given to somebody else.",
        "If that was not meant: flask users enable NAME.",
    ),
    "account_deleted": Cause("The account was deleted, and its sessions with it.", _NOTHING),
    "reuse": Cause(
        "Two parties held tokens of it: one that the rule had left behind came back.",
        "Ask the user to change the password; if it comes again, look for what keeps a copy of the cookie: a saved"
        " profile, a script, a proxy that caches.",
    ),
    IDLE: Cause(
        "Nobody used it for as long as the idle timeout.",
        "Nothing; JWT_REFRESH_TOKEN_EXPIRES is how long, and 12 hours for a session that was to end with the browser.",
    ),
    LIFETIME: Cause("It had lived as long as a session may.", "Nothing; RENEWAL_SESSION_LIFETIME is how long."),
}
"""By the reason in the row, which refusals carry too."""
REASONS = tuple(cause for cause in CAUSES if cause not in (IDLE, LIFETIME))
"""Those that a refusal may carry."""


def ran_out_by(chain: Chain) -> str:
    """Return by which of its two ends a session is over, if it is used no more."""
    return IDLE if chain.expires_at is None or chain.idle_expires_at < chain.expires_at else LIFETIME
