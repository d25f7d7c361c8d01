"""Build what would be released, let twine look at it, and ask for known weaknesses of what it brings along.

    python tools/release.py [--to FOLDER]

Needs setuptools, twine and pip-audit. Exit code 1: what was built is not as it should be; 2: a weakness is known. A
registry that does not answer is no failure, and is said so.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("app", "metrics", "mysql", "postgresql", "redis")
BUILD = "import sys; from setuptools import build_meta as b; out = sys.argv[1]; b.build_sdist(out); b.build_wheel(out)"
SOURCES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "src", "templates", "examples")
LEFT_OUT = ("build", "dist", "instance", "node_modules", "__pycache__", "*.egg-info")
LONGEST = 180
"""Seconds that a registry is waited for."""


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, help="where sdist and wheel are left")
    to = parser.parse_args().to
    with tempfile.TemporaryDirectory() as scratch:
        out = (to or Path(scratch, "out")).absolute()
        build(Path(scratch, "sources"), out)
        files = map(str, sorted(out.glob("flask_renewal-*")))
        if subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=False).returncode:
            return 1
        return audit(installed("flask-renewal", *EXTRAS), Path(scratch))


def copy_sources(folder: Path) -> Path:
    """Copy what a distribution is built of into a folder; return it."""
    folder.mkdir(exist_ok=True)
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def build(sources: Path, out: Path) -> None:
    """Build what is here, in a folder of its own, for building leaves traces, and others may be at work here."""
    copy_sources(sources)
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-c", BUILD, str(out)]
    subprocess.run(command, cwd=sources, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def installed(name: str, *extras: str) -> dict[str, str]:
    """Return the version of each package that one brings along, as it is installed here."""
    found: dict[str, str] = {}
    asked = [(name, extras)]
    while asked:
        name, extras = asked.pop()
        for line in requires(name) or []:
            wanted, _, marker = line.partition(";")
            extra = re.search(r"extra == ['\"]([\w-]+)['\"]", marker)
            [(other, more)] = re.findall(r"^([\w.-]+)(?:\[([\w,-]+)\])?", wanted.strip())
            if extra is not None and extra[1] not in extras:
                continue
            try:
                known = version(other)
            except PackageNotFoundError:  # for another system or another Python
                continue
            if other not in found or more:
                asked.append((other, tuple(more.split(",")) if more else ()))
            if other != "flask-renewal":
                found[other] = known
    return found


def audit(packages: dict[str, str], scratch: Path) -> int:
    """Say which of some packages have known weaknesses; return the exit code."""
    (scratch / "installed.txt").write_text("".join(f"{name}=={known}\n" for name, known in sorted(packages.items())))
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
    command += ["--format", "json", "-r", str(scratch / "installed.txt")]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False).stdout
        answers = json.loads(told)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        answers = []
    known = [answer for answer in answers if "skip_reason" not in answer]
    weak = [f"{one['name']} {one['version']}: {bad['id']}" for one in known for bad in one["vulns"]]
    told = [f"{len(known)} of {len(packages)} packages were looked up, {len(weak)} weaknesses are known."]
    if len(known) < len(packages):
        told.append("The registry does not answer for the others.")
    sys.stdout.write("\n".join([*told, *weak, ""]))
    return 2 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
