"""Mistakes in wiring: each is told in one sentence that says the cure."""

from pathlib import Path

import pytest
from conftest import Clock, bearer
from flask import Flask
from flask_jwt_extended import JWTManager
from hosts import make_host, sign_in

from flask_renewal import ConfigurationError, access_required, install_pages, page_required
from flask_renewal.entrances.check import review

guards = pytest.mark.parametrize("guard", [access_required(), page_required], ids=["access_required", "page_required"])


def bare_application() -> Flask:
    app = Flask("bare")
    app.testing = True
    return app


@guards
def test_a_guard_without_renewal_says_that_it_is_not_set_up(guard: object) -> None:
    app = bare_application()
    app.add_url_rule("/", "guarded", guard(lambda: "for members"))  # type: ignore[operator]
    with pytest.raises(ConfigurationError, match=r"not set up on this application; call Renewal\(app"):
        app.test_client().get("/")


def test_page_required_without_the_pages_says_to_install_them(host: Flask) -> None:
    host.testing = True
    host.add_url_rule("/page", "page", page_required(lambda: "for members"))
    with pytest.raises(RuntimeError, match=r"call install_pages\(app\) after Renewal\(app, …\), or set"):
        host.test_client().get("/page")


def test_the_pages_without_renewal_say_to_set_it_up_first() -> None:
    with pytest.raises(ConfigurationError, match=r"call Renewal\(app, …\) before installing them"):
        install_pages(bare_application())


def test_access_required_without_parentheses_says_to_write_them() -> None:
    with pytest.raises(TypeError, match=r"without parentheses; write @access_required\(\)\."):
        access_required(lambda: "for members")  # type: ignore[arg-type]


def test_a_manager_made_before_renewal_is_kept(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "host", clock, prepare=JWTManager)
    token = sign_in(app).access_token
    assert app.test_client().get("/jwt_required", headers=bearer(token)).status_code == 200
    assert "jwt_manager_late" not in {finding.code for finding in review(app)}


def test_a_manager_made_after_renewal_is_refused_at_each_request_and_by_the_check(host: Flask) -> None:
    JWTManager(host)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"made after Renewal .*; make the JWTManager first, or"):
            host.test_client().get("/nothing")
    assert "jwt_manager_late" in {finding.code for finding in review(host)}
