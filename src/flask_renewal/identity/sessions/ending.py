"""Where sessions are ended, whoever asks for it."""

from collections.abc import Iterable, Sequence

from ...ground import events
from ...ground.errors import SessionNotFoundError, SessionOverError
from ...stores.base import Ending, Session
from .parts import Parts

DISABLED = "account_disabled"
"""The reason of an ending that a later refresh is told."""

DELETED = "account_deleted"
"""The reason of an ending together with the account."""

ENDED_BY_HOST = "ended_by_host"
"""The reason of an ending by the command line or by the host's own code."""

REUSE = "reuse"
"""The reason of an ending because two parties held tokens of the session."""

LONGEST_ID = 32
"""Characters, as in `stores.sql`."""


def is_id(text: str) -> bool:
    """Say whether a text may be the id of a session; what may not is not shown to the database."""
    return len(text) <= LONGEST_ID and text.isascii() and text.isprintable()


class Endings:
    """Ends sessions; each verb writes to the store, then tells this process and the listeners."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def end(self, session_id: str, *, reason: str, user_id: str | None = None) -> None:
        """End one session; raises `SessionNotFoundError` if there is no such living session (of this user).

        The id may be anything that somebody typed.
        """
        if not is_id(session_id) or not self.write(self._ending(reason, session_id=session_id, user_id=user_id)):
            raise SessionNotFoundError

    def end_all(self, user_id: str, *, reason: str, but: str | None = None) -> int:
        """End the user's sessions, all `but` one if it is given; return how many were ended."""
        return len(self.write(self._ending(reason, user_id=user_id, but=but)))

    def end_others(self, session_id: str, *, user_id: str, reason: str) -> int:
        """End the user's other sessions; return how many were ended.

        Raises `SessionOverError` unless this one lives: its access token is let in a little longer than it does.
        """
        living = self._parts.store.list(user_id, now=self._parts.ambient.now())
        if all(session.id != session_id for session in living):
            raise SessionOverError
        return self.end_all(user_id, reason=reason, but=session_id)

    def end_own(self, session_id: str, *, user_id: str, reason: str, everywhere: bool) -> None:
        """End the session of an access token, with `everywhere` all of the user's; as `end_presented`."""
        self._end_with(self._ending(reason, session_id=session_id, user_id=user_id), everywhere)

    def end_presented(self, presented: Iterable[str], *, reason: str, everywhere: bool = False) -> bool:
        """End the sessions of refresh tokens, whatever their state; say whether any of them is ours.

        With `everywhere` end all of the user's: only a session that lives itself may end the others, for a token
        stolen long ago is good for nothing. Raises `StoreUnavailableError`: a logout that cannot be written must not
        look as if it had been.
        """
        tokens = [token for token in map(self._parts.refresh_tokens.find, presented) if token is not None]
        for token in tokens:
            self._end_with(self._ending(reason, session_id=token.session_id), everywhere)
        return bool(tokens)

    def _end_with(self, ending: Ending, everywhere: bool) -> None:
        for session in self.write(ending):
            if everywhere:
                self.end_all(session.user_id, reason=ending.reason)

    def _ending(
        self, reason: str, *, session_id: str | None = None, user_id: str | None = None, but: str | None = None
    ) -> Ending:
        now = self._parts.ambient.now()
        return Ending(reason=reason, now=now, session_id=session_id, user_id=user_id, but=but)

    def write(self, ending: Ending) -> Sequence[Session]:
        """End the sessions that are meant; return those that this call has ended."""
        ended = self._parts.store.end(ending)
        self.note(ended)
        return ended

    def note(self, ended: Sequence[Session]) -> None:
        """Let this process let their access tokens in no more, and tell who listens."""
        self._parts.revocations.note(session.id for session in ended)
        for session in ended:
            self._parts.notices.send(events.session_ended, session=session, reason=session.ended_reason)
