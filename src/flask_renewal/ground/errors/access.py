"""Access tokens that are refused, or cannot be made."""

from .base import RenewalError


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
    """The access token is good, and the password was not proved for it; `POST /auth/confirm` gets one that is fresh.

    `max_age` is how many seconds ago it may have been proved, where that is what counts (RFC 9470 §3).
    """

    code = "fresh_token_required"
    title = "The password must have been proved just now"

    def __init__(self, *, max_age: int | None = None) -> None:
        super().__init__()
        self.max_age = max_age


class ServiceKeyInvalidError(AccessError):
    """Another service asks for the ended sessions with none of the `RENEWAL_SERVICE_KEYS`."""

    code = "service_key_invalid"
    title = "The service key is missing or wrong"


class TokenTooLargeError(RenewalError):
    """What the host adds to an access token makes it larger than the guard lets in; the log says so."""

    code = "token_too_large"
    title = "The access token would be too large to be let in"
