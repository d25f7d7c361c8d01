"""Accounts, passwords, and who may sign in."""

from .base import RenewalError


class AccountError(RenewalError):
    """Something about an account or its password is refused."""


class InvalidCredentialsError(AccountError):
    """The name or the password is wrong: which of them, nobody is told."""

    code = "invalid_credentials"
    title = "The user name or the password is wrong"


class UsernameTakenError(AccountError):
    """Another account has this name, compared without regard to case."""

    code = "username_taken"
    title = "This user name is taken"


class WeakPasswordError(AccountError):
    """A new password is too short, one of the first that anybody would try, or refused by the host: `detail` says."""

    code = "weak_password"
    title = "The password is too weak"


class RegistrationClosedError(AccountError):
    """Nobody may register: `RENEWAL_REGISTRATION` is false."""

    code = "registration_closed"
    title = "Registration is closed"


class SignInRefusedError(AccountError):
    """The host refuses to sign somebody in, for a reason of its own: its `code`, in a word, and a sentence."""

    title = "The sign-in is refused"

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(detail)
        self.code = code


class UnknownUserError(AccountError):
    """Whoever runs the application names a user that there is not."""

    code = "user_not_found"
    title = "There is no such user"
