"""Beside Flask-Session: what a host keeps in its sessions is neither read nor ended by ours."""

from collections.abc import Callable
from pathlib import Path

from beside import beside, extension, orders
from flask import Flask, session
from pages_kit import is_signed_in, register

from flask_renewal import install_pages

flask_session, cachelib = extension("flask_session"), extension("cachelib")


def counted() -> str:
    session["visits"] = session.get("visits", 0) + 1
    return str(session["visits"])


@orders
def test_a_hosts_session_outlives_sign_in_and_sign_out(
    adopt: Callable[..., Flask], tmp_path: Path, ours_first: bool
) -> None:
    kept = cachelib.FileSystemCache(str(tmp_path / "sessions"))
    app = beside(adopt, flask_session.Session, ours_first=ours_first, SESSION_TYPE="cachelib", SESSION_CACHELIB=kept)
    install_pages(app)
    app.add_url_rule("/count", "count", counted)
    client = app.test_client()
    assert client.get("/count").text == "1"
    register(client)
    assert is_signed_in(client.get("/account"))
    assert client.get("/count").text == "2"
    client.post("/logout")
    assert (client.get("/count").text, client.get("/account").status_code) == ("3", 303)
