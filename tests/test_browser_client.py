"""The browser client's own tests, types and size, run by Node.

Skipped where Node or the packages of ``src/browser`` are missing, unless ``RENEWAL_TEST_EVERYTHING=1`` asks for all.
"""

import filecmp
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parent.parent
BROWSER = ROOT / "src" / "browser"
EVERYTHING = os.environ.get("RENEWAL_TEST_EVERYTHING") == "1"


def missing(what: str) -> NoReturn:
    """Skip, or fail where nothing may be skipped."""
    if EVERYTHING:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def node() -> str:
    """Node 20.3 or later: the first with everything that the client expects of a browser."""
    found = shutil.which("node")
    if not found:
        missing("node is not installed")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version[1:].split(".")[:2]) < (20, 3):
        missing(f"node is {version}, the tests need 20.3 or later")
    return found


@pytest.fixture(scope="module")
def packages() -> Path:
    found = BROWSER / "node_modules"
    if not found.is_dir():
        missing("run `npm ci` in src/browser first")
    return found


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a command printed; fails with it if the command did."""
    done = subprocess.run(command, check=False, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_client_keeps_its_rules(node: str) -> None:
    printed = run(node, "--test", "--test-reporter=tap", *sorted((ROOT / "tests" / "client").glob("*.test.js")))
    assert not EVERYTHING or "\n# skipped 0\n" in printed, printed


def test_the_declarations_are_those_of_the_source(node: str, packages: Path, tmp_path: Path) -> None:
    run(node, packages / "typescript" / "bin" / "tsc", "--outDir", tmp_path, cwd=BROWSER)
    generated = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.d.ts"))
    kept = sorted(path.relative_to(BROWSER / "types") for path in (BROWSER / "types").rglob("*.d.ts"))
    assert generated == kept, "run `npm run types` in src/browser"
    stale = [name for name in kept if not filecmp.cmp(tmp_path / name, BROWSER / "types" / name, shallow=False)]
    assert not stale, "run `npm run types` in src/browser"


def test_the_core_weighs_no_more_than_three_kilobytes(node: str, packages: Path) -> None:
    assert "The core may weigh" in run(node, "benchmarks/client_size.mjs")
