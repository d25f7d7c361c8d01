"""The browser client as the application serves it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[1]
PAGE = "https://app.example.com"
IMPORTED = re.compile(r'from "\./([a-z/]+\.js)"')


@pytest.mark.parametrize("path", ["/auth/client.js", "/auth/client/renewal.js"])
def test_a_module_is_javascript(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)
    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_every_module_that_is_imported_is_served(client: FlaskClient) -> None:
    entry = IMPORTED.findall(client.get("/auth/client.js", buffered=True).text)
    assert entry
    assert {path: client.get(f"/auth/{path}", buffered=True).status_code for path in entry} == dict.fromkeys(entry, 200)


def test_a_module_is_kept_and_asked_after(client: FlaskClient) -> None:
    first = client.get("/auth/client.js", buffered=True)
    again = client.get("/auth/client.js", headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (first.headers["Cache-Control"], again.status_code, again.data) == ("no-cache", 304, b"")


@pytest.mark.parametrize("path", ["client/nothing.js", "client/..%2fpackage.js", "package.json", "client/types.d.ts"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    response = client.get(f"/auth/{path}")
    assert (response.status_code, response.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(("origin", "allowed"), [(PAGE, PAGE), ("https://evil.example", None)])
def test_only_a_trusted_origin_may_import_a_module(
    make_app: Callable[..., Flask], origin: str, allowed: str | None
) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=[PAGE])
    for path in ("/auth/client.js", "/auth/client/token.js"):
        response = app.test_client().get(path, headers={"Origin": origin}, buffered=True)
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        assert "Origin" in response.vary


def test_the_client_moves_with_the_api(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_URL_PREFIX="/api/session").test_client()
    assert client.get("/api/session/client.js", buffered=True).status_code == 200


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel holds it, built from a copy of the source tree."""
    folder = tmp_path_factory.mktemp("build")
    tree = folder / "tree"
    for part in ("src", "templates", "examples"):
        unwanted = shutil.ignore_patterns("node_modules", "*.egg-info", "__pycache__")
        shutil.copytree(ROOT / part, tree / part, ignore=unwanted)
    for part in ("setup.cfg", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, tree / part)
    build = ["-c", "import setuptools; setuptools.setup()", "-q", "build_py", "--build-lib", folder / "lib"]
    subprocess.run([sys.executable, "-W", "ignore", *build], cwd=tree, check=True, capture_output=True)
    return folder / "lib"


def test_a_wheel_serves_the_client_of_its_own(built: Path, tmp_path: Path) -> None:
    ask = (
        "import sys; from flask_renewal import create_app, folders;"
        " client = create_app(instance_path=sys.argv[1]).test_client();"
        " print(folders.BROWSER, client.get('/auth/client/renewal.js').status_code, client.get('/login').status_code)"
    )
    said = subprocess.run(
        [sys.executable, "-c", ask, tmp_path], cwd=built, check=True, capture_output=True, text=True, env={"PATH": ""}
    )
    assert said.stdout.split() == [str(built / "flask_renewal" / "browser"), "200", "200"]


def test_a_wheel_holds_no_more_of_the_client_than_is_served(built: Path) -> None:
    found = {path.suffix for path in (built / "flask_renewal" / "browser").rglob("*") if path.is_file()}
    assert found == {".js"}
