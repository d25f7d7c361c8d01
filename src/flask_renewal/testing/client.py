"""`RenewalClient`: one person's browser in a test."""

import copy
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NoReturn, TypeVar

from werkzeug.test import TestResponse

from . import standing
from .jar import CookieJar
from .racing import HeldJar, shares_one_connection
from .signing_in import SigningIn
from .standing import NOBODY, Standing
from .whom import plain_id

Client = TypeVar("Client", bound="RenewalClient")


class RenewalClient(SigningIn):
    """A Flask test client that signs in, holds the access token and the cookies, and follows the renewal header.

    Use it as `app.test_client_class`, or make one with `RenewalClient(app)`. Each client has a jar and a token of its
    own; nothing of one user reaches another's.
    """

    def second_tab(self: Client) -> Client:
        """Open another tab: the same cookies, and no access token yet."""
        return self._other(self.jar)

    def second_device(self: Client, *, device: str | None = None) -> Client:
        """Sign the same user in on another device: a browser that shares nothing with this one."""
        if self._user_id is None:
            raise AssertionError("nobody is signed in; call login() first")
        return self._other(None).start_session(self._user_id, device=device)

    def steal(self: Client) -> Client:
        """Return a thief: a browser with a copy of all cookies and of the access token."""
        thief = self._other(self.jar.copy())
        vars(thief).update({name: vars(self)[name] for name in ("access_token", "username", "_user_id", "_session_id")})
        return thief

    def restart(self) -> None:
        """Close the browser and open it again: gone are the cookies that end with it, and the access token."""
        self.jar.end_browser_session()
        self.access_token = None

    def _other(self: Client, jar: CookieJar | None) -> Client:
        other = type(self)(
            self.application,
            self.response_wrapper,
            page=self.page,
            base_url=self.base_url,
            jar=jar,
            third_party_cookies=self.jar.third_party,
        )
        other.environ_base = copy.copy(self.environ_base)
        return other

    def race(
        self, tabs: int = 2, path: str | None = None, *, method: str = "POST", **kwargs: Any
    ) -> list[TestResponse]:
        """Send one request from that many tabs at the same moment, refreshes by default; return the answers.

        All go out with the cookies of before; then the cookies of all answers are kept, in the order they came in.
        On a database in memory, whose one connection threads must not share, they are handled one after the other.
        """
        held = HeldJar(self.jar)
        together = 1 if shares_one_connection(self.application) else tabs
        barrier = Barrier(together)

        def run(racer: RenewalClient) -> TestResponse:
            racer.access_token = self.access_token
            barrier.wait()
            return racer.open(path or self.url("refresh"), method=method, **kwargs)

        with ThreadPoolExecutor(together) as threads:
            answers = list(threads.map(run, [self._other(held) for _ in range(tabs)]))
        held.deliver()
        for answer in answers:
            self.note(answer)
        return answers

    def standing(self) -> Standing:
        """Say how the session stands, without touching it."""
        with self.application.app_context():
            return self._standing()

    def _standing(self) -> Standing:
        token = self.refresh_token()
        if token is not None:
            return standing.of_refresh_token(self.application, token)
        held = standing.of_access_token(self.application, self.access_token) if self.access_token else NOBODY
        if held.code is None or self._session_id is None:
            return held
        found = standing.of_session(self.application, self._session_id)
        lost = Standing(code="refresh_token_missing", story=f"the browser has no good token left, though {found.story}")
        return found if found.code else lost

    def assert_signed_in(self, user: object = None) -> None:
        """Fail unless the session can go on, and is that of `user`, a name, an id or an object, if one is given.

        Nothing is sent.
        """
        __tracebackhide__ = True
        now = self.standing()
        if now.code is not None:
            self._fail(f"{self._who()} is not signed in: {now.code}", now)
        if user is not None and user != now.username and plain_id(user) != now.user_id:
            self._fail(f"{now.username or now.user_id} is signed in, not {user}", now)

    def assert_ended(self, code: str | None = None) -> None:
        """Fail unless the session is over, and for the reason `code` (a code of the API) if one is given."""
        __tracebackhide__ = True
        now = self.standing()
        if now.code is None:
            self._fail(f"{self._who()} is still signed in", now)
        told = {now.code, self._refused or now.code}
        if code is not None and code not in told:
            self._fail(f"the session ended with {' and '.join(sorted(map(str, told)))}, not {code}", now)

    def _who(self) -> str:
        return self.username or self._user_id or "nobody"

    def _fail(self, failure: str, now: Standing) -> NoReturn:
        __tracebackhide__ = True
        dropped = [str(one) for one in self.jar.dropped[-3:]]
        raise AssertionError("\n".join([failure, now.story, *dropped]))
