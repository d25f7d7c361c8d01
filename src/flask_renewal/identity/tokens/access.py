"""Access tokens: JSON Web Tokens after RFC 9068, verified without the store."""

import json
import logging
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import jwt

from ...ground.ambient import Ambient
from ...ground.errors import TokenExpiredError, TokenInvalidError, TokenTooLargeError
from ...ground.text import shown
from ...settings import Settings
from ...stores.base import Session
from .compact import COMPACT, header_of, is_time, segment, signed
from .keys.ring import KeyRing
from .keys.signing_key import SigningKey
from .verified import AccessToken, VerifiedTokens

LONGEST_TOKEN = 8192
"""Bytes; a longer token is refused before anything looks at it."""
ISSUED_AHEAD_SECONDS = 60
"""How far ahead of ours the clock of the server that issued a token may be."""
MOST_VERIFIED = 10_000
"""How many verified tokens one process remembers, at about 2 kB each."""

_ACCESS, _PAGE = "access", "page"
_OURS = ("iss", "sub", "aud", "exp", "iat", "jti", "sid", "client_id", "auth_time", "fresh", "renewable_until")
_BOUND = "cnf"
"""Says that a token is good only with a proof of a key (RFC 7800 §3.1), which nobody here asks for."""
REGISTERED = frozenset({*_OURS, "nbf", "type", _BOUND})
"""The claims that no host sets: ours, and one that would promise what nobody keeps."""

FindSession = Callable[[str], Session | None]

_log = logging.getLogger("flask_renewal")


