"""What a guard answers where the host has no callback of its own."""

from collections.abc import Mapping

from ..ground.errors import (
    FreshTokenRequiredError,
    RenewalError,
    SessionOverError,
    TokenExpiredError,
    TokenInvalidError,
    TokenMissingError,
)

REFUSALS: Mapping[str, type[RenewalError]] = {
    "unauthorized": TokenMissingError,
    "expired_token": TokenExpiredError,
    "revoked_token": SessionOverError,
    "needs_fresh_token": FreshTokenRequiredError,
    "invalid_token": TokenInvalidError,
    "user_lookup_error": TokenInvalidError,
    "token_verification_failed": TokenInvalidError,
}
"""By the names of Flask-JWT-Extended's callbacks."""
