"""Every refusal, as one small tree.

Nothing here knows HTTP: a refusal has a stable `code`, which clients may rely on, and a sentence for people.
`RenewalError` itself is never raised.
"""

from typing import ClassVar


class RenewalError(Exception):
    """A refusal with a stable `code` and one sentence of `detail`."""

    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or f"{self.title}."
        super().__init__(self.detail)


class ConfigurationError(RenewalError):
    """A setting stops the start; the sentence names the key, the value and the mend."""

    code = "configuration_error"
    title = "The configuration cannot be used"


class RequestError(RenewalError):
    """The request itself cannot be understood."""


class InvalidRequestError(RequestError):
    """A body or one field of it is not what the request asks for."""

    code = "invalid_request"
    title = "The request is not valid"

    def __init__(self, detail: str | None = None, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class UnsupportedMediaTypeError(RequestError):
    code = "unsupported_media_type"
    title = "The body must be application/json"


class UntrustedOriginError(RequestError):
    code = "untrusted_origin"
    title = "The request comes from an origin that is not trusted"


class TooManyRequestsError(RequestError):
    """A rate limit is reached; `retry_after` is in whole seconds (RFC 9110 §10.2.3)."""

    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Too many requests; try again in {retry_after} seconds.")
        self.retry_after = retry_after


class StoreError(RenewalError):
    """The store does not do what it was asked for; the cause is in the log."""


class StoreUnavailableError(StoreError):
    """The database cannot be reached or does not accept writes; nothing was decided, so trying again is right."""

    code = "store_unavailable"
    title = "Sessions cannot be reached just now"


class StoreRefusedError(StoreError):
    """The database refuses for good: trying again does not help.

    As text it says why, for whoever runs the application; its `detail`, which clients are shown, does not.
    """

    code = "internal_error"
    title = "Something went wrong here; it has been noted"

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.args = (cause,)


class TokenTooLargeError(RenewalError):
    """What the host adds to an access token makes it larger than the guard lets in; the log says so."""

    code = "token_too_large"
    title = "The access token would be too large to be let in"


class AccountError(RenewalError):
    """Something about an account or its password is refused."""


class InvalidCredentialsError(AccountError):
    code = "invalid_credentials"
    title = "The user name or the password is wrong"


class UsernameTakenError(AccountError):
    code = "username_taken"
    title = "This user name is taken"


class WeakPasswordError(AccountError):
    code = "weak_password"
    title = "The password is too weak"


class RegistrationClosedError(AccountError):
    code = "registration_closed"
    title = "Registration is closed"


class UnknownUserError(AccountError):
    code = "user_not_found"
    title = "There is no such user"


class RefreshError(RenewalError):
    """A refresh token is refused.

    `is_final` says that the presented token can never work again, so the client's copy may be deleted.
    """

    is_final: ClassVar[bool] = True
    reason: str | None = None
    """Why the session was ended, in one word for programs, where it was ended before its time."""


class RefreshTokenMissingError(RefreshError):
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
    code = "refresh_token_reused"
    title = "The refresh token was used before; the session has been ended"
    reason = "reuse"


class SessionExpiredError(RefreshError):
    code = "session_expired"
    title = "The session has expired"


class SessionEndedError(RefreshError):
    """The session was ended before its time.

    `reason` is ``logout``, ``replaced``, ``displaced``, ``ended_by_user``, ``ended_by_host``, ``password_changed``,
    ``account_disabled``, ``account_deleted`` or ``reuse``.
    """

    code = "session_ended"
    title = "The session has been ended"

    def __init__(self, *, reason: str | None = None) -> None:
        super().__init__()
        self.reason = reason


class AccountDisabledError(RefreshError):
    code = "account_disabled"
    title = "The account is disabled"


class DeviceMismatchError(RefreshError):
    code = "device_mismatch"
    title = "The session was started on another device"
    is_final = False


class SessionNotFoundError(RenewalError):
    code = "session_not_found"
    title = "There is no such session"


class AccessError(RenewalError):
    """An access token is refused (RFC 6750 §3.1)."""


class TokenMissingError(AccessError):
    code = "token_missing"
    title = "An access token is needed"


class TokenInvalidError(AccessError):
    code = "token_invalid"
    title = "The access token is not valid"


class TokenExpiredError(AccessError):
    code = "token_expired"
    title = "The access token has expired"


class SessionOverError(AccessError):
    """The access token is good, its session has been ended; in the words of `SessionEndedError`."""

    code = "session_ended"
    title = "The session has been ended"


class FreshTokenRequiredError(AccessError):
    code = "fresh_token_required"
    title = "The password must have been proved just now"
