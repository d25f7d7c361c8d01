"""Where an account is added, with the host's own object of its user where the host makes that."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
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
        if make is None or self._objects is None or not isinstance(users, SQLUsers):
            return users.add(account, key=key, now=now)
        return users.add_by(partial(self._objects.add, partial(make, fields)), account, key=key, now=now)

    def take_back(self, account: Account) -> None:
        """Delete an account that has just been added, with whatever of the host's was added with it."""
        if self._functions.new_user is None or self._objects is None:
            self._users.delete(account.id)
        else:
            self._objects.delete(self._users.load(account.id))
