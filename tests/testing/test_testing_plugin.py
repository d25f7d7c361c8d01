"""The pytest plugin costs nothing where it is not used."""

import subprocess
import sys
from pathlib import Path

LOOK = """
import sys

def pytest_sessionfinish():
    print(*(name for name in sys.modules if name.partition(".")[0] in {heavy} or "renewal" in name))
"""
HEAVY = ["cryptography", "flask", "flask_cors", "flask_jwt_extended", "flask_sqlalchemy", "sqlalchemy", "werkzeug"]


def loaded(folder: Path, test: str) -> set[str]:
    """Run pytest on a project that has one test; return which modules it has loaded, of those that count."""
    (folder / "conftest.py").write_text(LOOK.replace("{heavy}", repr(HEAVY)))
    (folder / "test_it.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-c", "none.ini", "test_it.py"]
    (folder / "none.ini").touch()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_project_that_does_not_use_the_fixtures_loads_nothing_for_them(tmp_path: Path) -> None:
    names = loaded(tmp_path, "def test_it(): pass")
    assert "flask_renewal.testing.plugin" in names
    assert not names & set(HEAVY)
    assert len([name for name in names if name.startswith("flask_renewal")]) <= 6


def test_a_project_that_uses_them_has_them_without_an_import(tmp_path: Path) -> None:
    names = loaded(tmp_path, "def test_it(renewal_client, renewal_clock): renewal_client.login().assert_signed_in()")
    assert names > set(HEAVY)
