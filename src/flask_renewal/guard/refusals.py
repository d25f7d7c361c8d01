"""What a guard answers where the host has no callback of its own."""

from collections.abc import Mapping

from flask import Response

from ..ground import events
from ..ground.errors import (
    FreshTokenRequiredError,
    RenewalError,
    SessionOverError,
    TokenExpiredError,
    TokenInvalidError,
    TokenMissingError,
)
from ..ground.problems import from_refusal
from ..identity.services import current

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
_TOLD_HERE = (TokenMissingError, FreshTokenRequiredError)
"""What is wrong with a token is told where it is read, whoever answers."""


def answer(refusal: type[RenewalError]) -> Response:
    """Return the answer to a request that is not let in."""
    if refusal in _TOLD_HERE:
        tell(refusal)
    return from_refusal(refusal())


def tell(refusal: type[RenewalError]) -> bool:
    """Tell who listens that a request is not let in; it is so, whatever they make of it."""
    current().events.send(events.access_token_refused, code=refusal.code)
    return True
