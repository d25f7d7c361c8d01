"""The host's own functions, which are asked what only it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .passwords import VerifyForeign, all_are_ours

UserId = str | int | UUID
"""As a host has it; text everywhere outside."""
UserLoader = Callable[[str], Any]
"""Returns the host's object of the user with this id; ``None`` where there is none."""
BeforeSignIn = Callable[[str], None]
"""Raises `SignInRefusedError` where the user with this id is not to be signed in."""


Adopt = Callable[[], UserId | None]
"""Returns the id of the user whose sign-in from before us this request carries; ``None`` where it carries none."""


def text_of(user_id: UserId) -> str:
    """Return the id of a user as it is outside; raises `TypeError` for what is no id."""
    if isinstance(user_id, bool) or not isinstance(user_id, UserId):
        kind = type(user_id).__name__
        raise TypeError(f"The id of a user is a str, an int or a UUID, not {kind}; give the id, once the user has one.")
    return str(user_id)


@dataclass(kw_only=True, slots=True)
class HostFunctions:
    """What the host has given: looked up at each call, for it may be given after the application was set up."""

    verify_password: VerifyForeign = all_are_ours
    user_loader: UserLoader | None = None
    before_sign_in: BeforeSignIn | None = None
    adopt: Adopt | None = None

    def verifies(self, password_hash: str, password: str) -> bool | None:
        """Ask whether a stored hash is that of a password; ``None``: it is none of the host's."""
        return self.verify_password(password_hash, password)

    def ask_before_sign_in(self, user_id: str) -> None:
        """Let the host refuse a sign-in; raises what it raises."""
        if self.before_sign_in is not None:
            self.before_sign_in(user_id)
