"""Where things are counted: at the signals that there are, and at the two doors that no signal tells of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from blinker import NamedSignal
from flask import Flask

from ...ground import events
from ...ground.errors import RenewalError, StoreRefusedError, UntrustedOriginError
from ...identity.services import Services
from ...identity.sessions.grants import Grant
from ...identity.sessions.sessions import Sessions
from ...identity.tokens.verified import AccessToken
from ...rotation import Verdict
from . import figures


def listen(app: Flask) -> None:
    """Count what signals tell of this application."""
    for signal, count in _COUNTS.items():
        signal.connect(count, app)


def _session_started(sender: Flask, **facts: Any) -> None:
    figures.SIGN_INS.count("started")


def _login_failed(sender: Flask, **facts: Any) -> None:
    figures.SIGN_INS.count("refused")


def _session_refreshed(sender: Flask, *, verdict: str, **facts: Any) -> None:
    figures.REFRESHES.count(verdict)


def _session_ended(sender: Flask, *, reason: str, **facts: Any) -> None:
    figures.ENDED.count(reason)


def _refresh_token_reused(sender: Flask, *, presented: str, **facts: Any) -> None:
    figures.FALSE_SIGN_OUTS.count(presented)


def _refresh_token_ambiguous(sender: Flask, **facts: Any) -> None:
    figures.REFRESHES.count("refresh_token_ambiguous")


def _access_token_refused(sender: Flask, *, code: str, **facts: Any) -> None:
    figures.GUARD_REFUSALS.count(code)


def _untrusted_origin(sender: Flask, *, refused: bool = True, **facts: Any) -> None:
    if refused:
        figures.GUARD_REFUSALS.count(UntrustedOriginError.code)


def _too_many_attempts(sender: Flask, *, counted_by: str, **facts: Any) -> None:
    figures.THROTTLED.count(counted_by)


_COUNTS: Mapping[NamedSignal, Callable[..., None]] = {
    events.session_started: _session_started,
    events.login_failed: _login_failed,
    events.session_refreshed: _session_refreshed,
    events.session_ended: _session_ended,
    events.refresh_token_reused: _refresh_token_reused,
    events.refresh_token_ambiguous: _refresh_token_ambiguous,
    events.access_token_refused: _access_token_refused,
    events.untrusted_origin: _untrusted_origin,
    events.too_many_attempts: _too_many_attempts,
}


class _Counted:
    """The use cases of sessions, of which two are counted that no signal tells of; all else of them is as it is."""

    def __init__(self, services: Services) -> None:
        self._sessions, self._ambient = services.sessions, services.ambient

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sessions, name)

    def refresh(self, presented: str, device_id: str | None) -> Grant:
        """Count quiet answers and refusals; of tokens that are handed out the signal tells."""
        try:
            grant = self._sessions.refresh(presented, device_id)
        except RenewalError as error:
            figures.REFRESHES.count(error.code)
            raise
        except Exception:
            figures.REFRESHES.count(StoreRefusedError.code)
            raise
        if grant.refresh_token is None:
            figures.REFRESHES.count(Verdict.QUIET.value)
            figures.QUIET_AGE.observe(self._ambient.timestamp() - grant.session.rotated_at.timestamp())
        return grant

    def renew(self, token: AccessToken) -> str | None:
        renewed = self._sessions.renew(token)
        if renewed is not None:
            figures.HEADER_RENEWALS.inc()
        return renewed


def counted(services: Services) -> Services:
    """Return the services of an application with sessions whose refreshes and renewals are counted."""
    return replace(services, sessions=cast(Sessions, _Counted(services)))
