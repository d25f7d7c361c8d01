"""The examples work, and type checkers find nothing in them: the package tells users its types."""

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest
from everything import need

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "flask_app"


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds the package as users install it, beside our own dependencies.

    Type checkers cannot look through the import hook of an editable installation.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    ours = "\n".join(path for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(ours)
    shutil.copytree(ROOT / "src" / "flask_renewal", packages / "flask_renewal")
    return folder / "bin" / "python"


def examples() -> Sequence[Path]:
    return sorted(EXAMPLE.glob("*.py"))


def test_the_example_application_passes_its_own_tests(tmp_path: Path) -> None:
    result = run(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(EXAMPLE))
    assert result.returncode == 0, result.stdout


def test_mypy_finds_nothing_in_the_examples(installed: Path, tmp_path: Path) -> None:
    python = f"--python-executable={installed}"
    result = run(need("mypy"), "--strict", "--no-incremental", python, *map(str, examples()), cwd=tmp_path)
    assert result.returncode == 0, result.stdout


def test_pyright_finds_nothing_in_the_examples(installed: Path, tmp_path: Path) -> None:
    result = run(need("pyright"), "--outputjson", "--pythonpath", str(installed), *map(str, examples()), cwd=tmp_path)
    found = json.loads(result.stdout)
    assert found["summary"]["filesAnalyzed"] == len(examples())
    assert [one["message"] for one in found["generalDiagnostics"]] == []


def test_the_kit_makes_the_same_test_less_than_half_as_long() -> None:
    with_it, without = ((EXAMPLE / f"test_{name}_the_kit.py").read_text() for name in ("with", "without"))
    assert 2 * len(with_it.splitlines()) < len(without.splitlines())
