"""Every refusal, as one small tree that knows no HTTP: a `code` that clients may rely on, a sentence for people."""

from typing import ClassVar


class RenewalError(Exception):
    """A refusal with a stable `code` and one sentence of `detail`; only its kinds are raised."""

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
    """The body is of another media type than JSON (RFC 9110 §15.5.16)."""

    code = "unsupported_media_type"
    title = "The body must be application/json"


class UntrustedOriginError(RequestError):
    """Another origin than the trusted ones asks for a change; nothing was read and nothing was changed."""

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
    """The database refuses for good; as text it says why, its `detail`, which clients are shown, does not."""

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
    """The name or the password is wrong: which of them, nobody is told."""

    code = "invalid_credentials"
    title = "The user name or the password is wrong"


class UsernameTakenError(AccountError):
    """Another account has this name, compared without regard to case."""

    code = "username_taken"
    title = "This user name is taken"


class WeakPasswordError(AccountError):
    """A new password is too short or one of the first that anybody would try; `detail` says which."""

    code = "weak_password"
    title = "The password is too weak"


class RegistrationClosedError(AccountError):
    """Nobody may register: `RENEWAL_REGISTRATION` is false."""

    code = "registration_closed"
    title = "Registration is closed"


class UnknownUserError(AccountError):
    """Whoever runs the application names a user that there is not."""

    code = "user_not_found"
    title = "There is no such user"


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


class AccessError(RenewalError):
    """An access token is refused (RFC 6750 §3.1)."""


class TokenMissingError(AccessError):
    """The request brings no access token."""

    code = "token_missing"
    title = "An access token is needed"


class TokenInvalidError(AccessError):
    """The access token is malformed, signed by another key, or of another kind, issuer or audience."""

    code = "token_invalid"
    title = "The access token is not valid"


class TokenExpiredError(AccessError):
    """The access token is over; a refresh gets another one."""

    code = "token_expired"
    title = "The access token has expired"


class SessionOverError(AccessError):
    """The access token is good, its session has been ended; in the words of `SessionEndedError`."""

    code = "session_ended"
    title = "The session has been ended"


class FreshTokenRequiredError(AccessError):
    """The access token is good, and the password was not proved for it; `POST /auth/confirm` gets one that is fresh."""

    code = "fresh_token_required"
    title = "The password must have been proved just now"
