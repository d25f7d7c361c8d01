"""The extension: `Renewal(app, db=db, user_model=User)`."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from flask import Flask, has_app_context
from flask_sqlalchemy import SQLAlchemy

from .entrances import check, cli
from .entrances.api import client_files, cors
from .entrances.api import routes as api
from .entrances.gateway import verify
from .entrances.host.callbacks import Callbacks
from .entrances.host.keeping import Keeping
from .entrances.host.signing_in import SigningIn
from .ground import json_lines
from .ground.ambient import Ambient
from .ground.errors import ConfigurationError, RenewalError
from .ground.extras import load
from .ground.problems import from_refusal, how_to_make_tables
from .ground.proxies import TrustedProxies
from .guard import access as guard
from .guard import https_only, jwt_extended, leaving
from .guard.their_defaults import defaulted
from .identity.host import Host
from .identity.remote.endings import RemoteEndings
from .identity.remote.issuer import Issuer
from .identity.services import EXTENSION, Services, assemble
from .identity.users.base import Users
from .identity.users.objects import Objects
from .identity.users.people import People
from .identity.users.sql import SQLUsers
from .settings import Settings
from .stores.base import Store
from .stores.database import Database
from .stores.session_table import session_table
from .stores.sql import SQLStore
from .stores.sqlite import has_written


@dataclass(frozen=True, kw_only=True)
class _Given:
    """What the host hands over."""

    db: SQLAlchemy | None = None
    user_model: type[Any] | None = None
    users: Users | None = None
    cors_paths: str | None = None
    ambient: Ambient | None = None

    def but(self, **others: Any) -> "_Given":
        """Return the same with those of the others that are there."""
        return replace(self, **{name: value for name, value in others.items() if value is not None})


class Renewal(Callbacks, SigningIn, Keeping):
    """Keeps the users of a Flask application signed in.

    `db` is the host's `SQLAlchemy`, initialised with the application before; the table of sessions joins its metadata.
    It may be left out where `RENEWAL_STORE` keeps the sessions and no `user_model` needs it.
    The host's users are either rows of `user_model`, a model with the columns of `UserMixin`, or whatever `users`
    makes of them: then their accounts are kept here. With neither, the host proves who people are, and signs them in by
    `sign_in`. `cors_paths` is a regular expression of the host's paths that trusted origins may call with
    credentials, beside those of the API; a host that has a `CORS` of its own leaves its own paths to it. `ambient` is
    for tests that move time.

    A `JWTManager` that the host wants to set up itself must come first.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        db: SQLAlchemy | None = None,
        user_model: type[Any] | None = None,
        users: Users | None = None,
        cors_paths: str | None = None,
        ambient: Ambient | None = None,
    ) -> None:
        """Keep the arguments for `init_app`, and call it if there is an application; raises what that raises."""
        super().__init__()
        self._given = _Given(db=db, user_model=user_model, users=users, cors_paths=cors_paths, ambient=ambient)
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask,
        *,
        db: SQLAlchemy | None = None,
        user_model: type[Any] | None = None,
        users: Users | None = None,
        cors_paths: str | None = None,
        ambient: Ambient | None = None,
    ) -> None:
        """Set up the application; raises `ConfigurationError` with one sentence that says what to mend.

        What is not given here is taken as `Renewal(…)` got it. Each application is set up once; one `Renewal` may set
        up several.
        """
        if EXTENSION in app.extensions:
            raise ConfigurationError(
                "Flask-Renewal is set up on this application already; call init_app once, or make another application."
            )
        given = self._given.but(db=db, user_model=user_model, users=users, cors_paths=cors_paths, ambient=ambient)
        settings = Settings.from_config(app.config, defaulted=defaulted(app))
        if settings.log_json:
            json_lines.install()
        if settings.issuer_url is not None:
            _install_verifying(app, self._verifying(app, settings, given))
            return
        database = _Databases(app, given.db)
        ours = None if given.users else _sql_users(database, given.user_model)
        store = _store(settings, database, ours if _bind_of(given.user_model) is None else None)
        host = self._host(app, given.users or ours, given.user_model)
        services = _assembled(app, settings, store, host, given)
        _install(app, services, cors_paths=given.cors_paths)

    def _verifying(self, app: Flask, settings: Settings, given: "_Given") -> Services:
        if given.user_model or given.users:
            raise ConfigurationError(
                "RENEWAL_ISSUER_URL says that this application only verifies access tokens, and user_model= or users="
                " that it signs people in; leave one of them out."
            )
        store = cast(Store, RemoteEndings(Issuer(settings)))
        return _assembled(app, settings, store, self._host(app, None, None), given)

    def _host(self, app: Flask, users: Users | None, user_model: type[Any] | None) -> Host:
        loads = users.load if users is not None and hasattr(user_model, "is_active") else None
        people = People(users, self._functions, loads=loads)
        additions = jwt_extended.HostAdditions(app, people, self._functions)
        return Host(users=users, people=people, functions=self._functions, additions=additions)


