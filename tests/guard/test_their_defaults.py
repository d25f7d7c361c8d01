"""What a manager of the host's has written into the configuration is nobody's choice."""

from pathlib import Path

from conftest import Clock
from flask_jwt_extended import JWTManager
from hosts import make_host, services_of


def test_a_manager_of_the_hosts_changes_no_default(tmp_path: Path, clock: Clock) -> None:
    theirs = services_of(make_host(tmp_path / "a", clock, prepare=JWTManager)).settings
    ours = services_of(make_host(tmp_path / "b", clock)).settings
    assert theirs == ours


def test_a_manager_of_the_hosts_keeps_what_the_host_has_set(tmp_path: Path, clock: Clock) -> None:
    config = {"JWT_COOKIE_SAMESITE": "Strict", "JWT_REFRESH_TOKEN_EXPIRES": 3600, "JWT_ENCODE_ISSUER": "me"}
    settings = services_of(make_host(tmp_path / "a", clock, prepare=JWTManager, **config)).settings
    assert (settings.cookie_same_site, settings.idle_timeout.total_seconds(), settings.issuer) == ("Strict", 3600, "me")
