"""How the refresh token travels between this client and us: chosen once, where the request comes in."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from flask import Response

from ..ground.body import Body
from ..ground.context import this_request
from .request import clear_cookies, clear_refresh_cookie, sent_refresh_cookies, set_refresh_cookie
from .services import current
from .sessions.grants import Grant


class Transport(Protocol):
    """One way for a refresh token to come and go."""

    def sent(self, body: Body) -> Sequence[str]:
        """Return the refresh tokens that the request brings: one, unless it is missing or somebody planted another."""

    def replaced(self) -> Sequence[str]:
        """Return the refresh tokens that a sign-in takes the place of."""

    def members(self, grant: Grant, presented: str | None) -> Mapping[str, str]:
        """Return what the token response says of the refresh token; `presented` is the one that was sent."""

    def write(self, grant: Grant, response: Response) -> None:
        """Put a new refresh token on the answer, outside its body."""

    def forget(self, response: Response) -> None:
        """Let the client forget a refresh token that is dead for good."""

    def sign_out(self, response: Response) -> None:
        """Let the client forget whatever it holds of ours."""


class _ByCookie:
    """In an HttpOnly cookie, which no script can read."""

    def sent(self, body: Body) -> Sequence[str]:
        return sent_refresh_cookies()

    def replaced(self) -> Sequence[str]:
        return sent_refresh_cookies()

    def members(self, grant: Grant, presented: str | None) -> Mapping[str, str]:
        return {}

    def write(self, grant: Grant, response: Response) -> None:
        if grant.refresh_token is not None:
            set_refresh_cookie(response, grant.refresh_token, grant.session)

    def forget(self, response: Response) -> None:
        clear_refresh_cookie(response)

    def sign_out(self, response: Response) -> None:
        clear_cookies(response)


class _ByBody:
    """In the JSON body, for a client without a cookie jar; what cookies it has are left alone."""

    def sent(self, body: Body) -> Sequence[str]:
        token = body.optional_text("refresh_token")
        return () if token is None else (token,)

    def replaced(self) -> Sequence[str]:
        return ()

    def members(self, grant: Grant, presented: str | None) -> Mapping[str, str]:
        token = grant.refresh_token or presented
        return {} if token is None else {"refresh_token": token}

    def write(self, grant: Grant, response: Response) -> None:
        pass

    def forget(self, response: Response) -> None:
        pass

    def sign_out(self, response: Response) -> None:
        pass


BY_COOKIE: Transport = _ByCookie()
BY_BODY: Transport = _ByBody()


def transport() -> Transport:
    """Return the way that this client asks for, where the host allows it."""
    asked = this_request().environ.get("HTTP_X_REFRESH_TRANSPORT") == "body"
    return BY_BODY if asked and current().settings.body_transport else BY_COOKIE
