"""Sessions that do not go on, and those that are not there."""

from typing import ClassVar

from .base import RenewalError


class RefreshError(RenewalError):
    """A refresh token is refused; if it `is_final` it can never work again, so the client's copy may be deleted."""

    is_final: ClassVar[bool] = True
    reason: str | None = None
    """Why the session was ended, in one word for programs, where it was ended before its time."""


class RefreshTokenMissingError(RefreshError):
    """Neither the cookie nor the body brings a refresh token."""

    code = "refresh_token_missing"
    title = "No refresh token was presented"
    is_final = False


class RefreshTokenAmbiguousError(RefreshError):
    """Two cookies of one name: which of them is ours to go by, nobody can tell (RFC 6265bis §8.6)."""

    code = "refresh_token_ambiguous"
    title = "More than one refresh token was presented"
    is_final = False


class RefreshTokenInvalidError(RefreshError):
    """Another application may have signed it, below the same host, and be using it: not ours to delete."""

    code = "refresh_token_invalid"
    title = "The refresh token is not one of ours"
    is_final = False


class RefreshTokenReusedError(RefreshError):
    """Two parties hold tokens of one session, which has been ended (RFC 9700 §4.14.2)."""

    code = "refresh_token_reused"
    title = "The refresh token was used before; the session has been ended"
    reason = "reuse"


class SessionExpiredError(RefreshError):
    """The session was unused for longer than its idle timeout, or has reached its absolute lifetime."""

    code = "session_expired"
    title = "The session has expired"


class SessionEndedError(RefreshError):
    """The session was ended before its time; `reason` is ``logout``, ``replaced``, ``displaced``, ``ended_by_user``,
    ``ended_by_host``, ``password_changed``, ``account_disabled``, ``account_deleted`` or ``reuse``.
    """

    code = "session_ended"
    title = "The session has been ended"

    def __init__(self, *, reason: str | None = None) -> None:
        super().__init__()
        self.reason = reason


class AccountDisabledError(RefreshError):
    """The session's user may sign in no more, or is gone."""

    code = "account_disabled"
    title = "The account is disabled"


class DeviceMismatchError(RefreshError):
    """The session was started with another `device_id`; it lives on."""

    code = "device_mismatch"
    title = "The session was started on another device"
    is_final = False


class SessionNotFoundError(RenewalError):
    """The user has no such session; that of somebody else is answered the same."""

    code = "session_not_found"
    title = "There is no such session"
