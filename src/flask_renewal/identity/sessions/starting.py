"""Where a session starts, and where a proof that was given again makes it fresh."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from ...ground import events
from ...ground.errors import AccountDisabledError, InvalidCredentialsError, SessionOverError
from ...stores.base import Ending, Session
from ..tokens.refresh import device_hash
from ..users.base import Account
from ..users.people import Person
from .claims import actor, checked
from .ending import Endings
from .grants import Grant, Origin, Terms, grant_of
from .new_session import new_session
from .parts import Parts
from .purging import Purging

REFUSED = "sign_in_refused"
"""The reason of an ending that nobody is told, for nobody has had a token."""

BROWSER_CHARACTERS = 10
AT_ONCE = timedelta(seconds=10)
"""Within which the tabs that a browser opens again have sent their first requests."""

ACTS = "Somebody else acts for the user in this session, and proves nothing in their name."


class Starting:
    """What somebody gets who has just proved who they are."""

    def __init__(self, parts: Parts, endings: Endings, purging: Purging) -> None:
        self._parts = parts
        self._endings = endings
        self._purging = purging

    def start(self, account: Account, origin: Origin, *, replacing: Iterable[str] = ()) -> Grant:
        """Start a session for somebody who has just proved the password of this account, as it was read.

        The sessions of the refresh tokens that it takes the place of, `replacing`, are over once it has begun. Raises
        `InvalidCredentialsError` where the account is another by now, and what the host's `before_sign_in` raises;
        then, and whatever else fails, no session is left.
        """
        check = partial(self._check_proof, account)
        return self._start(Person.of(account), origin, Terms(replacing=replacing), check=check)

    def start_for(
        self,
        user_id: str,
        origin: Origin,
        *,
        replacing: Iterable[str] = (),
        fresh: bool = True,
        claims: Mapping[str, Any] | None = None,
        browser: str = "",
    ) -> Grant:
        """Start a session for somebody whom the host has authenticated, just now if it is `fresh`; as `start`.

        Where another tab of the same `browser` has just done so, hand out that session. `claims` are the session's own;
        one with an `act` is never fresh. Raises `TypeError` or `ValueError` for what cannot be kept,
        `AccountDisabledError` where they may not sign in, and `UnknownUserError` where no account of ours has this id.
        """
        own = checked(claims, reserved=self._parts.access_tokens.reserved)
        terms = Terms(replacing=replacing, fresh=fresh and actor(own) is None, claims=own, browser=browser)
        check = partial(self._find, user_id)
        return self._start(check(), origin, terms, check=check)

    def _start(self, person: Person, origin: Origin, terms: Terms, *, check: Callable[[], object]) -> Grant:
        parts = self._parts
        parts.functions.ask_before_sign_in(person.id)
        session = new_session(person, origin, terms, parts.settings, parts.ambient)
        displaced = parts.store.start(session, keep=parts.settings.max_sessions_per_user)
        self._endings.note(displaced)
        try:
            check()  # after the session was written: of it and of who disables the user, one sees the other
            started = self._first_of_tabs(session) if terms.browser else session
            device = device_hash(origin.device_id)
            token = parts.refresh_tokens.issue(session_id=started.id, token_id=started.next, device=device)
            grant = grant_of(parts, started, person, fresh=terms.fresh, refresh_token=token)
            self._purging.note_sign_in()
            if started is session:
                parts.notices.send(events.session_started, session=session)
            self._endings.end_presented(terms.replacing, reason="replaced")
        except BaseException:
            parts.store.end(Ending(reason=REFUSED, now=parts.ambient.now(), session_id=session.id))
            raise
        return grant

    def _first_of_tabs(self, session: Session) -> Session:
        """Return the session, or one that began before it in another tab; then it is over itself.

        Whoever gives way has written first and looks after: of two, the later sees the earlier.
        """
        tabs = [
            other
            for other in self._parts.store.list(session.user_id, now=session.last_used_at)
            if other.id.startswith(session.id[:BROWSER_CHARACTERS]) and session.created_at - other.created_at < AT_ONCE
        ]
        first = min(tabs, key=lambda tab: (tab.created_at, tab.id), default=session)
        if first.id == session.id:
            return session
        self._parts.store.end(Ending(reason=REFUSED, now=session.last_used_at, session_id=session.id))
        return first

    def confirm(self, session_id: str, account: Account) -> Grant:
        """Note that the password was just proved again; hand out a fresh access token and no refresh token.

        Raises `SessionOverError`, and `InvalidCredentialsError` as `start`, and where somebody else acts for the user.
        """
        session = self._proved(session_id)
        self._check_proof(account)
        return grant_of(self._parts, session, Person.of(account), fresh=True, refresh_token=None)

    def confirm_for(self, session_id: str) -> Grant:
        """Note that the host has just proved the user again; as `confirm`.

        Raises `SessionOverError`, `AccountDisabledError` where the user may not go on, and `InvalidCredentialsError`
        where somebody else acts for them.
        """
        session = self._proved(session_id)
        person = self._parts.people.go_on(session)
        if person is None:
            raise AccountDisabledError
        return grant_of(self._parts, session, person, fresh=True, refresh_token=None)

    def _proved(self, session_id: str) -> Session:
        """Note the proof; raises `SessionOverError`, and `InvalidCredentialsError` where somebody else acts."""
        known = self._parts.store.find(session_id)
        if known is not None and actor(known.claims) is not None:
            raise InvalidCredentialsError(ACTS)
        session = self._parts.store.touch(session_id, self._parts.use(), authenticated=True)
        if session is None:
            raise SessionOverError
        return session

    def _find(self, user_id: str) -> Person:
        person = self._parts.people.find(user_id)
        if person is None:
            raise self._parts.people.refusal(user_id)
        return person

    def _check_proof(self, proved: Account) -> None:
        """Raise `InvalidCredentialsError` where the account is not what was proved any more, or may not sign in.

        Asked after the session was written and before anybody has a token of it. Whoever changes a password, or
        disables a user, writes that first and ends the sessions after; so of two who come at once, one sees the other.
        """
        if not self._parts.people.is_still(proved):
            self._parts.notices.send(events.login_failed, user_id=proved.id)
            raise InvalidCredentialsError
