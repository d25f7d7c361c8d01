"""What the extension asks of a host's users."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What the extension knows of a user. `id` is opaque and never changes: the claim `sub`."""

    id: str
    username: str
    password_hash: str
    disabled: bool = False
    created_at: datetime | None = None
    """Sessions that are older belong to somebody who had this id before; ``None`` where ids do not come back."""

    def __post_init__(self) -> None:
        if self.created_at is not None and self.created_at.tzinfo is None:
            object.__setattr__(self, "created_at", self.created_at.replace(tzinfo=timezone.utc))

    def existed(self, moment: datetime) -> bool:
        """Say whether the user was there at this moment, as far as anybody knows."""
        return self.created_at is None or self.created_at <= moment

    def __repr__(self) -> str:
        return f"Account(id={self.id!r}, username={self.username!r}, disabled={self.disabled})"


class Users(Protocol):
    """The users of an application. Every method raises `StoreUnavailableError` when it cannot be done.

    What a method writes others can read when it returns; what it reads is what the database has now, not what the same
    request has read before: a password may have been changed since.
    """

    def find(self, user_id: str) -> Account | None:
        """Return the account with this id."""

    def find_by_name(self, key: str) -> Account | None:
        """Return the account whose name has this canonical form (`text.username_key`)."""

    def add(self, account: Account, *, key: str, now: datetime) -> Account:
        """Add an account and return it with the id that it has, which may be another than the one that was offered.

        Where there is a `@renewal.new_user`, a keyword `user` brings what that has returned, to be added with it.
        Raises `UsernameTakenError` if the canonical form `key` is taken.
        """

    def delete(self, user_id: str) -> None:
        """Delete an account."""

    def set_password_hash(self, user_id: str, password_hash: str, *, read: str) -> bool:
        """Store a new password hash if the stored one still is the one that was `read`; say whether it was.

        In one statement, so that of several who change it at once one succeeds.
        """

    def disable(self, user_id: str, *, now: datetime) -> None:
        """Let the user sign in no more."""

    def enable(self, user_id: str) -> None:
        """Let a user sign in again who was disabled."""

    def list(self) -> Iterator[Account]:
        """Yield every account, in the order of the names, a few read at a time: there may be a million."""

    def load(self, user_id: str) -> Any:
        """Return the host's own object for `current_user`, or ``None``."""
