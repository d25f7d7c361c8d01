"""What a verified access token says, and the tokens that one process remembers to have verified."""

from collections import OrderedDict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ...ground.per_process import PerProcess, new_lock


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessToken:
    """A verified access token. Times are Unix seconds."""

    subject: str
    session_id: str
    key_id: str
    """The key that signed it."""
    issued_at: int
    expires_at: int
    fresh: bool
    renewable_until: int | None
    """Until when the response header may renew it; ``None`` where it is not bounded."""
    renews_from: float
    """From when on so little of its life is left that the response header renews it."""
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    is_flat: bool
    """No header or claim holds others."""

    def copies(self) -> "tuple[dict[str, Any], Claims]":
        """Return header and claims for one request: a view may change them, the next request must not see it."""
        header, claims = (self.header, self.claims) if self.is_flat else deepcopy((self.header, self.claims))
        held = Claims(claims)
        held.token = self
        return {**header}, held


class Claims(dict[str, Any]):
    """The claims of an access token as one request sees them, and what that request has found out by them."""

    __slots__ = ("token", "user")

    token: AccessToken
    user: Any
    """The host's object of its user, once somebody has asked for it."""


class VerifiedTokens:
    """Tokens whose signature was verified, by their whole text, so that a forged neighbour is never found.

    At most `most` of them. Those first remembered leave first: when they have expired, and when there are too many.
    Reading takes no lock.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tokens: OrderedDict[str, AccessToken] = OrderedDict()
        self._changing = PerProcess(new_lock)
        self.get = self._tokens.get

    def __len__(self) -> int:
        return len(self._tokens)

    def forget(self, text: str) -> None:
        """Verify this token anew when it comes next."""
        with self._changing():
            self._tokens.pop(text, None)

    def remember(self, text: str, token: AccessToken, *, now: float) -> None:
        """Keep a verified token until it expires, or is the oldest of too many; `now` in Unix seconds."""
        with self._changing():
            self._tokens[text] = token
            while len(self._tokens) > self._most or self._oldest().expires_at <= now:
                self._tokens.popitem(last=False)
                if not self._tokens:
                    return

    def _oldest(self) -> AccessToken:
        return self._tokens[next(iter(self._tokens))]
