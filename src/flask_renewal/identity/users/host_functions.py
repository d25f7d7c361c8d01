"""The host's own functions, which are asked what only it knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ...ground.text import shown
from ...stores.base import Session
from .passwords import VerifyForeign, all_are_ours

UserId = str | int | UUID
"""As a host has it; text everywhere outside."""
UserLoader = Callable[[str], Any]
"""Returns the host's object of the user with this id; ``None`` where there is none."""
BeforeSignIn = Callable[[str], None]
"""Raises `SignInRefusedError` where the user with this id is not to be signed in."""
ClaimsLoader = Callable[[str, Session], Mapping[str, Any]]
"""Returns more claims for a token of this user and session."""
CheckNewPassword = Callable[[str, str], None]
"""Raises `WeakPasswordError` where this password, NFC-normalised, is not to be that of the user of this name."""
NewUser = Callable[[Mapping[str, Any]], Any]
"""Returns the host's object, not added yet, of somebody who registers with these fields."""
Adopt = Callable[[], UserId | tuple[UserId, bool] | None]
"""Returns the id of the user whose sign-in from before us this request carries; ``None`` where it carries none.

With the id may come whether that sign-in outlives the browser.
"""


LONGEST_ID = 64
"""Characters, as in the table of sessions."""


def text_of(user_id: UserId) -> str:
    """Return the id of a user as it is outside; raises `TypeError` or `ValueError` for what is no id."""
    if isinstance(user_id, bool) or not isinstance(user_id, UserId):
        kind = type(user_id).__name__
        raise TypeError(f"The id of a user is a str, an int or a UUID, not {kind}; give the id, once the user has one.")
    text = str(user_id)
    if not 0 < len(text) <= LONGEST_ID or not text.isprintable():
        raise ValueError(f"The id of a user has 1 to {LONGEST_ID} characters that can be printed, not {shown(text)}.")
    return text


@dataclass(kw_only=True, slots=True)
class HostFunctions:
    """What the host has given: looked up at each call, for it may be given after the application was set up."""

    verify_password: VerifyForeign = all_are_ours
    user_loader: UserLoader | None = None
    before_sign_in: BeforeSignIn | None = None
    claims_loader: ClaimsLoader | None = None
    check_new_password: CheckNewPassword | None = None
    new_user: NewUser | None = None
    adopt: Adopt | None = None

    def verifies(self, password_hash: str, password: str) -> bool | None:
        """Ask whether a stored hash is that of a password; ``None``: it is none of the host's."""
        return self.verify_password(password_hash, password)

    def ask_about_password(self, password: str, username: str) -> None:
        """Let the host refuse a new password; raises what it raises."""
        if self.check_new_password is not None:
            self.check_new_password(password, username)

    def ask_before_sign_in(self, user_id: str) -> None:
        """Let the host refuse a sign-in; raises what it raises."""
        if self.before_sign_in is not None:
            self.before_sign_in(user_id)
