"""The use cases of accounts: register, authenticate, change the password, disable, delete."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from ..ground import events
from ..ground.errors import (
    InvalidCredentialsError,
    RegistrationClosedError,
    SessionNotFoundError,
    SignInRefusedError,
    StoreUnavailableError,
    UnknownUserError,
)
from ..ground.text import username_key
from .sessions.ending import DELETED, DISABLED
from .sessions.parts import Parts
from .sessions.sessions import Sessions
from .users.base import Account, Users
from .users.enrolling import Enrolling
from .users.passwords import Passwords, check_size, check_strength, normalised

_log = logging.getLogger("flask_renewal")

_TRIES = 3


class Accounts:
    """The accounts of one application."""

    def __init__(self, parts: Parts, sessions: Sessions, *, users: Users, passwords: Passwords) -> None:
        self._settings = parts.settings
        self.users = users
        self._sessions = sessions
        self._passwords = passwords
        self.enrolling = Enrolling(users, parts.functions)
        self._throttle = parts.throttle
        self._ambient = parts.ambient
        self._notices = parts.notices
        self._functions = parts.functions

    @contextmanager
    def registration(
        self, username: str, password: str, *, address: str | None, fields: Mapping[str, Any] | None = None
    ) -> Iterator[Account]:
        """Add an account for somebody who asks for it, and take it back if the session that begins with it fails.

        So whoever tries again does not find the name taken by themselves. Raises as `add`,
        `RegistrationClosedError` where that is not allowed, and `TooManyRequestsError` where too many come from one
        address: those that are refused count, too, for a refusal tells which names are taken. Whom the host refuses to
        sign in (`SignInRefusedError`) stays registered.
        """
        if not self._settings.registration:
            raise RegistrationClosedError
        account = self.add(username, password, source=self._throttle.count_registration(address), fields=fields)
        try:
            yield self.users.find(account.id) or account
        except SignInRefusedError:
            self._notices.send(events.user_registered, user_id=account.id)
            raise
        except BaseException:
            self.enrolling.take_back(account)
            raise
        self._throttle.remember(username_key(username), address)
        self._notices.send(events.user_registered, user_id=account.id)

    def add(
        self,
        username: str,
        password: str,
        *,
        source: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Account:
        """Add an account; `source` is where somebody asks for it, and `fields` what the host's `new_user` gets.

        Raises what that raises, `InvalidRequestError`, `WeakPasswordError`, `TooManyRequestsError` or
        `UsernameTakenError`; of several at once for one name, one succeeds.
        """
        key = username_key(username)
        password_hash = self._hashed(password, username, field="password", source=source)
        account = Account(id=self._ambient.new_id(), username=username, password_hash=password_hash)
        fields = {"username": username} if fields is None else fields
        return self.enrolling.add(account, key=key, now=self._ambient.now(), fields=fields)

    def authenticate(
        self, username: str, password: str, *, address: str | None, session_id: str | None = None
    ) -> Account:
        """Return the account if the password is right and the account is not disabled.

        `session_id` is the session whose cookie comes along, whoever's it is. Raises `InvalidCredentialsError`, the
        same and after the same time whether or not the user exists; `TooManyRequestsError` before any password is
        hashed.
        """
        key = username_key(username)
        check_size(password, field="password")
        own = session_id if session_id and self._is_of(session_id, key) else None
        with self._throttle.sign_in(key, address=address, session_id=own) as source, self._passwords.place(source):
            return self._prove(self.users.find_by_name(key), password)

    def _is_of(self, session_id: str, key: str) -> bool:
        """Say whether this session, living or over, is of the account with this name.

        It takes as long where there is no such account.
        """
        account = self.users.find_by_name(key)
        try:
            self._sessions.find(session_id, user_id=account.id if account else "")
        except SessionNotFoundError:
            return False
        return True

    def confirm(
        self, user_id: str, password: str, *, session_id: str, address: str | None, field: str = "password"
    ) -> Account:
        """Return the account of somebody who is signed in if the password is right; raises as `authenticate`."""
        check_size(password, field=field)
        with self._throttle.confirmation(session_id, address=address) as source, self._passwords.place(source):
            return self._prove(self.users.find(user_id), password)

    def _prove(self, account: Account | None, password: str) -> Account:
        right = self._passwords.verify(account.password_hash if account else None, password)
        if account is None or account.disabled or not right:
            self._notices.send(events.login_failed, user_id=account.id if account else None)
            raise InvalidCredentialsError
        return self._with_hash_of_today(account, password)

    def _with_hash_of_today(self, account: Account, password: str) -> Account:
        """Return the account with the hash that it has once an old one was replaced; the password was right.

        Whoever finds that another was faster compares again: a sign-in with this password did the same, or the password
        was changed.
        """
        if not self._passwords.needs_rehash(account.password_hash):
            return account
        fresh = self._passwords.hash(password)
        try:
            replaced = self.users.set_password_hash(account.id, fresh, read=account.password_hash)
        except Exception as error:  # a favour: the password was right, and the old hash goes on to serve
            _log.error("an old password hash could not be replaced (%s)", type(error).__name__)
            return account
        if replaced:
            return replace(account, password_hash=fresh)
        changed = self.users.find(account.id)
        if changed is None or not self._passwords.verify(changed.password_hash, password):
            raise InvalidCredentialsError
        return changed

    def change_password(self, account: Account, new_password: str, *, session_id: str) -> int:
        """Set a new password in the place of the one that was proved, end every other session, return their number.

        Raises `InvalidRequestError`, `WeakPasswordError`, `TooManyRequestsError`, `StoreUnavailableError`, and
        `InvalidCredentialsError` where another change was faster; then the password is what it was.
        """
        fresh = self._hashed(new_password, account.username, source=session_id)
        ended = self._replace_password(account, fresh, but=session_id)
        if ended is None:
            raise InvalidCredentialsError
        return ended

    def set_password(self, user_id: str, new_password: str) -> int:
        """Set a new password on the word of whoever runs the application; end every session, return their number.

        It stands above a change that comes at the same time. Raises `UnknownUserError`, `InvalidRequestError`,
        `WeakPasswordError`, and `StoreUnavailableError`: then it is to be set again.
        """
        fresh = None
        for _ in range(_TRIES):
            account = self.users.find(user_id)
            if account is None:
                raise UnknownUserError
            fresh = fresh or self._hashed(new_password, account.username)
            ended = self._replace_password(account, fresh)
            if ended is not None:
                return ended
        raise StoreUnavailableError

    def _hashed(self, password: str, username: str, *, field: str = "new_password", source: str | None = None) -> str:
        """Return the hash of a new password, unless we refuse it or the host does."""
        check_size(password, field=field)
        check_strength(password, username=username)
        self._functions.ask_about_password(normalised(password), username)
        with self._passwords.place(source):
            return self._passwords.hash(password)

    def _replace_password(self, account: Account, fresh: str, *, but: str | None = None) -> int | None:
        """Replace the hash that was read, end the sessions, `but` one; ``None`` where it is another by now."""
        end_all = partial(self._sessions.end_all, account.id, reason="password_changed", but=but)
        ended = end_all()  # first: where this fails nothing has changed, and trying again is right
        if not self.users.set_password_hash(account.id, fresh, read=account.password_hash):
            return None
        try:
            ended += end_all()  # those that began with the old password in between
        except BaseException:
            self.users.set_password_hash(account.id, account.password_hash, read=fresh)
            raise
        self._notices.send(events.password_changed, user_id=account.id)
        return ended

    def disable(self, username: str) -> int:
        """Let a user sign in no more and end all sessions; return how many were ended.

        In this order, for a session that starts meanwhile sees it; where the second half fails, a refresh is refused
        all the same.
        """
        account = self.find(username)
        self.users.disable(account.id, now=self._ambient.now())
        return self._sessions.end_all(account.id, reason=DISABLED)

    def enable(self, username: str) -> None:
        """Let a user sign in again; the sessions of before stay ended. Raises `UnknownUserError`."""
        self.users.enable(self.find(username).id)

    def delete(self, username: str) -> int:
        """Delete an account and end its sessions; return how many were ended.

        Disabled first, so that no session begins meanwhile, and deleted last: whatever fails in between, nobody is let
        in, and there is an account still to be deleted by its name.
        """
        account = self.find(username)
        self.users.disable(account.id, now=self._ambient.now())
        ended = self._sessions.end_all(account.id, reason=DELETED)
        self.users.delete(account.id)
        return ended

    def find(self, username: str) -> Account:
        """Return the account of this name; raises `UnknownUserError`."""
        account = self.users.find_by_name(username_key(username))
        if account is None:
            raise UnknownUserError(f"There is no user {username!r}.")
        return account
