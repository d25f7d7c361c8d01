"""The pages are served equally from a checkout, an editable install and the built wheel."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from everything import missing

TREE = Path(__file__).parents[1]
SITE_PACKAGES = Path(pytest.__file__).parents[1]
"""Where the libraries are that all three need."""
SOURCES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "src", "templates", "examples")

LOOK = """
import sys, tempfile
from pathlib import Path
import flask_renewal
from flask_renewal import create_app

assert Path(flask_renewal.__file__).is_relative_to(sys.argv[1]), flask_renewal.__file__
client = create_app(instance_path=tempfile.mkdtemp()).test_client()
page = client.get("/login", headers={"Accept-Language": "zh-CN"})
assets = [part for part in page.text.split('"') if part.startswith("/renewal/")]
assert "登录" in page.text and len(set(assets)) == 2, page.text
for path in ("/register", "/nothing", *assets):
    answer = client.get(path, headers={"Accept": "text/html"})
    print(path, answer.status_code, len(answer.data))
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source tree, for building leaves traces."""
    folder = tmp_path_factory.mktemp("checkout")
    kept_out = shutil.ignore_patterns("node_modules", "__pycache__", "*.egg-info", "dist", "build")
    for name in SOURCES:
        if (TREE / name).is_dir():
            shutil.copytree(TREE / name, folder / name, ignore=kept_out)
        elif (TREE / name).exists():
            shutil.copy(TREE / name, folder)
    return folder


def look(python: str | Path, package: Path, **environ: str) -> str:
    """Return what a fresh process, far from the source tree, sees of the pages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "PYTHON"))}
    command = [str(python), "-c", LOOK, str(package)]
    done = subprocess.run(
        command, env={**kept, **environ}, cwd="/", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pip(*arguments: str | Path) -> None:
    """Run pip; skip where it cannot build, for want of an index, unless everything is to be tested."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        missing(f"pip cannot do {arguments[0]}: {done.stderr[-500:]}")


@pytest.fixture(scope="module")
def from_checkout(sources: Path) -> str:
    return look(sys.executable, sources, PYTHONPATH=str(sources / "src"))


def test_the_built_wheel_serves_the_pages_of_the_checkout(sources: Path, from_checkout: str, tmp_path: Path) -> None:
    pip("install", "--no-deps", "--target", tmp_path, sources)
    assert (tmp_path / "flask_renewal" / "templates" / "login.html").exists()
    assert look(sys.executable, tmp_path, PYTHONPATH=str(tmp_path)) == from_checkout


def test_an_editable_install_serves_the_pages_of_the_checkout(
    sources: Path, from_checkout: str, tmp_path: Path
) -> None:
    venv.create(tmp_path, symlinks=True)
    python = tmp_path / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "--editable", sources)
    libraries = next((tmp_path / "lib").glob("python*/site-packages"))
    (libraries / "libraries.pth").write_text(f"{SITE_PACKAGES}\n")
    assert look(python, sources) == from_checkout
