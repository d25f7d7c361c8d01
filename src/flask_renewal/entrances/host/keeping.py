"""What a host does with the sessions of its users: lists them, looks at one, ends them."""

from ...identity.services import current
from ...identity.sessions.ending import ENDED_BY_HOST
from ...stores.base import Session


class Keeping:
    """The sessions of the application at hand; every verb works within an application context."""

    def sessions(self, user_id: object) -> list[Session]:
        """Return the living sessions of a user, newest use first."""
        return list(current().sessions.list(str(user_id)))

    def session(self, session_id: str) -> Session:
        """Return a living session; raises `errors.SessionNotFoundError` where there is none of this id."""
        return current().sessions.living(session_id)

    def end_session(self, session_id: str) -> None:
        """End a session; raises `errors.SessionNotFoundError` where there is no living one of this id.

        Takes effect everywhere within `RENEWAL_REVOCATION_DELAY`. Whoever refreshes it is told `ended_by_host`.
        """
        current().sessions.end(session_id, reason=ENDED_BY_HOST)

    def end_sessions(self, user_id: object, *, but: str | None = None) -> int:
        """End the sessions of a user, all `but` the one of this id if it is given; return how many were ended."""
        return current().sessions.end_all(str(user_id), reason=ENDED_BY_HOST, but=but)
