"""Every setting, read and checked once, at start; nothing else reads `app.config`.

The documentation's table of settings is made from the same rows.
"""

import copy
import difflib
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ..ground.cookies import ACCESS_COOKIE, REFRESH_COOKIE, SameSite
from ..ground.errors import ConfigurationError
from ..ground.text import shown
from .setting import Setting
from .table import SETTINGS

__all__ = ["SETTINGS", "Setting", "Settings"]

LONGEST_SHOWN = 500
"""Characters, of a value that cannot be used."""
SHORT_IDLE_TIMEOUT = timedelta(hours=12)
"""Longest idle timeout of a session that was started with ``remember: false``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The validated settings of one application. Durations are `timedelta`."""

    access_life: timedelta
    idle_timeout: timedelta
    sliding: bool
    session_lifetime: timedelta | None
    quiet_window: timedelta
    trusted_origins: frozenset[str]
    cors_headers: tuple[str, ...]
    cors_expose: tuple[str, ...]
    header_name: str
    header_threshold: float
    header_limit: timedelta | None
    revocation_delay: timedelta | None
    body_transport: bool
    registration: bool
    rehash: bool
    max_sessions_per_user: int
    trusted_proxies: int
    url_prefix: str
    api_docs: bool
    log_json: bool
    metrics: str | None
    https_only: bool
    hsts: timedelta | None
    confirm_after: timedelta | None
    untrusted_origins: str
    login_url: str | None
    login_redirect_url: str | None
    logout_redirect_url: str | None
    home_url: str | None
    site_name: str
    site_logo: str | None
    languages: tuple[str, ...]
    translations: str | None
    store: str | None = field(repr=False)
    table: str
    store_prefix: str
    login_limit: str
    register_limit: str
    refresh_limit: str
    cookie_secure: bool | None
    cookie_same_site: SameSite
    cookie_domain: str | None
    refresh_cookie_name: str | None
    access_cookie_name: str | None
    algorithm: str | None
    secret_keys: tuple[bytes, ...] = field(repr=False)
    private_keys: tuple[str, ...] = field(repr=False)
    refresh_secrets: tuple[bytes, ...] = field(repr=False)
    service_keys: tuple[bytes, ...] = field(repr=False)
    issuer_url: str | None
    key_folder: str | None
    key_rotation: timedelta | None
    issuer: str
    audience: str
    leeway: timedelta
    token_header: str
    token_scheme: str

    @property
    def short_idle_timeout(self) -> timedelta:
        """The idle timeout of a session that ends with the browser."""
        return min(self.idle_timeout, SHORT_IDLE_TIMEOUT)

    @classmethod
    def from_config(cls, config: MutableMapping[str, Any], *, defaulted: Collection[str] = ()) -> "Settings":
        """Read, check and freeze the settings; keys that are not set get their defaults in `config`.

        `defaulted` names keys whose value in `config` is another extension's default, not somebody's choice.
        Raises `ConfigurationError` with a sentence that names the key, the value and the mend.
        """
        _refuse_unknown_keys(config)
        settings = cls(**{row.field: _read(row, config, forget=row.key in defaulted) for row in SETTINGS})
        _refuse_two_places_for_keys(settings)
        if (settings.refresh_cookie_name or REFRESH_COOKIE) == (settings.access_cookie_name or ACCESS_COOKIE):
            raise ConfigurationError(
                "JWT_REFRESH_COOKIE_NAME and JWT_ACCESS_COOKIE_NAME give two cookies one name; change one of them."
            )
        _refuse_token_that_outlives(settings)
        return settings


def _refuse_token_that_outlives(settings: Settings) -> None:
    if settings.session_lifetime is not None and settings.access_life > settings.session_lifetime:
        raise ConfigurationError(
            f"JWT_ACCESS_TOKEN_EXPIRES = {settings.access_life} is longer than RENEWAL_SESSION_LIFETIME ="
            f" {settings.session_lifetime}, which no token outlives; make it shorter."
        )


def _refuse_two_places_for_keys(settings: Settings) -> None:
    places = {
        "JWT_SECRET_KEY": settings.secret_keys,
        "JWT_PRIVATE_KEY": settings.private_keys,
        "RENEWAL_KEY_FOLDER": settings.key_folder,
    }
    given = [key for key, value in places.items() if value]
    if len(given) > 1:
        raise ConfigurationError(
            f"{given[0]} and {given[1]} are both set; remove one, so that it is plain which one signs."
        )
    if given and settings.key_rotation is not None:
        raise ConfigurationError(
            f"RENEWAL_KEY_ROTATION is for the key file, and {given[0]} is set; remove one of them."
        )


def _refuse_unknown_keys(config: MutableMapping[str, Any]) -> None:
    known = [row.key for row in SETTINGS]
    for key in config:
        if key.startswith("RENEWAL_") and key not in known:
            own = [name.removeprefix("RENEWAL_") for name in known if name.startswith("RENEWAL_")]
            near = difflib.get_close_matches(key.removeprefix("RENEWAL_"), own, n=1)
            mend = f"did you mean RENEWAL_{near[0]}?" if near else "remove it, or look it up in the table of settings."
            raise ConfigurationError(f"{key} is not a setting; {mend}")


def _read(row: Setting, config: MutableMapping[str, Any], *, forget: bool) -> Any:
    if forget:
        del config[row.key]
    value = config.setdefault(row.key, copy.copy(row.default))
    try:
        return row.read(value)
    except (ValueError, TypeError) as error:
        given = f"({error})" if row.secret else f"= {shown(value, longest=LONGEST_SHOWN)}"
        raise ConfigurationError(f"{row.key} {given} cannot be used; set it to {row.expects}.") from None