def _assembled(app: Flask, settings: Settings, store: Store, host: Host, given: _Given) -> Services:
    """Put the parts together, timed and counted where somebody wants to know."""
    assembled = partial(assemble, app, settings=settings, host=host, ambient=given.ambient or Ambient())
    metrics = _metrics(settings)
    if metrics is None:
        return assembled(store=store)
    return cast(Services, metrics.counted(assembled(store=metrics.timed(store), observe_hash=metrics.observe_hash)))


def _metrics(settings: Settings) -> Any:
    """Return the module that counts; ``None`` where nothing is counted."""
    module = f"{__package__}.entrances.metrics.exposition"
    return None if settings.metrics is None else load(module, extra="metrics", what="RENEWAL_METRICS")


def _install_verifying(app: Flask, services: Services) -> None:
    """Let the guards work, and nothing else be there."""
    app.extensions[EXTENSION] = services
    jwt_extended.install(app, services)
    guard.install(app)
    leaving.install_verifying(app)
    https_only.install(app, services)
    app.register_error_handler(RenewalError, from_refusal)
    _install_metrics(app, services)
    _believe_proxies(app, services)


def _install(app: Flask, services: Services, *, cors_paths: str | None) -> None:
    app.extensions[EXTENSION] = services
    for part in (jwt_extended, api, verify, client_files):
        part.install(app, services)
    cors.allow(app, services.settings, also=cors_paths)  # before the renewal, which reads what is exposed
    guard.install(app)
    leaving.install(app, api.answer_unknown)
    https_only.install(app, services)
    cli.install(app)
    _install_metrics(app, services)
    _believe_proxies(app, services)
    check.warn(app)


class _Databases:
    """The host's databases, by the names of their binds; each is opened when it is first asked for."""

    def __init__(self, app: Flask, db: SQLAlchemy | None) -> None:
        self.app = app
        self._hosts = db
        self._opened: dict[str | None, Database] = {}

    @property
    def hosts(self) -> SQLAlchemy:
        """The host's extension; raises `ConfigurationError` where it is not known."""
        if self._hosts is None:
            raise ConfigurationError(
                "Flask-Renewal knows no database; pass db=db, or set RENEWAL_STORE to a redis:// URL and pass users=…."
            )
        return self._hosts

    def open(self, bind: str | None = None) -> Database:
        """Open a database; raises `ConfigurationError` where the host has none of this name."""
        if bind not in self._opened:
            self._opened[bind] = self._made(bind)
        return self._opened[bind]

    def _made(self, bind: str | None) -> Database:
        db = self.hosts
        with self.app.app_context():
            if bind not in db.engines:
                key = "SQLALCHEMY_DATABASE_URI" if bind is None else f"SQLALCHEMY_BINDS[{bind!r}]"
                raise ConfigurationError(f"{key} is not set; set it, or for sessions RENEWAL_STORE to a redis:// URL.")
            engines = db.engines
            return Database(
                engines[bind],
                make_tables=lambda: how_to_make_tables(self.app),
                has_written=lambda: has_app_context() and has_written(db.session, db.engines[bind]),
                in_place=partial(engines.get, bind),
            )


def _store(settings: Settings, database: _Databases, users: SQLUsers | None) -> Store:
    if settings.store is not None:
        redis = load(f"{__package__}.stores.redis", extra="redis", what="RENEWAL_STORE = redis://…")
        return cast(Store, redis.RedisStore(settings.store, prefix=settings.store_prefix))
    opened = database.open()
    table = session_table(database.hosts.metadata, settings.table)
    return SQLStore(opened, table, name_of=users.name_of if users else None)


def _sql_users(database: _Databases, user_model: type[Any] | None) -> SQLUsers | None:
    if user_model is None:
        return None
    objects = Objects(database.app, database.hosts, user_model)
    opened = database.open(_bind_of(user_model))
    return SQLUsers(opened, user_model.__table__, load=objects.load, objects=objects)


def _bind_of(user_model: Any) -> str | None:
    if user_model is None:
        return None
    if not hasattr(user_model, "__table__"):
        raise ConfigurationError(
            f"user_model={user_model!r} is no model; pass one such as class User(UserMixin, db.Model)."
        )
    return cast("str | None", user_model.__table__.metadata.info.get("bind_key"))


def _install_metrics(app: Flask, services: Services) -> None:
    if services.settings.metrics is not None:
        _metrics(services.settings).install(app, services)


def _believe_proxies(app: Flask, services: Services) -> None:
    count = services.settings.trusted_proxies
    if count:
        app.wsgi_app = TrustedProxies(app.wsgi_app, count=count)  # type: ignore[method-assign]
