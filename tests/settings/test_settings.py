"""Every setting: its default, what it takes, and how it comes from the environment."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hosts import services_of

from flask_renewal import ConfigurationError, create_app
from flask_renewal.settings import SETTINGS, Settings

SECRET = "a secret of thirty-two characters or more"
BYTES = bytes(range(97, 257, 5))
PEM = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"


def read(**config: Any) -> Settings:
    return Settings.from_config(config)


DEFAULTS: dict[str, object] = {
    "access_life": timedelta(minutes=15),
    "idle_timeout": timedelta(days=7),
    "sliding": True,
    "session_lifetime": timedelta(days=30),
    "quiet_window": timedelta(seconds=60),
    "trusted_origins": frozenset(),
    "cors_headers": (),
    "cors_expose": (),
    "header_name": "X-Renewed-Access-Token",
    "header_threshold": pytest.approx(1 / 3),
    "header_limit": timedelta(hours=1),
    "revocation_delay": timedelta(seconds=2),
    "body_transport": False,
    "registration": True,
    "rehash": True,
    "max_sessions_per_user": 100,
    "trusted_proxies": 0,
    "url_prefix": "/auth",
    "api_docs": False,
    "log_json": False,
    "metrics": None,
    "https_only": False,
    "hsts": None,
    "confirm_after": None,
    "untrusted_origins": "refuse",
    "login_url": None,
    "login_redirect_url": None,
    "logout_redirect_url": None,
    "home_url": None,
    "site_name": "Flask-Renewal",
    "site_logo": None,
    "languages": (),
    "translations": None,
    "store": None,
    "table": "renewal_session",
    "store_prefix": "renewal",
    "login_limit": "10 per minute",
    "register_limit": "100 per hour",
    "refresh_limit": "60 per minute",
    "cookie_secure": None,
    "cookie_same_site": "Lax",
    "cookie_domain": None,
    "refresh_cookie_name": None,
    "access_cookie_name": None,
    "algorithm": None,
    "secret_keys": (),
    "private_keys": (),
    "refresh_secrets": (),
    "service_keys": (),
    "issuer_url": None,
    "key_folder": None,
    "key_rotation": None,
    "issuer": "flask-renewal",
    "audience": "flask-renewal",
    "leeway": timedelta(0),
    "token_header": "Authorization",
    "token_scheme": "Bearer",
}


@pytest.mark.parametrize("field", DEFAULTS)
def test_the_default(field: str) -> None:
    assert getattr(read(), field) == DEFAULTS[field]


def test_every_setting_has_a_default_here() -> None:
    assert {row.field for row in SETTINGS} == set(DEFAULTS)


def test_the_defaults_stand_in_the_configuration_afterwards() -> None:
    config: dict[str, Any] = {}
    Settings.from_config(config)
    assert config == {row.key: row.default for row in SETTINGS}


def test_changing_a_default_in_one_configuration_changes_no_other() -> None:
    config: dict[str, Any] = {}
    Settings.from_config(config)
    config["RENEWAL_TRUSTED_ORIGINS"].append("https://app.example.com")
    assert read().trusted_origins == frozenset()


GOOD: list[tuple[str, Any, str, Any]] = [
    ("JWT_ACCESS_TOKEN_EXPIRES", 60, "access_life", timedelta(minutes=1)),
    ("JWT_ACCESS_TOKEN_EXPIRES", timedelta(hours=1), "access_life", timedelta(hours=1)),
    ("JWT_ACCESS_TOKEN_EXPIRES", 1.5, "access_life", timedelta(seconds=1.5)),
    ("JWT_REFRESH_TOKEN_EXPIRES", timedelta(days=36_500), "idle_timeout", timedelta(days=36_500)),
    ("JWT_REFRESH_TOKEN_EXPIRES", 1, "idle_timeout", timedelta(seconds=1)),
    ("RENEWAL_SLIDING", False, "sliding", False),
    ("RENEWAL_SESSION_LIFETIME", None, "session_lifetime", None),
    ("RENEWAL_SESSION_LIFETIME", 3600, "session_lifetime", timedelta(hours=1)),
    ("RENEWAL_KEY_ROTATION", 86_400, "key_rotation", timedelta(days=1)),
    ("RENEWAL_QUIET_WINDOW", 0, "quiet_window", timedelta(0)),
    ("RENEWAL_QUIET_WINDOW", 300, "quiet_window", timedelta(minutes=5)),
    (
        "RENEWAL_TRUSTED_ORIGINS",
        ["https://a.example", "http://[::1]:3000"],
        "trusted_origins",
        {"https://a.example", "http://[::1]:3000"},
    ),
    ("RENEWAL_TRUSTED_ORIGINS", ("https://a.example",), "trusted_origins", {"https://a.example"}),
    ("RENEWAL_CORS_HEADERS", ["sentry-trace", "baggage"], "cors_headers", ("sentry-trace", "baggage")),
    ("RENEWAL_CORS_EXPOSE", ("Content-Disposition",), "cors_expose", ("Content-Disposition",)),
    ("RENEWAL_HEADER_NAME", "X-New", "header_name", "X-New"),
    ("RENEWAL_HEADER_THRESHOLD", 0, "header_threshold", 0.0),
    ("RENEWAL_HEADER_THRESHOLD", 1, "header_threshold", 1.0),
    ("RENEWAL_HEADER_LIMIT", None, "header_limit", None),
    ("RENEWAL_HEADER_LIMIT", 0, "header_limit", timedelta(0)),
    ("RENEWAL_REVOCATION_DELAY", None, "revocation_delay", None),
    ("RENEWAL_REVOCATION_DELAY", 0, "revocation_delay", timedelta(0)),
    ("RENEWAL_BODY_TRANSPORT", True, "body_transport", True),
    ("RENEWAL_REGISTRATION", False, "registration", False),
    ("RENEWAL_REHASH", False, "rehash", False),
    ("RENEWAL_API_DOCS", True, "api_docs", True),
    ("RENEWAL_LOG_JSON", True, "log_json", True),
    ("RENEWAL_METRICS", "/internal/metrics", "metrics", "/internal/metrics"),
    ("RENEWAL_MAX_SESSIONS_PER_USER", 1, "max_sessions_per_user", 1),
    ("RENEWAL_TRUSTED_PROXIES", 2, "trusted_proxies", 2),
    ("RENEWAL_URL_PREFIX", "/api/v1/auth", "url_prefix", "/api/v1/auth"),
    ("RENEWAL_STORE", "redis://localhost:6379/0", "store", "redis://localhost:6379/0"),
    ("RENEWAL_STORE", "rediss://localhost", "store", "rediss://localhost"),
    ("RENEWAL_STORE", "unix:///run/redis.sock?db=1", "store", "unix:///run/redis.sock?db=1"),
    ("RENEWAL_STORE", "redis+sentinel://:pw@a:1,b/main/2", "store", "redis+sentinel://:pw@a:1,b/main/2"),
    ("RENEWAL_RATELIMIT_LOGIN", "5/minute;100/day", "login_limit", "5/minute;100/day"),
    ("RENEWAL_TABLE", "order", "table", "order"),
    ("RENEWAL_STORE_PREFIX", "shop:eu", "store_prefix", "shop:eu"),
    ("RENEWAL_RATELIMIT_REGISTER", "3 per day", "register_limit", "3 per day"),
    ("RENEWAL_RATELIMIT_REFRESH", "1 per second", "refresh_limit", "1 per second"),
    ("JWT_COOKIE_SECURE", True, "cookie_secure", True),
    ("JWT_COOKIE_SECURE", False, "cookie_secure", False),
    ("JWT_COOKIE_SAMESITE", "strict", "cookie_same_site", "Strict"),
    ("JWT_COOKIE_SAMESITE", "None", "cookie_same_site", "None"),
    ("JWT_COOKIE_SAMESITE", None, "cookie_same_site", "Lax"),
    ("JWT_COOKIE_DOMAIN", "example.com", "cookie_domain", "example.com"),
    ("JWT_REFRESH_COOKIE_NAME", "shop_refresh", "refresh_cookie_name", "shop_refresh"),
    ("JWT_REFRESH_COOKIE_NAME", "refresh_token", "refresh_cookie_name", "refresh_token"),
    ("JWT_REFRESH_COOKIE_NAME", "refresh_token_cookie", "refresh_cookie_name", None),
    ("JWT_ACCESS_COOKIE_NAME", "shop.access-1", "access_cookie_name", "shop.access-1"),
    ("JWT_ACCESS_COOKIE_NAME", "access_token_cookie", "access_cookie_name", None),
    ("JWT_ALGORITHM", "RS256", "algorithm", "RS256"),
    ("JWT_SECRET_KEY", SECRET, "secret_keys", (SECRET.encode(),)),
    ("JWT_SECRET_KEY", BYTES, "secret_keys", (BYTES,)),
    ("JWT_SECRET_KEY", "", "secret_keys", ()),
    ("JWT_PRIVATE_KEY", PEM, "private_keys", (PEM,)),
    ("JWT_PRIVATE_KEY", PEM.encode(), "private_keys", (PEM,)),
    ("JWT_ENCODE_ISSUER", "https://api.example.com", "issuer", "https://api.example.com"),
    ("JWT_ENCODE_AUDIENCE", "my app", "audience", "my app"),
    ("JWT_DECODE_LEEWAY", 60, "leeway", timedelta(minutes=1)),
    ("JWT_HEADER_NAME", "X-Access-Token", "token_header", "X-Access-Token"),
    ("JWT_HEADER_TYPE", "bearer", "token_scheme", "bearer"),
    ("JWT_HEADER_TYPE", "", "token_scheme", ""),
]


@pytest.mark.parametrize(
    ("key", "value", "field", "kept"), GOOD, ids=[f"{key} = {value!a:.40}" for key, value, _, _ in GOOD]
)
def test_a_value_is_taken(key: str, value: Any, field: str, kept: Any) -> None:
    assert getattr(read(**{key: value}), field) == kept


ENVIRONMENT: list[tuple[str, str, str, Any]] = [
    ("FLASK_JWT_ACCESS_TOKEN_EXPIRES", "60", "access_life", timedelta(minutes=1)),
    ("FLASK_RENEWAL_TRUSTED_ORIGINS", '["https://app.example.com"]', "trusted_origins", {"https://app.example.com"}),
    ("FLASK_RENEWAL_SESSION_LIFETIME", "null", "session_lifetime", None),
    ("FLASK_RENEWAL_SLIDING", "false", "sliding", False),
    ("FLASK_RENEWAL_HEADER_THRESHOLD", "0.5", "header_threshold", 0.5),
    ("FLASK_RENEWAL_RATELIMIT_LOGIN", "5 per hour", "login_limit", "5 per hour"),
    ("FLASK_JWT_COOKIE_SAMESITE", "None", "cookie_same_site", "None"),
    ("FLASK_JWT_SECRET_KEY", SECRET, "secret_keys", (SECRET.encode(),)),
]


@pytest.mark.parametrize(("name", "text", "field", "kept"), ENVIRONMENT, ids=[row[0] for row in ENVIRONMENT])
def test_a_setting_comes_from_the_environment(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, name: str, text: str, field: str, kept: Any
) -> None:
    monkeypatch.setenv(name, text)
    assert getattr(services_of(make_app()).settings, field) == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [("FLASK_RENEWAL_SLIDING", "False"), ("FLASK_RENEWAL_SLIDNG", "1"), ("FLASK_RENEWAL_TRUSTED_ORIGINS", "*")],
)
def test_a_mistake_in_the_environment_stops_the_start(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigurationError, match=name.removeprefix("FLASK_")):
        make_app()


def test_what_the_program_says_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RENEWAL_MAX_SESSIONS_PER_USER", "3")
    app = create_app({"RENEWAL_MAX_SESSIONS_PER_USER": 4}, instance_path=tmp_path / "instance")
    assert services_of(app).settings.max_sessions_per_user == 4


def test_a_key_is_a_key_of_flask_or_of_ours() -> None:
    assert all(re.fullmatch(r"(RENEWAL|JWT)_[A-Z_]+", row.key) for row in SETTINGS)
    assert len({row.key for row in SETTINGS}) == len({row.field for row in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize("value", ["login", "members.login", "/", "/login?by=mail", "https://id.example.com/login"])
def test_a_sign_in_page_is_an_endpoint_a_path_or_a_url(value: str) -> None:
    assert read(RENEWAL_LOGIN_URL=value).login_url == value


def test_an_access_token_that_would_outlive_its_session_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match=r"^JWT_ACCESS_TOKEN_EXPIRES = 2:00:00 is longer"):
        read(JWT_ACCESS_TOKEN_EXPIRES=7200, RENEWAL_SESSION_LIFETIME=7199)
    assert read(JWT_ACCESS_TOKEN_EXPIRES=7200, RENEWAL_SESSION_LIFETIME=7200).access_life == timedelta(hours=2)
    assert read(JWT_ACCESS_TOKEN_EXPIRES=7200, RENEWAL_SESSION_LIFETIME=None).session_lifetime is None
