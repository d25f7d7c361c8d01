"""Runs the tests on every supported Python that is installed, with the newest and the lowest supported dependencies.

`python tools/matrix.py` looks for `python3.10` to `python3.14` on the PATH, makes an environment for each in
`build/matrix/`, and passes what follows `--` to pytest, as in `python tools/matrix.py --only lowest -- tests/stores`.
"""

import argparse
import configparser
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "matrix"
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


def lowest() -> str:
    """Return constraints that pin every requirement of the package, and of its stores, to its floor in setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    extras = config["options.extras_require"]
    lines = "\n".join([config["options"]["install_requires"], extras["postgresql"], extras["redis"]]).split("\n")
    floors = [re.match(r"([\w-]+)(?:\[\w+\])?>=([\w.]+)", line.strip()) for line in lines]
    return "".join(f"{floor[1]}=={floor[2]}\n" for floor in floors if floor)


def find(version: str) -> str | None:
    """Return the interpreter of this version, if there is one that starts: version managers leave empty shims."""
    python = shutil.which(f"python{version}")
    works = python is not None and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    return python if works else None


def prepare(python: str, folder: Path, *, pinned: bool) -> Path:
    """Make an environment with the package in it; return its interpreter."""
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
    constraints = folder / "constraints.txt"
    constraints.write_text(lowest() if pinned else "")
    install = [str(inside), "-m", "pip", "install", "-q", "--upgrade", "-c", str(constraints), "-e", f"{ROOT}[test]"]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    return inside


def main() -> int:
    """Print one line per environment; 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("newest", "lowest"))
    parser.add_argument("tests", nargs="*", help="what to pass to pytest, after --")
    options = parser.parse_args()
    failed = False
    for version in VERSIONS:
        python = find(version)
        for kind in ("newest", "lowest"):
            if options.only in (None, kind):
                failed |= not _try(version, python, kind, options.tests)
    return int(failed)


def _try(version: str, python: str | None, kind: str, tests: list[str]) -> bool:
    if python is None:
        _say(f"{version} {kind}: skipped, python{version} is not on the PATH")
        return True
    begin = time.monotonic()
    try:
        inside = prepare(python, FOLDER / f"{version}-{kind}", pinned=kind == "lowest")
    except subprocess.CalledProcessError:
        _say(f"{version} {kind}: cannot be installed")
        return False
    command = [str(inside), "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    _say(f"{version} {kind}: {result.stdout.strip().splitlines()[-1]}, {time.monotonic() - begin:.0f} s")
    if result.returncode:
        _say(result.stdout)
    return not result.returncode


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
