"""What no setting may be: the start stops with a sentence that names the key, the value and the mend, and no secret."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from flask_renewal import ConfigurationError
from flask_renewal.settings import SETTINGS, Settings

SECRET = "a secret of thirty-two characters or more"
PEM = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"


def read(**config: Any) -> Settings:
    return Settings.from_config(config)


CENTURIES = timedelta(days=36_500, microseconds=1)
NO_DURATION = ["60", True, [], float("nan"), float("inf"), -1, 1e30, 10**400, CENTURIES]
NO_BOOLEAN = [1, 0, "true", "False", [], None]
NO_WHOLE_NUMBER = ["1", 1.0, True, -1, None]
NO_PAGE = ["", "//evil.example", "/\\evil.example", "/a b", "a-b", "ftp://x/", "http://", "javascript:x", 5]
BAD: dict[str, list[Any]] = {
    "JWT_ACCESS_TOKEN_EXPIRES": [*NO_DURATION, None, False, 0, 0.5, timedelta(0)],
    "JWT_REFRESH_TOKEN_EXPIRES": [*NO_DURATION, None, False, 0],
    "RENEWAL_SLIDING": NO_BOOLEAN,
    "RENEWAL_SESSION_LIFETIME": [*NO_DURATION, 0, "None"],
    "RENEWAL_QUIET_WINDOW": [*NO_DURATION, None, 301, timedelta(minutes=5, microseconds=1)],
    "RENEWAL_TRUSTED_ORIGINS": [
        "*",
        ["*"],
        "https://a.example",
        ["null"],
        ["https://a.example/"],
        ["https://*.a.example"],
        None,
        [5],
        5,
    ],
    "RENEWAL_CORS_HEADERS": ["*", ["*"], "baggage", ["x-.*"], ["two words"], ["a\nb"], ["x" * 65], [""], None, [5]],
    "RENEWAL_CORS_EXPOSE": ["*", ["*"], "Content-Disposition", ["X: Y"], [b"X-Total"], None, 5],
    "RENEWAL_HEADER_NAME": [
        "",
        "X New",
        "X-New\n",
        "X:Y",
        None,
        5,
        "x" * 65,
        "Set-Cookie",
        "cache-control",
        "Location",
        "Access-Control-Anything",
    ],
    "RENEWAL_HEADER_THRESHOLD": [-0.1, 1.1, "0.5", None, True, float("nan"), Decimal("0.5")],
    "RENEWAL_HEADER_LIMIT": NO_DURATION,
    "RENEWAL_REVOCATION_DELAY": NO_DURATION,
    "RENEWAL_BODY_TRANSPORT": NO_BOOLEAN,
    "RENEWAL_REGISTRATION": NO_BOOLEAN,
    "RENEWAL_ISSUER_URL": ["", "id.example", "ftp://a", "https://", "https://a?b", "https://a b", 7],
    "RENEWAL_KEY_FOLDER": ["", 7, ["keys"], "a\nb"],
    "RENEWAL_KEY_ROTATION": [*NO_DURATION, 0, 3599, timedelta(minutes=59)],
    "RENEWAL_REHASH": NO_BOOLEAN,
    "RENEWAL_API_DOCS": NO_BOOLEAN,
    "RENEWAL_LOG_JSON": NO_BOOLEAN,
    "RENEWAL_METRICS": ["", "metrics", "/metrics/", "/<name>", "/metrics?x", True, 1, ["/metrics"]],
    "RENEWAL_HTTPS_ONLY": NO_BOOLEAN,
    "RENEWAL_HSTS": NO_DURATION,
    "RENEWAL_CONFIRM_AFTER": NO_DURATION,
    "RENEWAL_UNTRUSTED_ORIGINS": ["", "log", None, True, ["refuse"]],
    "RENEWAL_MAX_SESSIONS_PER_USER": [*NO_WHOLE_NUMBER, 0],
    "RENEWAL_TRUSTED_PROXIES": NO_WHOLE_NUMBER,
    "RENEWAL_URL_PREFIX": ["", "/", "auth", "/auth/", "/a//b", "/a b", None, "/<x>"],
    **dict.fromkeys(
        ("RENEWAL_LOGIN_URL", "RENEWAL_LOGIN_REDIRECT_URL", "RENEWAL_LOGOUT_REDIRECT_URL", "RENEWAL_HOME_URL"), NO_PAGE
    ),
    "RENEWAL_SITE_NAME": ["", " Acme", "Acme ", "a\nb", "x" * 101, None, 5],
    "RENEWAL_SITE_LOGO": ["", "logo.svg", "//evil.example/x", "javascript:x", "data:image/png,x", "/a b", 5],
    "RENEWAL_LANGUAGES": ["de", [""], ["german"], [None], None, 5, ["de_"]],
    "RENEWAL_TRANSLATIONS": ["", 5, "a\0b"],
    "RENEWAL_STORE": [
        *("", "sqlite://", "memory", 5, "http://localhost", "redis+sentinel://one,two", "redis+sentinel://a:b:c/main"),
        "redis+sentinel://one:26379/main/first",
    ],
    "RENEWAL_RATELIMIT_LOGIN": ["", "often", 10, None, "10 per fortnight"],
    "RENEWAL_TABLE": ["", None, 7, "a b", "1a", "Sessions", "a.b", 'a"', "sitzungen_ä", "a\n", "a" * 41],
    "RENEWAL_STORE_PREFIX": ["", None, 7, "a b", "{a}", "a}", "ä", "a\n", "a" * 65],
    "RENEWAL_RATELIMIT_REGISTER": ["", "often", 10, None],
    "RENEWAL_RATELIMIT_REFRESH": ["", "often", 10, None],
    "JWT_COOKIE_SECURE": ["true", 1, 0],
    "JWT_COOKIE_SAMESITE": ["", "lazy", True, 5],
    "JWT_COOKIE_DOMAIN": ["", "https://example.com", "example.com/", "a b", 5],
    "JWT_REFRESH_COOKIE_NAME": ["", "a b", "a=b", "__Host-token", "__SECURE-a", "\u00e9", "x" * 65, None, 5],
    "JWT_ACCESS_COOKIE_NAME": ["", "a;b", "__Http-token", None, 5],
    "JWT_ALGORITHM": ["none", "None", "", "HS128", 5, "ES256K"],
    "JWT_ENCODE_ISSUER": ["", None, 5, "a\nb", "x" * 256],
    "JWT_ENCODE_AUDIENCE": ["", None, ["a", "b"], "\u00e9"],
    "JWT_DECODE_LEEWAY": [*NO_DURATION, None, 61],
    "JWT_HEADER_NAME": ["", None, "Two Words", "N\u00e4me", 1],
    "JWT_HEADER_TYPE": [None, "Two words", "a,b", '"', 1],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, bad in BAD.items() for value in bad], ids=lambda value: ascii(value)[:40]
)
def test_a_value_that_cannot_be_used_is_told_with_its_mend(key: str, value: Any) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read(**{key: value})
    row = next(row for row in SETTINGS if row.key == key)
    assert refusal.value.detail == f"{key} = {value!r} cannot be used; set it to {row.expects}."


def test_every_setting_that_shows_its_value_refuses_some() -> None:
    assert {row.key for row in SETTINGS if not row.secret} == set(BAD)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("JWT_SECRET_KEY", "hunter2"),
        ("JWT_SECRET_KEY", "x" * 31),
        ("JWT_SECRET_KEY", b"hunter2"),
        ("JWT_SECRET_KEY", 12345678901234567890123456789012345678),
        ("JWT_SECRET_KEY", "a-string-secret-at-least-256-bits-long"),
        ("JWT_SECRET_KEY", b"your-256-bit-secret-your-256-bit-secret"),
        ("JWT_SECRET_KEY", "\ud800" * 40),
        ("JWT_SECRET_KEY", [SECRET, "hunter2"]),
        ("RENEWAL_REFRESH_SECRET", "hunter2"),
        ("RENEWAL_SERVICE_KEYS", SECRET),
        ("RENEWAL_SERVICE_KEYS", [SECRET, "hunter2"]),
        ("JWT_PRIVATE_KEY", "hunter2"),
        ("JWT_PRIVATE_KEY", b"\xff" * 40),
        ("JWT_PRIVATE_KEY", "-----BEGIN PUBLIC KEY-----hunter2"),
        ("JWT_PRIVATE_KEY", 12345678901234567890123456789012345678),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_secret_that_cannot_be_used_is_not_shown(key: str, value: Any) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read(**{key: value})
    assert refusal.value.detail.startswith(f"{key} (")
    shown = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    assert shown not in refusal.value.detail
    assert "set it to" in refusal.value.detail


@pytest.mark.parametrize(
    ("key", "value", "secret"),
    [
        ("JWT_SECRET_KEY", SECRET, SECRET),
        ("JWT_PRIVATE_KEY", PEM, "AAAA"),
        ("RENEWAL_STORE", "redis://user:hunter2@localhost", "hunter2"),
    ],
)
def test_the_settings_do_not_show_their_secrets(key: str, value: str, secret: str) -> None:
    assert secret not in repr(read(**{key: value}))


@pytest.mark.parametrize(
    ("key", "mend"),
    [
        ("RENEWAL_SESSION_LIFETIM", "did you mean RENEWAL_SESSION_LIFETIME?"),
        ("RENEWAL_TRUSTED_ORIGIN", "did you mean RENEWAL_TRUSTED_ORIGINS?"),
        ("RENEWAL_XYZZY_PLUGH", "remove it, or look it up in the table of settings."),
    ],
)
def test_an_unknown_key_is_refused(key: str, mend: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read(**{key: 5})
    assert refusal.value.detail == f"{key} is not a setting; {mend}"


def test_keys_of_others_are_left_alone() -> None:
    assert read(SECRET_KEY="x", JWT_WHATEVER=1, SQLALCHEMY_ECHO=False, RENEWALS=1, renewal_x=1) == read()


ONE_NAME = "JWT_REFRESH_COOKIE_NAME and JWT_ACCESS_COOKIE_NAME give two cookies one name; change one"
DANGEROUS: dict[str, tuple[dict[str, Any], str]] = {
    "a cookie for other sites that is not secure": (
        {"JWT_COOKIE_SAMESITE": "None", "JWT_COOKIE_SECURE": False},
        "JWT_COOKIE_SAMESITE 'None' with JWT_COOKIE_SECURE False.*set it to True",
    ),
    "an algorithm without its key": (
        {"JWT_ALGORITHM": "HS256"},
        "JWT_ALGORITHM = 'HS256' has no key; set JWT_SECRET_KEY",
    ),
    "a secret with an algorithm for key pairs": (
        {"JWT_SECRET_KEY": SECRET, "JWT_ALGORITHM": "RS256"},
        "JWT_ALGORITHM = 'RS256' does not go with JWT_SECRET_KEY; set it to HS256",
    ),
    "two keys": (
        {"JWT_SECRET_KEY": SECRET, "JWT_PRIVATE_KEY": PEM},
        "JWT_SECRET_KEY and JWT_PRIVATE_KEY are both set; remove one",
    ),
    "two places for keys": (
        {"JWT_SECRET_KEY": SECRET, "RENEWAL_KEY_FOLDER": "keys"},
        "JWT_SECRET_KEY and RENEWAL_KEY_FOLDER are both set; remove one",
    ),
    "a rotation of keys that are not in the key file": (
        {"JWT_SECRET_KEY": SECRET, "RENEWAL_KEY_ROTATION": 86_400},
        "RENEWAL_KEY_ROTATION is for the key file, and JWT_SECRET_KEY is set; remove one",
    ),
    "one name for two cookies": ({"JWT_ACCESS_COOKIE_NAME": "token", "JWT_REFRESH_COOKIE_NAME": "token"}, ONE_NAME),
    "the name of the other cookie": ({"JWT_ACCESS_COOKIE_NAME": "refresh_token"}, ONE_NAME),
    "the name of the other cookie, the other way round": ({"JWT_REFRESH_COOKIE_NAME": "access_token"}, ONE_NAME),
    "a secret too short for its algorithm": (
        {"JWT_SECRET_KEY": (SECRET * 2)[:63], "JWT_ALGORITHM": "HS512"},
        "JWT_SECRET_KEY .*63 bytes.*HS512.*64",
    ),
}


@pytest.mark.parametrize(("config", "sentence"), DANGEROUS.values(), ids=DANGEROUS)
def test_a_dangerous_combination_stops_the_start(
    make_app: Callable[..., Flask], config: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as refusal:
        make_app(**config)
    assert SECRET[:40] not in refusal.value.detail


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"RATELIMIT_STRATEGY": "guess"}, "RATELIMIT_STRATEGY"),
        ({"RATELIMIT_STORAGE_URI": "nowhere://"}, "RATELIMIT_STORAGE_URI"),
    ],
    ids=str,
)
def test_a_setting_of_flask_limiter_that_cannot_be_used_is_told_too(
    make_app: Callable[..., Flask], config: dict[str, Any], key: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"{key} = '.*' cannot be used; set it to"):
        make_app(**config)


def test_what_can_be_gone_through_only_once_is_no_list_of_origins() -> None:
    with pytest.raises(ConfigurationError, match=r"^RENEWAL_TRUSTED_ORIGINS = .* cannot be used"):
        read(RENEWAL_TRUSTED_ORIGINS=iter(["https://a.example"]))
