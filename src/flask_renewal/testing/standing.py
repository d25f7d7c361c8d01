"""How a session stands, found out without touching it: the assertions look, they never refresh."""

from dataclasses import dataclass

from flask import Flask

from ..ground.errors import RefreshError, TokenExpiredError, TokenInvalidError
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
    now, account = services.ambient.now(), services.users.find(session.user_id)
    who = account.username if account else None
    about = f"session {session.id} of {who or 'a user who is gone'}"
    if verdict is Verdict.ENDED:
        code = _CODES.get(session.ended_reason or "", "session_ended")
        story = f"{about} was ended at {session.ended_at}: {session.ended_reason}"
        return Standing(code=code, story=story, username=who)
    if verdict is Verdict.EXPIRED:
        story = f"{about} expired at {session.over_at}, it is now {now}"
        return Standing(code="session_expired", story=story, username=who)
    if verdict is Verdict.REUSE:
        story = f"this refresh token of {about} was replaced at {session.rotated_at}, it is now {now}"
        return Standing(code="refresh_token_reused", story=story, username=who)
    if account is None or account.disabled:
        return Standing(code="account_disabled", story=f"the account of {about} is disabled", username=who)
    return Standing(code=None, story=f"{about} lives until {session.over_at} if it is not used again", username=who)
