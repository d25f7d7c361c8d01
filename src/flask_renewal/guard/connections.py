"""Connections that outlive the token by which they began: WebSockets, and streams that go on for hours."""

from flask import Flask

from ..ground.context import this_app
from ..ground.errors import SessionEndedError, SessionNotFoundError, StoreUnavailableError
from ..identity.services import EXTENSION, Services
from ..identity.tokens.verified import AccessToken


class Connection:
    """What a long connection knows of the session that it belongs to: `user_id`, `session_id`, and whether it is over.

    It needs no request and no application context, so one thread of the host's may watch many.
    """

    def __init__(self, app: Flask, token: AccessToken) -> None:
        self.user_id = token.subject
        self.session_id = token.session_id
        self._app = app
        self._services: Services = app.extensions[EXTENSION]
        self._look_again_at = float(token.expires_at)

    def is_over(self) -> bool:
        """Say whether the session has ended, as known at most `RENEWAL_REVOCATION_DELAY` ago: ask more often than that.

        A session that nobody uses any more is noticed within the life of an access token: one query in that time, and
        none else. While the store is away nothing is over. A service that only verifies knows of endings alone.
        """
        now = self._services.ambient.timestamp()
        with self._app.app_context():
            if self._services.revocations.is_ended(self.session_id, now):
                return True
            is_due = self._services.settings.issuer_url is None and now >= self._look_again_at
            return is_due and not self._lives(now)

    def _lives(self, now: float) -> bool:
        self._look_again_at = now + self._services.settings.access_life.total_seconds()
        try:
            self._services.sessions.living(self.session_id)
        except SessionNotFoundError:
            self._look_again_at = now
            return False
        except StoreUnavailableError:
            pass
        return True


def connect(token: str) -> Connection:
    """Return the connection that an access token lets in.

    Raises `TokenInvalidError`, `TokenExpiredError` or `SessionEndedError`.
    """
    app = this_app()
    services: Services = app.extensions[EXTENSION]
    connection = Connection(app, services.access_tokens.read(token))
    if connection.is_over():
        raise SessionEndedError
    return connection