class Additions(Protocol):
    """What the host adds to every token of a user, at sign-in and at each renewal alike."""

    identity_claim: str
    """The claim that names the user beside `sub`, where the host has one: `JWT_IDENTITY_CLAIM`."""

    def added(self, user_id: str, session: Callable[[], Session]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return header members and claims; `session` returns the one that the token is of, if it is asked for."""

    def encode(self, members: Mapping[str, Any]) -> str:
        """Return them in JSON, in as few characters as that takes."""


class AccessTokens:
    """Issues and reads the access tokens of one application."""

    def __init__(
        self,
        settings: Settings,
        keys: KeyRing,
        *,
        ambient: Ambient,
        additions: Additions,
        find: FindSession,
        surer_time: Callable[[], float],
    ) -> None:
        """Let `find` return the session of an id, for what the host adds to a token that is not issued but read.

        `surer_time` is asked before the time of `ambient` refuses a token.
        """
        self._settings = settings
        self.keys = keys
        self._ambient = ambient
        self._additions = additions
        self._verified = VerifiedTokens(MOST_VERIFIED)
        self.remembered = self._verified.get
        """Returns a token that was verified before, by its text: its expiry and its key are for the caller to check."""
        self._life = int(settings.access_life.total_seconds())
        self._header_limit = None if settings.header_limit is None else int(settings.header_limit.total_seconds())
        self._leeway = settings.leeway.total_seconds()
        self._find = find
        self._surer_time = surer_time
        self.reserved = REGISTERED | {additions.identity_claim}
        """The claims that no session has of its own."""

    def issue(self, session: Session, *, fresh: bool, renewable_until: int | None = None) -> tuple[str, int]:
        """Return a new token of the session and the seconds that it lives.

        It never outlives the session. `fresh` is for a password just proved. `renewable_until` is carried over by
        a renewal in the header; otherwise it starts anew.
        """
        issued_at = int(self._ambient.timestamp())
        expires_at = max(issued_at, min(issued_at + self._life, int(session.over_at.timestamp())))
        if renewable_until is None and self._header_limit is not None:
            renewable_until = issued_at + self._header_limit
        key = self.keys.signing_key
        header, added = self._additions.added(session.user_id, lambda: session)
        claims = {
            **added,
            **session.claims,
            "iss": self._settings.issuer,
            "sub": session.user_id,
            "aud": self._settings.audience,
            "exp": expires_at,
            "iat": issued_at,
            "jti": self._ambient.new_id(),
            "sid": session.id,
            "client_id": self._settings.issuer,
            "auth_time": int(session.authenticated_at.timestamp()),
            "type": _ACCESS,
            "fresh": fresh,
            **({} if renewable_until is None else {"renewable_until": renewable_until}),
        }
        encode, ours = self._additions.encode, header_of(key.algorithm, key.kid)
        token = signed(encode({**header, **json.loads(ours)}) if header else ours, encode(claims), key)
        if len(token) > LONGEST_TOKEN:
            said = "an access token of %d bytes for user %s is not handed out, for the guard lets in %d: %s"
            mend = "let additional_claims_loader and claims_loader add less"
            _log.error(said, len(token), shown(session.user_id), LONGEST_TOKEN, mend)
            raise TokenTooLargeError
        return token, expires_at - issued_at

    def read_issued(self, token: str) -> AccessToken:
        """Return what a token says that this process has just issued: there is nothing to verify."""
        return self._told(segment(token, 0), segment(token, 1))

    def for_cookie(self, token: str, session: Session) -> str:
        """Return a token for the pages' cookie alone that says the same without what the host's loaders added.

        `read_cookie` adds that again. Its type is another: let in elsewhere, it would lack claims that restrict. What
        is the session's own stays in it: nobody is ever taken for the person for whom they act.
        """
        claims, key = self.read_expired(token).claims, self.keys.signing_key
        kept = {name: claims[name] for name in (*session.claims, *_OURS) if name in claims}
        return signed(header_of(key.algorithm, key.kid), self._additions.encode({**kept, "type": _PAGE}), key)

    def read(self, token: str, *, now: float | None = None) -> AccessToken:
        """Return what a token says, once its signature, kind, issuer, audience and times hold.

        Raises `TokenInvalidError`, or `TokenExpiredError` for one that was ours and has expired. `now` is for a caller
        who has looked at the clock already.
        """
        known = self.read_expired(token)
        over_at = known.expires_at + self._leeway
        if over_at <= (self._ambient.timestamp() if now is None else now) and over_at <= self._surer_time():
            self._verified.forget(token)
            raise TokenExpiredError
        return known

    def read_expired(self, token: str) -> AccessToken:
        """Return what a token says, expired or not; raises `TokenInvalidError`."""
        known = self._verified.get(token)
        if known is None:
            return self._verify(token)
        if self.keys.find(known.key_id) is None:
            self._verified.forget(token)
            raise TokenInvalidError
        return known

    def is_ours(self, token: str) -> bool:
        """Say whether one of our keys signed the token of a cookie, expired or not."""
        with suppress(TokenInvalidError):
            return bool(self.read_cookie_expired(token))
        return False

    def read_cookie(self, token: str) -> AccessToken:
        """Return what the token of the pages' cookie says; raises as `read`."""
        known = self.read_cookie_expired(token)
        if known.expires_at + self._leeway <= self._ambient.timestamp():
            raise TokenExpiredError
        if known.claims["type"] != _PAGE:
            return known
        header, added = self._additions.added(known.subject, partial(self._session, known.session_id))
        claims = {**added, **known.claims, "type": _ACCESS}
        return replace(known, header={**header, **known.header}, claims=claims, is_flat=False)

    def _session(self, session_id: str) -> Session:
        session = self._find(session_id)
        if session is None:
            raise TokenInvalidError
        return session

    def read_cookie_expired(self, token: str) -> AccessToken:
        """Return what is in the token of the pages' cookie, expired or not; raises `TokenInvalidError`."""
        with suppress(TokenInvalidError):
            return self.read_expired(token)
        return self._verify(token, kind=_PAGE)

    def _verify(self, token: str, *, kind: str = _ACCESS) -> AccessToken:
        if len(token) > LONGEST_TOKEN or not COMPACT.fullmatch(token):
            raise TokenInvalidError
        header = segment(token, 0)
        key = self._key_for(header)
        try:
            jwt.PyJWS().decode(token, key.public_key, [key.algorithm])
        except jwt.PyJWTError as error:
            raise TokenInvalidError from error
        verified = self._checked(header, segment(token, 1), kind)
        if kind == _ACCESS:
            self._verified.remember(token, verified, now=self._ambient.timestamp() - self._leeway)
        return verified

    def _key_for(self, header: Mapping[str, Any]) -> SigningKey:
        """Return the key that the header names, with whose algorithm alone it is verified, if the rest is as ours."""
        key = self.keys.find(header.get("kid"))
        if key is None or header.get("typ") != "at+jwt" or "crit" in header:
            raise TokenInvalidError
        return key

    def _checked(self, header: Mapping[str, Any], claims: Mapping[str, Any], kind: str) -> AccessToken:
        """Check the claims that RFC 9068 §2.2 requires, and ours."""
        texts = [*map(claims.get, ("sub", "sid", "jti", "client_id"))]
        times = [*map(claims.get, ("exp", "iat", "auth_time")), claims.get("renewable_until", 0), claims.get("nbf", 0)]
        sound = (
            claims.get("type") == kind
            and claims.get("iss") == self._settings.issuer
            and claims.get("aud") == self._settings.audience
            and all(texts)
            and set(map(type, texts)) == {str}
            and all(map(is_time, times))
            and isinstance(claims.get("fresh"), bool)
            and _BOUND not in claims
            and self._has_begun(max(claims["iat"], claims.get("nbf", 0)))
        )
        if not sound:
            raise TokenInvalidError
        return self._told(header, claims)

    def _has_begun(self, moment: float) -> bool:
        earliest = moment - ISSUED_AHEAD_SECONDS
        return earliest <= self._ambient.timestamp() or earliest <= self._surer_time()

    def _told(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> AccessToken:
        threshold = self._settings.header_threshold
        return AccessToken(
            subject=claims["sub"],
            session_id=claims["sid"],
            key_id=header["kid"],
            issued_at=int(claims["iat"]),
            expires_at=int(claims["exp"]),
            fresh=claims["fresh"],
            renewable_until=claims.get("renewable_until"),
            renews_from=claims["exp"] - threshold * (claims["exp"] - claims["iat"]) if threshold else math.inf,
            header=header,
            claims=claims,
            is_flat={list, dict}.isdisjoint(map(type, (*header.values(), *claims.values()))),
        )
