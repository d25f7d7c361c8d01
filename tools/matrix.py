"""Runs the tests on every supported Python that is installed, with the newest and the lowest supported dependencies.

`python tools/matrix.py` looks for `python3.10` to `python3.14` on the PATH, makes an environment for each in
`build/matrix/`, and passes what follows `--` to pytest, as in `python tools/matrix.py --only lowest -- tests/stores`.
`--only pre-release` takes the newest pre-release of Flask, where there is one.
"""

import argparse
import configparser
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "matrix"
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
KINDS = ("newest", "lowest", "pre-release")
OF_DEVELOPERS = ("docs", "test")
"""Extras that no host installs."""
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--upgrade")


def lowest() -> str:
    """Return constraints that pin every requirement of the package, and of its extras, to its floor in setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    extras = [value for name, value in config["options.extras_require"].items() if name not in OF_DEVELOPERS]
    lines = "\n".join([config["options"]["install_requires"], *extras]).split("\n")
    floors = [re.match(r"([\w-]+)(?:\[\w+\])?>=([\w.]+)", line.strip()) for line in lines]
    return "".join(f"{floor[1]}=={floor[2]}\n" for floor in floors if floor)


def find(version: str) -> str | None:
    """Return the interpreter of this version, if there is one that starts: version managers leave empty shims."""
    python = shutil.which(f"python{version}")
    works = python is not None and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    return python if works else None


def has_prerelease(python: str) -> bool:
    """Say whether the newest Flask in the registry is a pre-release; nothing is installed."""
    command = [python, *PIP, "--pre", "--no-deps", "--ignore-installed", "--dry-run", "--report", "-", "flask"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return re.search("[a-z]", report["install"][0]["metadata"]["version"]) is not None


def prepare(python: str, folder: Path, kind: str) -> Path:
    """Make an environment with the package in it; return its interpreter."""
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
    constraints = folder / "constraints.txt"
    constraints.write_text(lowest() if kind == "lowest" else "")
    _pip(inside, "-c", str(constraints), "-e", f"{ROOT}[test]")
    if kind == "pre-release":
        _pip(inside, "--pre", "flask")
    return inside


def _pip(python: Path, *arguments: str) -> None:
    subprocess.run([str(python), *PIP, *arguments], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Print one line per environment; 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=KINDS, action="append", help="all but the pre-release by default")
    parser.add_argument("--python", choices=VERSIONS, action="append", help="all that are installed by default")
    parser.add_argument("tests", nargs="*", help="what to pass to pytest, after --")
    options = parser.parse_args()
    kinds, versions = options.only or KINDS[:2], options.python or VERSIONS
    passed = [_try(version, kind, options.tests) for version in versions for kind in kinds]
    return int(not all(passed))


def _try(version: str, kind: str, tests: list[str]) -> bool:
    begin = time.monotonic()
    python = find(version)
    if python is None:
        return _say(f"{version} {kind}: skipped, python{version} is not on the PATH")
    try:
        if kind == "pre-release" and not has_prerelease(python):
            return _say(f"{version} {kind}: skipped, Flask has none")
        inside = prepare(python, FOLDER / f"{version}-{kind}", kind)
    except subprocess.CalledProcessError:
        return _say(f"{version} {kind}: cannot be installed", passed=False)
    command = [str(inside), "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passed = result.returncode == 0
    if not passed:
        _say(result.stdout)
    return _say(
        f"{version} {kind}: {result.stdout.strip().splitlines()[-1]}, {time.monotonic() - begin:.0f} s", passed=passed
    )


def _say(line: str, *, passed: bool = True) -> bool:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return passed


if __name__ == "__main__":
    sys.exit(main())
