"""What would be released: a wheel of the same bytes wherever and whenever it is built, with all that it needs."""

import json
import os
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest
from everything import need
from release import BUILD, copy_sources
from release import ROOT as TREE

ONE_DAY = {"SOURCE_DATE_EPOCH": "1767225600"}
FOLDERS = {"src/flask_renewal": "", "src/browser": "browser/", "templates": "templates/", "examples/spa": "sample_app/"}
"""Of the tree, by where they are in the package."""
FOR_DEVELOPERS = {"package-lock.json", "tsconfig.json", ".gitignore", ".npmrc", "babel.cfg"}


def build(folder: Path) -> tuple[Path, Path]:
    """Build what is in a folder by the backend that is installed here; return sdist and wheel."""
    out = folder / "out"
    out.mkdir()
    command, environ = [sys.executable, "-c", BUILD, str(out)], {**os.environ, **ONE_DAY}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    [sdist], [wheel] = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Two builds, in two folders, of files of two days."""
    folders = [copy_sources(tmp_path_factory.mktemp(name)) for name in ("one", "a_folder_with_a_longer_name")]
    for file in folders[1].rglob("*"):
        os.utime(file, (1_500_000_000, 1_500_000_000))
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(build, folders))


def test_a_wheel_has_the_same_bytes_whenever_and_wherever_it_is_built(built: list[tuple[Path, Path]]) -> None:
    one, other = (wheel.read_bytes() for _, wheel in built)
    assert one == other


def test_a_wheel_that_is_built_of_the_sdist_has_them_too(built: list[tuple[Path, Path]], tmp_path: Path) -> None:
    sdist, wheel = built[0]
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    _, again = build(folder)
    assert again.read_bytes() == wheel.read_bytes()


def test_a_wheel_has_all_that_the_package_needs_and_nothing_else(built: list[tuple[Path, Path]]) -> None:
    with ZipFile(built[0][1]) as wheel:
        found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    needed = {
        f"flask_renewal/{place}{file.relative_to(TREE / folder).as_posix()}"
        for folder, place in FOLDERS.items()
        for file in (TREE / folder).rglob("*")
        if file.is_file() and not {"node_modules", "__pycache__"} & set(file.parts)
    }
    assert found <= needed
    assert {name.rpartition("/")[2] for name in needed - found} <= FOR_DEVELOPERS
    assert "flask_renewal/py.typed" in found


def test_a_sdist_has_no_tests_and_what_a_reader_looks_for_first(built: list[tuple[Path, Path]]) -> None:
    with tarfile.open(built[0][0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "setup.cfg", "PKG-INFO"} <= names
    assert {name.partition("/")[0] for name in names if "/" in name} == {"src", "templates", "examples"}
    assert not [name for name in names if "node_modules" in name or name.endswith(".pyc")]


def test_npm_is_given_what_the_package_has(built: list[tuple[Path, Path]]) -> None:
    command = [need("npm"), "pack", "--dry-run", "--json"]
    packed = subprocess.run(command, cwd=TREE / "src" / "browser", capture_output=True, check=True, timeout=120)
    npms = {file["path"] for file in json.loads(packed.stdout)[0]["files"]}
    with ZipFile(built[0][1]) as wheel:
        ours = {name.partition("/browser/")[2] for name in wheel.namelist() if "/browser/" in name}
    assert npms == ours
