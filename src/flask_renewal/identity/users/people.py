"""Who people are, as far as their sessions are concerned, whoever keeps the accounts: we, the host, or both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ...ground.errors import AccountDisabledError, RenewalError, UnknownUserError
from ...stores.base import Session
from .base import Account, Users
from .host_functions import HostFunctions


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who may be signed in. `id` is the claim `sub`."""

    id: str
    username: str | None = None
    created_at: datetime | None = None
    """Sessions that are older belong to somebody who had this id before; ``None`` where ids do not come back."""

    @classmethod
    def of(cls, account: Account) -> "Person":
        """Return whose account this is."""
        return cls(id=account.id, username=account.username, created_at=account.created_at)

    def existed(self, moment: datetime) -> bool:
        """Say whether there was this person at this moment, as far as anybody knows."""
        return self.created_at is None or self.created_at <= moment


class People:
    """The people of one application: those of its accounts, as the host's `user_loader` knows them.

    Where there are both, both are asked; where there is neither, everybody may go on.
    """

    def __init__(
        self, users: Users | None, functions: HostFunctions, *, loads: Callable[[str], Any] | None = None
    ) -> None:
        """Let `loads` return the host's object that says `is_active` where no `user_loader` does."""
        self._users = users
        self._functions = functions
        self._loads = loads

    def go_on(self, session: Session) -> Person | None:
        """Return whose session this is; ``None`` where they may not go on, or it is older than they are.

        Costs nothing where the store has read the name of a user who may sign in, and nobody else is to be asked.
        """
        if session.username is None:
            known = self._known(session.user_id)
        else:
            known = Person(id=session.user_id, username=session.username)
        person = self._asked(known)
        return person if person is not None and person.existed(session.created_at) else None

    def may_be_renewed(self, session: Session) -> bool:
        """Say whether the host has nothing against a session that goes on by the response header alone.

        Nobody is asked where the host has no word: whom we disable has no session any more.
        """
        is_asked = self._functions.user_loader is not None or self._loads is not None
        return not is_asked or self.go_on(session) is not None

    def find(self, user_id: str) -> Person | None:
        """Return who has this id; ``None`` where there is nobody, or nobody who may sign in."""
        return self._asked(self._known(user_id))

    def is_still(self, proved: Account) -> bool:
        """Say whether an account is what it was when its password was proved, and may sign in."""
        if self._users is None:
            return False
        account = self._users.find(proved.id)
        if account is None or account.disabled or account.password_hash != proved.password_hash:
            return False
        return self._asked(Person.of(account)) is not None

    def refusal(self, user_id: str) -> RenewalError:
        """Return why `find` has found nobody."""
        if self._users is not None and self._users.find(user_id) is None:
            return UnknownUserError(f"There is no user with the id {user_id!r}.")
        return AccountDisabledError()

    def load(self, user_id: str) -> Any:
        """Return the host's own object for `current_user`; ``None`` where there is none that may go on."""
        load = self._functions.user_loader or (self._users.load if self._users is not None else None)
        if load is None:
            return Person(id=user_id)
        return _active(load(user_id))

    def _known(self, user_id: str) -> Person | None:
        if self._users is None:
            return Person(id=user_id)
        account = self._users.find(user_id)
        return None if account is None or account.disabled else Person.of(account)

    def _asked(self, person: Person | None) -> Person | None:
        """Return what is known of a person together with what the host's object says."""
        load = self._functions.user_loader or self._loads
        if person is None or load is None:
            return person
        told = _active(load(person.id))
        if told is None:
            return None
        name, created_at = person.username or getattr(told, "username", None), _moment(told)
        return Person(
            id=person.id,
            username=name if isinstance(name, str) else None,
            created_at=max(filter(None, (person.created_at, created_at)), default=None),
        )


def _active(told: Any) -> Any:
    """Return the host's object, unless it says of itself that it may not go on."""
    return told if told is not None and getattr(told, "is_active", True) else None


def _moment(told: Any) -> datetime | None:
    """Return when the host's object was made, if it says so; a time without a zone is taken for UTC."""
    created_at = getattr(told, "created_at", None)
    if not isinstance(created_at, datetime):
        return None
    return created_at if created_at.tzinfo else created_at.replace(tzinfo=timezone.utc)
