"""Where a session starts, and where a password that was proved again makes it fresh."""

from collections.abc import Iterable

from ...ground import events
from ...ground.errors import InvalidCredentialsError, SessionOverError
from ...stores.base import Ending
from ..tokens.refresh import device_hash
from ..users.base import Account
from .ending import Endings
from .grants import Grant, Origin, grant_of
from .new_session import new_session
from .parts import Parts
from .purging import Purging

REFUSED = "sign_in_refused"
"""The reason of an ending that nobody is told, for nobody has had a token."""


class Starting:
    """What somebody gets who has just proved the password."""

    def __init__(self, parts: Parts, endings: Endings, purging: Purging) -> None:
        self._parts = parts
        self._endings = endings
        self._purging = purging

    def start(self, account: Account, origin: Origin, *, replacing: Iterable[str] = ()) -> Grant:
        """Start a session for somebody who has just proved the password of this account, as it was read.

        The sessions of the refresh tokens that it takes the place of, `replacing`, are over once it has begun. Raises
        `InvalidCredentialsError` where the account is another by now; then, and whatever else fails, no session
        is left.
        """
        parts = self._parts
        session = new_session(account, origin, parts.settings, parts.ambient)
        displaced = parts.store.start(session, keep=parts.settings.max_sessions_per_user)
        self._endings.note(displaced)
        try:
            self._check_proof(account)
            device = device_hash(origin.device_id)
            token = parts.refresh_tokens.issue(session_id=session.id, token_id=session.next, device=device)
            grant = grant_of(parts, session, account.username, fresh=True, refresh_token=token)
            self._purging.note_sign_in()
            parts.notices.send(events.session_started, session=session)
            self._endings.end_presented(replacing, reason="replaced")
        except BaseException:
            parts.store.end(Ending(reason=REFUSED, now=parts.ambient.now(), session_id=session.id))
            raise
        return grant

    def confirm(self, session_id: str, account: Account) -> Grant:
        """Note that the password was just proved again; hand out a fresh access token and no refresh token.

        Raises `SessionOverError`, and `InvalidCredentialsError` as `start`.
        """
        session = self._parts.store.touch(session_id, self._parts.use(), authenticated=True)
        if session is None:
            raise SessionOverError
        self._check_proof(account)
        return grant_of(self._parts, session, account.username, fresh=True, refresh_token=None)

    def _check_proof(self, proved: Account) -> None:
        """Raise `InvalidCredentialsError` where the account is not what was proved any more, or may not sign in.

        Asked after the session was written and before anybody has a token of it. Whoever changes a password, or
        disables a user, writes that first and ends the sessions after; so of two who come at once, one sees the other.
        """
        account = self._parts.users.find(proved.id)
        if account is None or account.disabled or account.password_hash != proved.password_hash:
            self._parts.notices.send(events.login_failed, user_id=proved.id)
            raise InvalidCredentialsError
