"""The pytest plugin costs nothing where it is not used."""

import subprocess
import sys
from pathlib import Path

HEAVY = {"click", "cryptography", "flask", "flask_jwt_extended", "flask_sqlalchemy", "sqlalchemy", "werkzeug"}
PLUGIN = {"flask_renewal", "flask_renewal.testing", "flask_renewal.testing.plugin"}
LOOK = f"""
import pathlib, sys

def pytest_sessionfinish():
    names = [name for name in sys.modules if name in {HEAVY} or name.partition(".")[0] == "flask_renewal"]
    pathlib.Path("loaded").write_text(" ".join(names))
"""


def loaded(folder: Path, test: str) -> set[str]:
    """Run pytest on a project that has one test; return which modules it has loaded, of those that count."""
    (folder / "conftest.py").write_text(LOOK)
    (folder / "test_it.py").write_text(test)
    (folder / "none.ini").touch()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "none.ini", "test_it.py"]
    subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set((folder / "loaded").read_text().split())


def test_a_project_that_does_not_use_the_fixtures_loads_nothing_for_them(tmp_path: Path) -> None:
    names = loaded(tmp_path, "def test_it(): pass")
    assert names == PLUGIN


def test_a_project_that_uses_them_has_them_without_an_import(tmp_path: Path) -> None:
    names = loaded(tmp_path, "def test_it(renewal_client, renewal_clock): renewal_client.login().assert_signed_in()")
    assert names > HEAVY
