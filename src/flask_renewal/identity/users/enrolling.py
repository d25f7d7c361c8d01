"""Where an account is added, with the host's own object of its user where the host makes that."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from inspect import Parameter, signature
from typing import Any

from .base import Account, Users
from .host_functions import HostFunctions
from .objects import Objects
from .sql import SQLUsers


class Enrolling:
    """Adds accounts to the users of one application."""

    def __init__(self, users: Users, functions: HostFunctions) -> None:
        self._users = users
        self._functions = functions
        self._objects: Objects | None = users.objects if isinstance(users, SQLUsers) else None

    def add(self, account: Account, *, key: str, now: datetime, fields: Mapping[str, Any]) -> Account:
        """Add an account; the host's `new_user` gets the fields. Raises as `Users.add`, and what `new_user` raises."""
        users, make = self._users, self._functions.new_user
        if make is None:
            return users.add(account, key=key, now=now)
        if self._objects is None or not isinstance(users, SQLUsers):
            return _adding_of(users)(account, key=key, now=now, user=make(fields))
        return users.add_by(partial(self._objects.add, partial(make, fields)), account, key=key, now=now)

    def take_back(self, account: Account) -> None:
        """Delete an account that has just been added, with whatever of the host's was added with it."""
        if self._functions.new_user is None or self._objects is None:
            self._users.delete(account.id)
        else:
            self._objects.delete(self._users.load(account.id))


def _adding_of(users: Users) -> Callable[..., Account]:
    """Return what adds an account with the host's object; raises `TypeError` where it takes none."""
    takes = signature(users.add).parameters
    if "user" not in takes and all(each.kind is not Parameter.VAR_KEYWORD for each in takes.values()):
        raise TypeError(
            f"@renewal.new_user makes an object, and {type(users).__name__}.add takes none; let it take user=, too, and"
            " add that."
        )
    return users.add
