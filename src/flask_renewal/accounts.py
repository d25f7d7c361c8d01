"""The use cases of accounts: register, authenticate, change the password, disable."""

from . import events
from .ambient import Ambient
from .errors import InvalidCredentialsError, RegistrationClosedError, UnknownUserError
from .events import Events
from .passwords import Passwords, check_size, check_strength
from .sessions import DISABLED, Sessions
from .settings import Settings
from .text import username_key
from .throttle import Throttle
from .users import Account, Users


class Accounts:
    """The accounts of one application."""

    def __init__(
        self,
        *,
        settings: Settings,
        users: Users,
        sessions: Sessions,
        throttle: Throttle,
        ambient: Ambient,
        notices: Events,
    ) -> None:
        self._settings = settings
        self._users = users
        self._sessions = sessions
        self._passwords = Passwords()
        self._throttle = throttle
        self._ambient = ambient
        self._notices = notices

    def register(self, username: str, password: str) -> Account:
        """Add an account for somebody who asks for it; raises `RegistrationClosedError` where that is not allowed."""
        if not self._settings.registration:
            raise RegistrationClosedError
        return self.add(username, password)

    def add(self, username: str, password: str) -> Account:
        """Add an account.

        Raises `InvalidRequestError`, `WeakPasswordError`, `TooManyRequestsError` or `UsernameTakenError`; of several
        at once for one name, one succeeds.
        """
        key = username_key(username)
        check_size(password, field="password")
        check_strength(password, username=username)
        with self._passwords.place():
            password_hash = self._passwords.hash(password)
        account = Account(id=self._ambient.new_id(), username=username, password_hash=password_hash)
        self._users.add(account, key=key, now=self._ambient.now())
        return account

    def authenticate(self, username: str, password: str, *, address: str | None) -> Account:
        """Return the account if the password is right and the account is not disabled.

        Raises `InvalidCredentialsError`, the same and after the same time whether or not the user exists;
        `TooManyRequestsError` before any password is hashed; then no failure is counted.
        """
        key = username_key(username)
        check_size(password, field="password")
        with self._passwords.place():
            return self._prove(self._users.find_by_name(key), password, key=key, address=address)

    def confirm(self, user_id: str, password: str, *, address: str | None, field: str = "password") -> Account:
        """Return the account of somebody who is signed in if the password is right; raises as `authenticate`."""
        check_size(password, field=field)
        with self._passwords.place():
            account = self._users.find(user_id)
            key = username_key(account.username) if account else user_id
            return self._prove(account, password, key=key, address=address)

    def _prove(self, account: Account | None, password: str, *, key: str, address: str | None) -> Account:
        self._throttle.check_login(key, address)
        right = self._passwords.verify(account.password_hash if account else None, password)
        if account is None or account.disabled or not right:
            self._throttle.count_failed_login(key, address)
            self._notices.send(events.login_failed, user_id=account.id if account else None)
            raise InvalidCredentialsError
        if self._passwords.needs_rehash(account.password_hash):
            self._users.set_password_hash(account.id, self._passwords.hash(password))
        return account

    def change_password(self, account: Account, new_password: str, *, session_id: str) -> int:
        """Set a new password, end every other session of the user, return how many were ended.

        Raises `InvalidRequestError`, `WeakPasswordError`, `TooManyRequestsError` or `ClockWrongError`; then nothing is
        changed.
        """
        check_size(new_password, field="new_password")
        check_strength(new_password, username=account.username)
        now = self._ambient.now()
        with self._passwords.place():
            self._users.set_password_hash(account.id, self._passwords.hash(new_password))
        self._notices.send(events.password_changed, user_id=account.id)
        return self._sessions.end_all(account.id, reason="password_changed", but=session_id, now=now)

    def disable(self, username: str) -> int:
        """Let a user sign in no more and end all sessions; return how many were ended."""
        account = self.find(username)
        self._users.disable(account.id, now=self._ambient.now())
        return self._sessions.end_all(account.id, reason=DISABLED)

    def find(self, username: str) -> Account:
        """Return the account of this name; raises `UnknownUserError`."""
        account = self._users.find_by_name(username_key(username))
        if account is None:
            raise UnknownUserError(f"There is no user {username!r}.")
        return account
