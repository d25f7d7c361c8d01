"""A Flask test client that behaves like a browser: its cookies, its headers, what its pages may read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, has_app_context
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.http import dump_cookie
from werkzeug.test import Cookie as WerkzeugCookie
from werkzeug.test import TestResponse, run_wsgi_app

from ..ground.sites import origin
from . import fetching
from .call import Call
from .fetching import CALL, Environ
from .jar import Cookie, CookieJar
from .parts import services_of

_NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


class ResponseLostError(ConnectionError):
    """The application handled the request; its answer never arrived."""


class Browser(FlaskClient):
    """One tab of a browser. Set `page` to the origin of a browser app elsewhere, and it calls from there."""

    def __init__(
        self,
        application: Flask,
        response_wrapper: type[Response] | None = None,
        *args: Any,
        page: str | None = None,
        base_url: str | None = None,
        jar: CookieJar | None = None,
        third_party_cookies: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(application, response_wrapper or application.response_class, *args, **kwargs)
        self.page = page
        """Origin of the page whose script calls, such as ``https://app.example.com``; ``None``: the application's."""
        self.base_url = base_url
        """Where the application is served, such as ``https://api.example.com``; ``None``: as Flask has it."""
        self.jar = CookieJar(self._now, third_party=third_party_cookies) if jar is None else jar
        self._losing = False
        self._lost = 0

    def _now(self) -> Any:
        return services_of(self.application).ambient.now()

    @property
    def target(self) -> str:
        """The application's own origin, as this browser reaches it."""
        config = self.application.config
        own = f"{config['PREFERRED_URL_SCHEME']}://{config['SERVER_NAME'] or 'localhost'}"
        parts = urlsplit(self.base_url or own)
        return origin(parts.scheme, parts.netloc)

    def visit(self, path: str, **kwargs: Any) -> TestResponse:
        """Load a page as by a link or the address bar, following redirects."""
        return self._navigate(path, method="GET", **kwargs)

    def submit(self, path: str, form: dict[str, str], **kwargs: Any) -> TestResponse:
        """Submit a form of a page, following redirects."""
        return self._navigate(path, method="POST", data=form, **kwargs)

    def _navigate(self, path: str, **kwargs: Any) -> TestResponse:
        typed_in = {"Sec-Fetch-Site": "none"} if kwargs["method"] == "GET" and self.page is None else {}
        headers = {**_NAVIGATION, **typed_in, **kwargs.pop("headers", {})}
        return self.open(path, headers=headers, follow_redirects=True, **kwargs)

    @contextmanager
    def lose_response(self) -> Iterator[None]:
        """Lose the answer to the request that is made inside the block: it is handled, and nobody hears of it."""
        self._losing, self._lost = True, 0
        try:
            yield
        except ResponseLostError:
            pass
        finally:
            self._losing = False
        if not self._lost:
            raise AssertionError("no request was made in the block of lose_response()")

    def readable_headers(self, response: TestResponse) -> Headers:
        """Return the headers that the page's script can read: on another origin, only those exposed to it."""
        return fetching.readable_headers(_call(response), response.headers)

    def open(self, *args: Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: Any) -> TestResponse:
        """Send a request as Flask's test client does; raises `BlockedByBrowserError` where a browser would refuse."""
        if self.base_url is not None and args and isinstance(args[0], str) and args[0].startswith("/"):
            kwargs.setdefault("base_url", self.base_url)
        response = super().open(*args, buffered=buffered, follow_redirects=follow_redirects, **kwargs)
        fetching.check_answer(_call(response), response.status, response.headers)
        return response

    def run_wsgi_app(self, environ: Environ, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        """Send one request, after its preflight if it needs one; redirects come through here one by one."""
        call = environ[CALL] = fetching.call_of(environ, page=self.page)
        self.prepare(environ, call)
        fetching.add_browser_headers(environ, call)
        preflight = fetching.preflight_of(environ, call)
        if preflight is not None:
            _, status, headers = self._run(preflight, buffered=True)
            fetching.check_preflight(call, status, headers, asked=fetching.unsafe_headers(environ))
        self._add_cookies_to_wsgi(environ)
        answer = self._run(environ, buffered=buffered or self._losing)
        if self._losing:
            self._lost += 1
            raise ResponseLostError(f"the answer to {call.method} {call.path} was lost")
        self.jar.take(call, answer[2].getlist("Set-Cookie"))
        return answer

    def prepare(self, environ: Environ, call: Call) -> None:
        """Change a request before it is sent; for subclasses."""

    def _run(self, environ: Environ, *, buffered: bool) -> tuple[Iterable[bytes], str, Headers]:
        """Run the application as a server does, outside any context that the test holds open.

        Flask reuses an open application context, and with it `g`: one user's identity would be found there by the
        next user's request.
        """
        context = Context() if has_app_context() else copy_context()
        return context.run(run_wsgi_app, self.application, environ, buffered)

    def _add_cookies_to_wsgi(self, environ: Environ) -> None:
        """Write the jar's ``Cookie`` header; Flask's `session_transaction` calls this too."""
        environ["HTTP_COOKIE"] = self.jar.header(environ.get(CALL) or fetching.call_of(environ, page=self.page))
        if not environ["HTTP_COOKIE"]:
            del environ["HTTP_COOKIE"]

    def _update_cookies_from_response(self, server_name: str, path: str, headers: list[str]) -> None:
        """Keep the cookies of Flask's `session_transaction`, the only caller."""
        target = origin(urlsplit(self.target).scheme, server_name)
        self.jar.take(Call(target=target, path=path, method="GET", page=target, navigation=False), headers)

    def cookie(self, name: str) -> Cookie | None:
        """Return the living cookie of this name, if the jar has one."""
        return next((cookie for cookie in self.jar if cookie.name == name), None)

    def get_cookie(self, key: str, domain: str = "localhost", path: str = "/") -> WerkzeugCookie | None:
        """Return a cookie as Flask's test client shows it; `cookie` returns what the jar knows."""
        for held in self.jar:
            if (held.name, held.domain, held.path) == (key, domain, path):
                return _as_werkzeug(held)
        return None

    def set_cookie(
        self,
        key: str,
        value: str = "",
        *,
        domain: str = "localhost",
        origin_only: bool = True,
        path: str = "/",
        **kwargs: Any,
    ) -> None:
        """Set a cookie, as if an answer from `domain` over https had set it."""
        header = dump_cookie(key, value, domain=None if origin_only else domain, path=path, **kwargs)
        target = f"https://{domain}"
        self.jar.take(Call(target=target, path=path, method="GET", page=target, navigation=False), [header])

    def delete_cookie(self, key: str, *, domain: str = "localhost", path: str = "/") -> None:
        """Delete a cookie if the jar has it."""
        self.jar.remove(key, domain=domain, path=path)


def _call(response: TestResponse) -> Call:
    call: Call = response.request.environ[CALL]
    return call


def _as_werkzeug(cookie: Cookie) -> WerkzeugCookie:
    return WerkzeugCookie(
        key=cookie.name,
        value=cookie.value,
        decoded_key=cookie.name,
        decoded_value=cookie.value,
        expires=cookie.expires_at,
        max_age=None,
        domain=cookie.domain,
        origin_only=cookie.host_only,
        path=cookie.path,
        secure=cookie.secure,
        http_only=cookie.http_only,
        same_site=cookie.same_site,
    )
