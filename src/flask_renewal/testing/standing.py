"""How a session stands, found out without touching it: the assertions look, they never refresh."""

from dataclasses import dataclass
from functools import partial

from flask import Flask

from ..ground.errors import RefreshError, TokenExpiredError, TokenInvalidError
from ..identity.services import Services
from ..identity.sessions.ending import DISABLED
from ..identity.tokens.refresh import RefreshTokens
from ..rotation import Verdict, judge
from ..stores.base import Session
from .parts import services_of

_CODES = {"reuse": "refresh_token_reused", DISABLED: "account_disabled"}
"""The codes of sessions that were ended for these reasons; of all others it is ``session_ended``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Whether a session can go on."""

    code: str | None
    """Why not, in the words of the API; ``None``: it can."""
    story: str
    """One sentence for people."""
    user_id: str | None = None
    username: str | None = None


NOBODY = Standing(code="refresh_token_missing", story="nobody has signed in with this client")


def of_refresh_token(app: Flask, text: str) -> Standing:
    """Judge a refresh token by the rule, as a refresh would, and write nothing."""
    services = services_of(app)
    try:
        token = RefreshTokens(services.keys).read(text)
    except RefreshError as error:
        return Standing(code=error.code, story="the refresh token is not one of this application's")
    session = services.store.find(token.session_id)
    if session is None:
        return Standing(code="session_expired", story=f"there is no row of session {token.session_id}")
    window = services.settings.quiet_window
    return _of(app, session, judge(session, token.id, now=services.ambient.now(), window=window))


def of_access_token(app: Flask, text: str) -> Standing:
    """Judge an access token as a guarded route would."""
    services = services_of(app)
    try:
        token = services.access_tokens.read(text)
    except (TokenExpiredError, TokenInvalidError) as error:
        return Standing(code=error.code, story=f"there is no refresh token, and: {error.detail}")
    return of_session(app, token.session_id)


def of_session(app: Flask, session_id: str) -> Standing:
    """Say how a session stands, whoever holds its tokens."""
    services = services_of(app)
    session = services.store.find(session_id)
    if session is None:
        return Standing(code="session_expired", story=f"there is no row of session {session_id}")
    window = services.settings.quiet_window
    return _of(app, session, judge(session, session.next, now=services.ambient.now(), window=window))


def _of(app: Flask, session: Session, verdict: Verdict) -> Standing:
    services = services_of(app)
    now, person = services.ambient.now(), services.people.go_on(session)
    who = _name(services, session)
    about = f"session {session.id} of {who or 'a user who is gone'}"
    standing = partial(Standing, user_id=session.user_id, username=who)
    if verdict is Verdict.ENDED:
        code = _CODES.get(session.ended_reason or "", "session_ended")
        return standing(code=code, story=f"{about} was ended at {session.ended_at}: {session.ended_reason}")
    if verdict is Verdict.EXPIRED:
        return standing(code="session_expired", story=f"{about} expired at {session.over_at}, it is now {now}")
    if verdict is Verdict.REUSE:
        story = f"this refresh token of {about} was replaced at {session.rotated_at}, it is now {now}"
        return standing(code="refresh_token_reused", story=story)
    if person is None:
        return standing(code="account_disabled", story=f"the account of {about} is disabled")
    return standing(code=None, story=f"{about} lives until {session.over_at} if it is not used again")


def _name(services: Services, session: Session) -> str | None:
    """Return whose session it is, also where they may not go on."""
    if services.ours is not None:
        account = services.users.find(session.user_id)
        return account.username if account else None
    person = services.people.find(session.user_id)
    return (person.username if person else None) or session.user_id
