"""Every refusal, as one small tree that knows no HTTP: a `code` that clients may rely on, a sentence for people."""

from .access import (
    AccessError,
    FreshTokenRequiredError,
    ServiceKeyInvalidError,
    SessionOverError,
    TokenExpiredError,
    TokenInvalidError,
    TokenMissingError,
    TokenTooLargeError,
)
from .accounts import (
    AccountError,
    InvalidCredentialsError,
    RegistrationClosedError,
    SignInRefusedError,
    UnknownUserError,
    UsernameTakenError,
    WeakPasswordError,
)
from .base import (
    ConfigurationError,
    RenewalError,
    SigningKeyError,
)
from .requests import (
    InvalidRequestError,
    RequestError,
    TooManyRequestsError,
    UnsupportedMediaTypeError,
    UntrustedOriginError,
)
from .sessions import (
    AccountDisabledError,
    DeviceMismatchError,
    RefreshError,
    RefreshTokenAmbiguousError,
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RefreshTokenReusedError,
    SessionEndedError,
    SessionExpiredError,
    SessionNotFoundError,
)
from .stores import (
    StoreError,
    StoreRefusedError,
    StoreUnavailableError,
)

__all__ = [
    "AccessError",
    "AccountDisabledError",
    "AccountError",
    "ConfigurationError",
    "DeviceMismatchError",
    "FreshTokenRequiredError",
    "InvalidCredentialsError",
    "InvalidRequestError",
    "RefreshError",
    "RefreshTokenAmbiguousError",
    "RefreshTokenInvalidError",
    "RefreshTokenMissingError",
    "RefreshTokenReusedError",
    "RegistrationClosedError",
    "RenewalError",
    "RequestError",
    "ServiceKeyInvalidError",
    "SessionEndedError",
    "SessionExpiredError",
    "SessionNotFoundError",
    "SessionOverError",
    "SignInRefusedError",
    "SigningKeyError",
    "StoreError",
    "StoreRefusedError",
    "StoreUnavailableError",
    "TokenExpiredError",
    "TokenInvalidError",
    "TokenMissingError",
    "TokenTooLargeError",
    "TooManyRequestsError",
    "UnknownUserError",
    "UnsupportedMediaTypeError",
    "UntrustedOriginError",
    "UsernameTakenError",
    "WeakPasswordError",
]
