"""What a host does with the sessions and the accounts of its users."""

from collections.abc import Mapping
from typing import Any

from ...guard.access import token_let_in
from ...guard.connections import Connection, connect
from ...identity.remote.endings import told_by
from ...identity.services import current
from ...identity.sessions.ending import ENDED_BY_HOST
from ...identity.users.host_functions import UserId, text_of
from ...stores.base import Session


class Keeping:
    """The sessions of the application at hand; every verb works within an application context."""

    @property
    def current_session(self) -> Session | None:
        """The session of the token by which this request was let in, read anew; ``None`` where there is none.

        In an application that only verifies, what the token says of it.
        """
        token, services = token_let_in(), current()
        if token is None:
            return None
        if services.settings.issuer_url is not None:
            return told_by(token)
        return services.store.find(token.session_id)

    def connect(self, token: str) -> Connection:
        """Let a WebSocket, or another connection that outlives its token, in by an access token.

        Ask the connection's `is_over()` more often than `RENEWAL_REVOCATION_DELAY`, from wherever, and close it then.
        Raises `errors.TokenInvalidError`, `errors.TokenExpiredError` or `errors.SessionEndedError`.
        """
        return connect(token)

    def sessions(self, user_id: UserId) -> list[Session]:
        """Return the living sessions of a user, newest use first."""
        return list(current().sessions.list(text_of(user_id)))

    def session(self, session_id: str) -> Session:
        """Return a living session; raises `errors.SessionNotFoundError` where there is none of this id."""
        return current().sessions.living(session_id)

    def end_session(self, session_id: str) -> None:
        """End a session; raises `errors.SessionNotFoundError` where there is no living one of this id.

        Takes effect everywhere within `RENEWAL_REVOCATION_DELAY`. Whoever refreshes it is told `ended_by_host`.
        """
        current().sessions.end(session_id, reason=ENDED_BY_HOST)

    def end_sessions(self, user_id: UserId, *, but: str | None = None) -> int:
        """End the sessions of a user, all `but` the one of this id if it is given; return how many were ended."""
        return current().sessions.end_all(text_of(user_id), reason=ENDED_BY_HOST, but=but)

    def set_claims(self, session_id: str, claims: Mapping[str, Any]) -> None:
        """Replace the session's own claims: every token that is made from then on carries them.

        A JSON object of at most 1 KiB. Raises `TypeError` for what is no such object, `ValueError` for a larger one and
        for a claim that Flask-Renewal sets, and `errors.SessionNotFoundError` as `session`.
        """
        current().sessions.set_claims(session_id, claims)

    def set_password(self, user_id: UserId, password: str) -> int:
        """Set a password that somebody has forgotten, and end every session; return how many were ended.

        Where the accounts are ours; else `errors.ConfigurationError`. Raises `errors.UnknownUserError`,
        `errors.InvalidRequestError` and `errors.WeakPasswordError`; then nothing is changed.
        """
        return current().accounts.set_password(text_of(user_id), password)
