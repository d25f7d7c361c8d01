"""The host's own functions, which are asked what only it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .passwords import VerifyForeign, all_are_ours

UserLoader = Callable[[str], Any]
"""Returns the host's object of the user with this id; ``None`` where there is none."""
BeforeSignIn = Callable[[str], None]
"""Raises `SignInRefusedError` where the user with this id is not to be signed in."""


@dataclass(kw_only=True, slots=True)
class HostFunctions:
    """What the host has given: looked up at each call, for it may be given after the application was set up."""

    verify_password: VerifyForeign = all_are_ours
    user_loader: UserLoader | None = None
    before_sign_in: BeforeSignIn | None = None

    def verifies(self, password_hash: str, password: str) -> bool | None:
        """Ask whether a stored hash is that of a password; ``None``: it is none of the host's."""
        return self.verify_password(password_hash, password)

    def ask_before_sign_in(self, user_id: str) -> None:
        """Let the host refuse a sign-in; raises what it raises."""
        if self.before_sign_in is not None:
            self.before_sign_in(user_id)
