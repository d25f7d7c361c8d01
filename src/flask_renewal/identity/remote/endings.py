"""The ended sessions of another application, where a store would be."""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NoReturn

from ...ground.errors import ConfigurationError
from ...stores.base import Session
from ..tokens.access import REGISTERED
from ..tokens.verified import AccessToken
from .issuer import Issuer

ONLY_VERIFIES = (
    "This application only verifies access tokens, for RENEWAL_ISSUER_URL is set; ask the application there to do that."
)


class RemoteEndings:
    """What of a store a guard needs; asked for anything else, it says who has the sessions."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        """Return the ids of the sessions ended after `moment`, and when each was; raises `StoreUnavailableError`."""
        if not self._issuer.tells_endings:
            return {}
        told = self._issuer.ended_since(moment.timestamp())
        return {session_id: datetime.fromtimestamp(at, timezone.utc) for session_id, at in told.items()}

    def clock(self) -> None:
        """Return no time: an ending is asked for from so long before that a clock may be wrong."""

    def find(self, session_id: str) -> NoReturn:
        """Raise `ConfigurationError`: sessions are the other application's."""
        raise ConfigurationError(ONLY_VERIFIES)

    def __getattr__(self, verb: str) -> Any:
        raise ConfigurationError(ONLY_VERIFIES)


def told_by(token: AccessToken) -> Session:
    """Return a session as an access token of it tells it: what only its row knows is empty, or as old as the token."""
    proved, issued, over = (
        datetime.fromtimestamp(seconds, timezone.utc)
        for seconds in (token.claims["auth_time"], token.issued_at, token.expires_at)
    )
    return Session(
        id=token.session_id,
        user_id=token.subject,
        device=None,
        user_agent=None,
        remember=True,
        created_at=proved,
        last_used_at=issued,
        authenticated_at=proved,
        superseded=None,
        current=None,
        next="",
        rotated_at=issued,
        idle_expires_at=over,
        expires_at=None,
        claims={name: value for name, value in token.claims.items() if name not in REGISTERED},
    )
