"""The use cases of sessions: start, refresh, renew, end, list.

Here the rule, the store, the tokens, the clock and the events come together. A refresh is one conditional update; only
when no row came back is the session read and the rule asked why.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ...ground import events
from ...ground.ambient import Ambient
from ...ground.errors import (
    AccountDisabledError,
    InvalidCredentialsError,
    RefreshTokenReusedError,
    SessionEndedError,
    SessionExpiredError,
    SessionNotFoundError,
    SessionOverError,
    StoreUnavailableError,
)
from ...ground.events import Events
from ...rotation import Verdict, judge
from ...settings import Settings
from ...stores.base import Ending, Session, Store, Swap, Use
from ..tokens.access import AccessTokens
from ..tokens.refresh import RefreshToken, RefreshTokens, device_hash
from ..tokens.verified import AccessToken
from ..users.base import Account, Users
from ..users.throttle import Throttle
from .grants import Grant, Origin
from .new_session import new_session
from .purging import Purging
from .revocations import Revocations

DISABLED = "account_disabled"
"""The reason of an ending that a later refresh is told."""
REFUSED = "sign_in_refused"
"""The reason of an ending that nobody is told, for nobody has had a token."""

LONGEST_ID = 32
"""Characters, as in `stores.sql`."""

_TRIES = 3


class Sessions:
    """The sessions of one application."""

    def __init__(  # noqa: PLR0913 - this is where everything comes together
        self,
        *,
        settings: Settings,
        store: Store,
        users: Users,
        access_tokens: AccessTokens,
        refresh_tokens: RefreshTokens,
        revocations: Revocations,
        throttle: Throttle,
        ambient: Ambient,
        notices: Events,
    ) -> None:
        self._settings = settings
        self._store = store
        self._users = users
        self._access_tokens = access_tokens
        self._refresh_tokens = refresh_tokens
        self._revocations = revocations
        self._throttle = throttle
        self._ambient = ambient
        self._notices = notices
        self.purging = Purging(store, ambient)

    def start(self, account: Account, origin: Origin, *, replacing: Iterable[str] = ()) -> Grant:
        """Start a session for somebody who has just proved the password of this account, as it was read.

        The sessions of the refresh tokens that it takes the place of, `replacing`, are over once it has begun. Raises
        `InvalidCredentialsError` where the account is another by now; then, and whatever else fails, no session
        is left.
        """
        session = new_session(account, origin, self._settings, self._ambient)
        displaced = self._store.start(session, keep=self._settings.max_sessions_per_user)
        self._note_ended(displaced)
        try:
            self._check_proof(account)
            device = device_hash(origin.device_id)
            grant = self._grant(session, account.username, device=device, token_id=session.next, fresh=True)
            self.purging.note_sign_in()
            self._notices.send(events.session_started, session=session)
            self.end_presented(replacing, reason="replaced")
        except BaseException:
            self._store.end(Ending(reason=REFUSED, now=self._ambient.now(), session_id=session.id))
            raise
        return grant

    def _check_proof(self, proved: Account) -> None:
        """Raise `InvalidCredentialsError` where the account is not what was proved any more, or may not sign in.

        Asked after the session was written and before anybody has a token of it. Whoever changes a password, or
        disables a user, writes that first and ends the sessions after; so of two who come at once, one sees the other.
        """
        account = self._users.find(proved.id)
        if account is None or account.disabled or account.password_hash != proved.password_hash:
            self._notices.send(events.login_failed, user_id=proved.id)
            raise InvalidCredentialsError

    def refresh(self, presented: str, device_id: str | None) -> Grant:
        """Exchange a refresh token, by the rotation rule.

        Raises a `RefreshError` that says why not, `TooManyRequestsError`, or `StoreUnavailableError`. However many
        requests race with one token, one is handed the next token and the others are answered quietly.
        """
        token = self._refresh_tokens.read(presented)
        token.check_device(device_id)
        self._throttle.count_refresh(token.session_id)
        swap = self._swap(token, Verdict.ROTATE)
        session = self._store.rotate(swap)
        if session is not None:
            return self._granted(session, token, token_id=swap.fresh)
        return self._refresh_otherwise(token)

    def _refresh_otherwise(self, token: RefreshToken) -> Grant:
        """Ask the rule why the normal rotation found no row, and do what it says."""
        for _ in range(_TRIES):
            session = self._store.find(token.session_id)
            if session is None:
                raise SessionExpiredError
            now = self._ambient.now()
            verdict = judge(session, token.id, now=now, window=self._settings.quiet_window)
            if verdict is Verdict.QUIET:
                return self._granted(session, token, token_id=None)
            if verdict not in (Verdict.ROTATE, Verdict.REPLACE):
                self._refuse(session, verdict, now)
            swap = self._swap(token, verdict)
            swapped = self._store.rotate(swap)
            if swapped is not None:
                return self._granted(swapped, token, token_id=swap.fresh)
        raise StoreUnavailableError

    def _refuse(self, session: Session, verdict: Verdict, now: datetime) -> None:
        if verdict is Verdict.EXPIRED:
            raise SessionExpiredError
        if verdict is Verdict.ENDED:
            if session.ended_reason == DISABLED:
                raise AccountDisabledError
            raise SessionEndedError(reason=session.ended_reason)
        if self._end(Ending(reason="reuse", now=now, session_id=session.id)):
            self._notices.send(events.refresh_token_reused, session=session)
        raise RefreshTokenReusedError

    def _swap(self, token: RefreshToken, verdict: Verdict) -> Swap:
        return Swap(
            session_id=token.session_id,
            verdict=verdict,
            presented=token.id,
            fresh=self._ambient.new_id(),
            window=self._settings.quiet_window,
            use=self._use(),
        )

    def _granted(self, session: Session, token: RefreshToken, *, token_id: str | None) -> Grant:
        username = session.username or self._name_of(session)
        if username is None:
            self._end(Ending(reason=DISABLED, now=self._ambient.now(), session_id=session.id))
            raise AccountDisabledError
        if token_id is not None:
            self._notices.send(events.session_refreshed, session=session)
        return self._grant(session, username, device=token.device, token_id=token_id, fresh=False)

    def _name_of(self, session: Session) -> str | None:
        """Return the name of the session's user, if that is who it was started for and may sign in."""
        account = self._users.find(session.user_id)
        if account is None or account.disabled or not account.existed(session.created_at):
            return None
        return account.username

    def _grant(self, session: Session, username: str, *, device: str, token_id: str | None, fresh: bool) -> Grant:
        access_token, expires_in = self._access_tokens.issue(session, fresh=fresh)
        refresh_token = None
        if token_id is not None:
            refresh_token = self._refresh_tokens.issue(session_id=session.id, token_id=token_id, device=device)
        return Grant(
            session=session,
            username=username,
            access_token=access_token,
            expires_in=expires_in,
            refresh_token=refresh_token,
        )

    def confirm(self, session_id: str, account: Account) -> Grant:
        """Note that the password was just proved again; hand out a fresh access token and no refresh token.

        Raises `SessionOverError`, and `InvalidCredentialsError` as `start`.
        """
        session = self._store.touch(session_id, self._use(), authenticated=True)
        if session is None:
            raise SessionOverError
        self._check_proof(account)
        return self._grant(session, account.username, device="", token_id=None, fresh=True)

    def renew(self, token: AccessToken) -> str | None:
        """Return a new access token for the response header, or ``None`` where this one must not be renewed.

        One conditional update slides the idle timeout and says whether the session lives. `renewable_until` is
        carried over, so a stolen access token cannot be kept alive by this road.
        """
        now = self._ambient.now().timestamp()
        if self._settings.header_limit is not None and now >= (token.renewable_until or 0):
            return None
        session = self._store.touch(token.session_id, self._use())
        if session is None or session.user_id != token.subject:
            return None
        renewed, life = self._access_tokens.issue(session, fresh=False, renewable_until=token.renewable_until)
        return renewed if now + life > token.expires_at else None

    def list(self, user_id: str) -> Sequence[Session]:
        """Return the user's living sessions, newest use first."""
        return self._store.list(user_id, now=self._ambient.now())

    def find(self, session_id: str, *, user_id: str) -> Session:
        """Return this session of this user; raises `SessionNotFoundError`, for another user's session too."""
        session = self._store.find(session_id)
        if session is None or session.user_id != user_id:
            raise SessionNotFoundError
        return session

    def rename(self, session_id: str, *, user_id: str, device: str | None) -> Session:
        """Give the device of a session another name; raises `SessionNotFoundError` as `end` does."""
        session = self._store.rename(session_id, user_id=user_id, device=device, now=self._ambient.now())
        if session is None:
            raise SessionNotFoundError
        return session

    def end(self, session_id: str, *, reason: str, user_id: str | None = None) -> None:
        """End one session; raises `SessionNotFoundError` if there is no such living session (of this user).

        The id may be anything that somebody typed: what no id can be is not shown to the database.
        """
        if len(session_id) > LONGEST_ID or not session_id.isascii() or not session_id.isprintable():
            raise SessionNotFoundError
        ending = Ending(reason=reason, now=self._ambient.now(), session_id=session_id, user_id=user_id)
        if not self._end(ending):
            raise SessionNotFoundError

    def end_all(self, user_id: str, *, reason: str, but: str | None = None) -> int:
        """End the user's sessions, all `but` one if it is given; return how many were ended."""
        return len(self._end(Ending(reason=reason, now=self._ambient.now(), user_id=user_id, but=but)))

    def end_others(self, session_id: str, *, user_id: str, reason: str) -> int:
        """End the user's other sessions; return how many were ended.

        Raises `SessionOverError` unless this one lives: its access token is let in a little longer than it does.
        """
        if all(session.id != session_id for session in self.list(user_id)):
            raise SessionOverError
        return self.end_all(user_id, reason=reason, but=session_id)

    def end_own(self, session_id: str, *, user_id: str, reason: str, everywhere: bool) -> None:
        """End the session of an access token, with `everywhere` all of the user's; as `end_presented`."""
        self._end_with(
            Ending(reason=reason, now=self._ambient.now(), session_id=session_id, user_id=user_id), everywhere
        )

    def end_presented(self, presented: Iterable[str], *, reason: str, everywhere: bool = False) -> bool:
        """End the sessions of refresh tokens, whatever their state; say whether any of them is ours.

        With `everywhere` end all of the user's: only a session that lives itself may end the others, for a token
        stolen long ago is good for nothing. Raises `StoreUnavailableError`: a logout that cannot be written must not
        look as if it had been.
        """
        tokens = [token for token in map(self._refresh_tokens.find, presented) if token is not None]
        for token in tokens:
            self._end_with(Ending(reason=reason, now=self._ambient.now(), session_id=token.session_id), everywhere)
        return bool(tokens)

    def _end_with(self, ending: Ending, everywhere: bool) -> None:
        for session in self._end(ending):
            if everywhere:
                self.end_all(session.user_id, reason=ending.reason)

    def _end(self, ending: Ending) -> Sequence[Session]:
        ended = self._store.end(ending)
        self._note_ended(ended)
        return ended

    def _note_ended(self, ended: Sequence[Session]) -> None:
        self._revocations.note(session.id for session in ended)
        for session in ended:
            self._notices.send(events.session_ended, session=session, reason=session.ended_reason)

    def _use(self) -> Use:
        return Use.at(
            self._ambient.now(), idle=self._settings.idle_timeout, short_idle=self._settings.short_idle_timeout
        )
