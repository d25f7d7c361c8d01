"""The verbs by which a host signs in whom it has authenticated itself, and answers in a wire format of its own."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response, has_request_context

from ...ground.body import Body
from ...ground.errors import RefreshTokenInvalidError, RefreshTokenMissingError, TokenMissingError
from ...ground.origins import is_trusted
from ...guard.access import token_let_in
from ...guard.adopting import adopt
from ...guard.same_origin import check_origin
from ...guard.visitors import current_visitor, sign_out_on
from ...guard.visits import Cookies, Visit, Visitor, current_visit
from ...identity.request import provenance
from ...identity.services import current
from ...identity.sessions.grants import Grant, Origin
from ...identity.transport import BY_COOKIE, transport
from ...identity.users.host_functions import UserId, text_of
from ..api.answers import granted
from ..api.asked import origin_of
from ..api.routes import logged_out

_COOKIES = ("refresh", "pages", None)


class SigningIn:
    """Signs people in and out, whatever the road by which the host has proved who they are."""

    def sign_in(  # noqa: PLR0913 - a host names what it has
        self,
        user_id: UserId,
        *,
        remember: bool = True,
        device: str | None = None,
        device_id: str | None = None,
        claims: Mapping[str, Any] | None = None,
        fresh: bool = True,
        response: Response | None = None,
    ) -> Response:
        """Start a session for somebody whom the host has just authenticated, and answer as `POST /auth/login` does.

        With a `response`, a redirect of a page say, the pages' two cookies are set on that, and it is returned. The
        session whose cookie the request brought is ended. Nobody but the host knows whether the request is meant: a
        foreign page may post its own password to a form, so that people sign in as somebody else (login CSRF).

        Raises `AccountDisabledError` where the user may not sign in, `SignInRefusedError` as `before_sign_in` does,
        `InvalidRequestError` for a device or an id of one that cannot be, `UnknownUserError` where accounts are ours
        and none has this id, and `TypeError` or `ValueError` for `claims` that a session cannot have.
        """
        visit, way = _visit("sign_in", instead="start_session, which returns the grant"), transport()
        origin = _origin(remember=remember, device=device, device_id=device_id)
        start = partial(current().sessions.start_for, text_of(user_id), origin, claims=claims, fresh=fresh)
        if response is not None:
            visit.keep(start(replacing=visit.refresh_tokens()))
            return visit.write(response)
        grant = start(replacing=visit.refresh_tokens() if way is BY_COOKIE else ())
        visit.hands_out = True
        if way is BY_COOKIE:
            visit.keep(grant, cookies="refresh")
        return visit.finish(granted(grant, way))

    def sign_out(self, response: Response | None = None) -> Response:
        """End the session of this request and delete its cookies; answer as `POST /auth/logout` does.

        On a `response`, as the pages do. Raises `UntrustedOriginError` where a foreign page asks for it by another
        method than GET.
        """
        visit = _visit("sign_out", instead="end_session or end_sessions")
        check_origin()
        if response is not None:
            return sign_out_on(response)
        way = transport()
        if way is not BY_COOKIE:
            return logged_out(way, Body.sent())
        response = logged_out(way, Body({}))
        current().sessions.end_presented(visit.pending, reason="logout")
        visit.forget()
        return visit.finish(response)

    def start_session(  # noqa: PLR0913 - as sign_in
        self,
        user_id: UserId,
        *,
        remember: bool = True,
        device: str | None = None,
        device_id: str | None = None,
        claims: Mapping[str, Any] | None = None,
        fresh: bool = True,
        cookies: Cookies | None = "refresh",
    ) -> Grant:
        """Start a session as `sign_in` does, for a host with a wire format of its own; outside a request, too.

        Within one the refresh cookie goes on that request's answer, whatever the view returns; with `cookies="pages"`
        the access cookie of the pages beside it. With ``None``, and for a client of the body transport, the grant is
        all that there is, and the session whose cookie the request brought goes on.
        """
        if cookies not in _COOKIES:
            raise ValueError(f"cookies={cookies!r} is none of {', '.join(map(repr, _COOKIES))}.")
        origin = _origin(remember=remember, device=device, device_id=device_id)
        start = partial(current().sessions.start_for, text_of(user_id), origin, claims=claims, fresh=fresh)
        if not has_request_context():
            return start()
        visit = current_visit()
        if cookies is None or transport() is not BY_COOKIE:
            visit.hands_out = True
            return start()
        grant = start(replacing=visit.refresh_tokens())
        visit.keep(grant, cookies=cookies)
        return grant

    def refresh_session(self, refresh_token: str | None, *, device_id: str | None = None) -> Grant:
        """Exchange a refresh token, for a refresh route and a wire format of the host's own.

        The grant's `refresh_token` is ``None`` where the client is to hold on to the one it has. Where the token is
        not ours, `adopt` is asked, as it is at `POST /auth/refresh`. Raises the errors of that, with its codes: a
        `RefreshError`, an `AccountError`, `TooManyRequestsError` or `StoreUnavailableError`.
        """
        if has_request_context():
            current_visit().hands_out = True
        try:
            if not refresh_token:
                raise RefreshTokenMissingError
            return current().sessions.refresh(refresh_token, device_id)
        except (RefreshTokenMissingError, RefreshTokenInvalidError):
            adopted = _adopted()
            if adopted is None:
                raise
            return adopted

    def confirm(self, response: Response | None = None) -> Response:
        """Note that the host has just proved the user of this request again; answer as `POST /auth/confirm` does.

        By a second factor or a passkey, say. With a `response` the pages' access cookie is set on that. Raises
        `TokenMissingError` where nobody is signed in, `SessionOverError`, `AccountDisabledError`, and
        `InvalidCredentialsError` where somebody else acts for the user (`act`).
        """
        visit = _visit("confirm", instead="it in the view that has asked the user")
        grant = current().sessions.confirm_for(_session_at_hand())
        if response is not None:
            visit.keep(grant)
            return visit.write(response)
        visit.hands_out = True
        return visit.finish(granted(grant, transport()))

    def visitor(self) -> Visitor | None:
        """Return who asks for this page, by the pages' cookies; renewed on the way if need be, without a query else.

        The view needs no guard. Nobody is there outside a request, nor where a foreign page sends a form. Raises
        `TooManyRequestsError`, and `StoreUnavailableError` where a renewal is needed and cannot be done.
        """
        return current_visitor() if has_request_context() else None


def _visit(verb: str, *, instead: str) -> Visit:
    """Return what becomes of the cookies; raises `RuntimeError` where there is no request to answer."""
    if not has_request_context():
        raise RuntimeError(f"{verb} answers a request, and there is none here; call {instead}.")
    return current_visit()


def _adopted() -> Grant | None:
    """Start a session for whom the host says that this request carries a sign-in from before us, if of anybody."""
    if not has_request_context() or not is_trusted(provenance(), current().settings.trusted_origins):
        return None
    return adopt()


def _origin(*, remember: bool, device: str | None, device_id: str | None) -> Origin:
    return origin_of(Body({"remember": remember, "device": device, "device_id": device_id}))


def _session_at_hand() -> str:
    """Return the session by whose token or cookies this request was let in; raises `TokenMissingError`."""
    token = token_let_in()
    if token is not None:
        return token.session_id
    visitor = current_visitor()
    if visitor is None:
        raise TokenMissingError
    return visitor.session_id
