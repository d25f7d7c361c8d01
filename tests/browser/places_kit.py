"""A place, served: a page, the API, its clock, and what it was asked."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conftest import PASSWORD, Clock
from cookie_names import without_port
from flask import Flask

from flask_renewal import create_app
from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.services import current

from .places import Place
from .serving import page_app, serving
from .tabs import address_of

Wsgi = Callable[..., Iterable[bytes]]
Headers = list[tuple[str, str]]
ALICE = {"username": "alice", "password": PASSWORD}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that reached the API."""

    path: str
    status: int
    cookies: frozenset[str]
    """Names of those that came along, without the port."""
    renewed: bool
    """Whether the API put a renewed token into a header of the answer."""


class Between:
    """Stands between the browser and the API as a proxy does: notes requests and may change headers of answers."""

    def __init__(self, app: Wsgi, change: Callable[[Headers], Headers]) -> None:
        self._app = app
        self._change = change
        self.asked: list[Asked] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: Headers, *error: Any) -> Any:
            if environ["REQUEST_METHOD"] != "OPTIONS":
                self.asked.append(_asked(environ, int(status[:3]), headers))
            return start_response(status, self._change(headers), *error)

        return self._app(environ, start)


def _asked(environ: dict[str, Any], status: int, headers: Headers) -> Asked:
    return Asked(
        path=environ["PATH_INFO"],
        status=status,
        cookies=frozenset(map(without_port, SimpleCookie(environ.get("HTTP_COOKIE", "")))),
        renewed="X-Renewed-Access-Token" in dict(headers),
    )


def unchanged(headers: Headers) -> Headers:
    return headers


def unpartitioned(headers: Headers) -> Headers:
    return [(name, value.replace("; Partitioned", "")) for name, value in headers]


def unexposed(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name != "Access-Control-Expose-Headers"]


@dataclass(frozen=True, kw_only=True)
class World:
    """A place that can be visited."""

    app: Flask
    clock: Clock
    between: Between
    page: str
    api: str

    @property
    def address(self) -> str:
        return address_of(self.page, self.api)

    def has(self, session_id: str) -> bool:
        """Say whether the API knows this session as one that goes on."""
        with self.app.app_context():
            session = current().store.find(session_id)
        return session is not None and session.ended_at is None

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.between.asked if asked.path == path]


@contextmanager
def served(
    place: Place, folder: Path, tls: ssl.SSLContext, *, change: Callable[[Headers], Headers] = unchanged
) -> Iterator[World]:
    """Serve a place whose answers are changed on the way."""
    with ExitStack() as servers:

        def serve(app: Any, origin: str) -> str:
            asked = urlsplit(origin)
            secured = tls if asked.scheme == "https" else None
            return servers.enter_context(serving(app, host=str(asked.hostname), tls=secured))

        alone, clock = place.page == place.api, Clock()
        page = None if alone else serve(page_app(), place.page)
        config = {"RENEWAL_TRUSTED_ORIGINS": [page] if page else [], "RATELIMIT_ENABLED": False, **place.settings}
        app = create_app(config, instance_path=folder, ambient=Ambient(now=clock))
        app.test_client().post("/auth/register", json=ALICE)
        between = Between(app.wsgi_app, change)
        app.wsgi_app = between  # type: ignore[method-assign]
        api = serve(_behind_a_page(app) if alone else app, place.api)
        yield World(app=app, clock=clock, between=between, page=page or api, api=api)


def _behind_a_page(api: Wsgi) -> Wsgi:
    """Let the page's own host hand on what is the API's, as a reverse proxy does."""
    page = page_app()

    def host(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        app = api if environ["PATH_INFO"].startswith("/auth/") else page
        return app(environ, start_response)

    return host
