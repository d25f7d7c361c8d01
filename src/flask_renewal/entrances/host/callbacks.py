"""The decorators by which a host gives its own functions."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from ...ground.errors import ConfigurationError
from ...identity.users.host_functions import (
    Adopt,
    BeforeSignIn,
    CheckNewPassword,
    ClaimsLoader,
    HostFunctions,
    NewUser,
    UserLoader,
)
from ...identity.users.passwords import VerifyForeign

F = TypeVar("F", bound=Callable[..., Any])


class Callbacks:
    """Keeps the host's functions, for the applications that are set up with them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._functions = HostFunctions()

    def verify_password(self, verify: VerifyForeign) -> VerifyForeign:
        """Let this function of the host verify the hashes that it made: `verify(stored_hash, password)`.

        It gets every stored hash and the password as it was sent, one at a time in each process, and returns ``None``
        for a hash that is not its own. What it verifies is hashed anew, unless `RENEWAL_REHASH` is false.
        """
        self._functions.verify_password = _plain(verify)
        return verify

    def check_new_password(self, check: CheckNewPassword) -> CheckNewPassword:
        """Let this function of the host refuse new passwords: `check(password, username)`, the one as Unicode's NFC.

        Asked of those that are long enough and none of the commonest: where somebody registers, changes the password,
        or is given one by whoever runs the application. It refuses by raising `errors.WeakPasswordError(sentence)`.
        """
        self._functions.check_new_password = _plain(check)
        return check

    def user_loader(self, load: UserLoader) -> UserLoader:
        """Let this function of the host return its object of a user: `load(user_id)`, the id as text.

        `current_user` is what it returns, and each refresh asks it: where it returns ``None``, or an object whose
        `is_active` is false, the session is ended, and the refresh is refused with `account_disabled`. So is it where
        the object has a `created_at` that is later than the session. A `username` of the object is shown to clients.
        """
        self._functions.user_loader = _plain(load)
        return load

    def claims_loader(self, compute: ClaimsLoader) -> ClaimsLoader:
        """Let this function of the host compute claims for each token that is made: `compute(user_id, session)`.

        It returns a dict. Of one name the session's own claim stands above it, and those that Flask-Renewal sets above
        both.
        """
        self._functions.claims_loader = _plain(compute)
        return compute

    def before_sign_in(self, ask: BeforeSignIn) -> BeforeSignIn:
        """Let this function of the host refuse sign-ins: `ask(user_id)`, before any session begins.

        It refuses by raising `SignInRefusedError`.
        """
        self._functions.before_sign_in = _plain(ask)
        return ask

    def new_user(self, make: NewUser) -> NewUser:
        """Let this function of the host make its object of somebody who registers: `make(fields)`.

        For a `user_model` with more columns than `UserMixin` has, or with `users`, whose `add` gets what it returns as
        `user`. `fields` are those of the form or of the JSON object
        that was sent, all but the password, as they were sent; of `flask users add` only `username`. What it returns is
        added, once the columns of `UserMixin` are filled in, in one transaction with whatever the function has added to
        `db.session`, in an application context of its own. It refuses a field by raising
        `errors.InvalidRequestError(sentence, field=name)`.
        """
        self._functions.new_user = _plain(make)
        return make

    def adopt(self, ask: Adopt) -> Adopt:
        """Let this function of the host say whose sign-in from before Flask-Renewal a request carries: `ask()`.

        Asked where a page or a refresh finds no cookie of ours; the id that it returns is signed in, without a proof
        that is fresh, and nobody notices. Once in a browser: a cookie remembers it, so that after a sign-out the old
        sign-in does not come back. It returns ``None`` where the request carries none, and ``(user_id, False)`` for one
        that ends with the browser.
        """
        self._functions.adopt = _plain(ask)
        return ask


def _plain(function: F) -> F:
    """Return a function whose answer is an answer: that of `async def` would be true, whatever it says."""
    if iscoroutinefunction(function):
        raise ConfigurationError(f"{function.__qualname__} is async, and its answer is needed at once; make it a def.")
    return function
