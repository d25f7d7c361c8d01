"""Pages and browser client are served equally from a checkout, an editable install and the built wheel."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from release import copy_sources

SITE_PACKAGES = Path(pytest.__file__).parents[1]
"""Where the libraries are that all three need."""

LOOK = """
import sys, tempfile
from pathlib import Path
from flask_renewal import create_app
from flask_renewal.ground import folders

for folder in (Path(folders.__file__), folders.BROWSER):
    assert folder.is_relative_to(sys.argv[1]), folder
client = create_app(instance_path=tempfile.mkdtemp()).test_client()
page = client.get("/login", headers={"Accept-Language": "zh-CN"})
assets = [part for part in page.text.split('"') if part.startswith("/renewal/")]
assert "登录" in page.text and len(set(assets)) == 3, page.text
for path in ("/register", "/nothing", "/auth/client.js", "/auth/client/renewal.js", *assets):
    answer = client.get(path, headers={"Accept": "text/html"})
    print(path, answer.status_code, len(answer.data))
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sources(tmp_path_factory.mktemp("checkout"))


def look(python: str | Path, package: Path, **environ: str) -> str:
    """Return what a fresh process, far from the source tree, sees of pages and client."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "PYTHON"))}
    command = [str(python), "-c", LOOK, str(package)]
    done = subprocess.run(
        command, env={**kept, **environ}, cwd="/", capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def install(*arguments: str | Path, python: str | Path = sys.executable) -> None:
    """Run pip with the build backend that is installed here, so that nothing is downloaded."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python, "install"]
    command += ["--no-deps", "--no-build-isolation", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def from_checkout(sources: Path) -> str:
    return look(sys.executable, sources, PYTHONPATH=str(sources / "src"))


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the built wheel was installed."""
    folder = tmp_path_factory.mktemp("installed")
    install("--target", folder, sources)
    return folder


@pytest.fixture(scope="module")
def from_wheel(wheel: Path) -> str:
    return look(sys.executable, wheel, PYTHONPATH=str(wheel))


def test_the_built_wheel_serves_the_pages_of_the_checkout(wheel: Path, from_wheel: str, from_checkout: str) -> None:
    assert (wheel / "flask_renewal" / "templates" / "login.html").exists()
    assert from_wheel == from_checkout


def test_a_wheel_serves_the_client_of_its_own(from_wheel: str) -> None:
    assert "/auth/client/renewal.js 200" in from_wheel


def test_a_wheel_holds_the_client_as_a_package_and_no_more(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "flask_renewal:create_app", "renewal", "client"]
    environ = {**os.environ, "PYTHONPATH": str(wheel)}
    subprocess.run([*command, "--to", tmp_path / "client"], env=environ, cwd=tmp_path, check=True, timeout=60)
    inside = wheel / "flask_renewal" / "browser"
    files = {path.relative_to(inside) for path in inside.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    written = {path.relative_to(tmp_path / "client") for path in (tmp_path / "client").rglob("*") if path.is_file()}
    assert files == written


def test_an_editable_install_serves_the_pages_of_the_checkout(
    sources: Path, from_checkout: str, tmp_path: Path
) -> None:
    venv.create(tmp_path, symlinks=True)
    python = tmp_path / "bin" / "python"
    libraries = next((tmp_path / "lib").glob("python*/site-packages"))
    (libraries / "libraries.pth").write_text(f"{SITE_PACKAGES}\n")
    install("--editable", sources, python=python)
    assert look(python, sources) == from_checkout
