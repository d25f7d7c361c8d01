"""`flask renewal client`: a package that npm takes, and nobody's files lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from flask_renewal.ground.folders import BROWSER

Write = Callable[..., Any]


@pytest.fixture
def write(make_app: Callable[..., Flask]) -> Write:
    """A function that runs the command."""
    runner = make_app().test_cli_runner()
    return lambda folder, *options: runner.invoke(args=["renewal", "client", "--to", str(folder), *options])


def test_the_package_has_what_it_exports_with_types_and_licence(write: Write, tmp_path: Path) -> None:
    result = write(tmp_path / "client")
    described = json.loads((tmp_path / "client" / "package.json").read_text())
    assert result.output == f"Wrote flask-renewal {described['version']} to {tmp_path / 'client'}.\n"
    files = [file for exported in described["exports"].values() for file in exported.values()]
    assert all((tmp_path / "client" / file).exists() for file in [*files, "LICENSE", "README.md", "client/state.js"])
    assert not {"devDependencies", "scripts"} & described.keys()


def test_an_older_package_is_replaced_whole(write: Write, tmp_path: Path) -> None:
    write(tmp_path / "client")
    (tmp_path / "client" / "client" / "older.js").write_text("")
    told = json.loads(write(tmp_path / "client", "--json").output)
    version = json.loads((tmp_path / "client" / "package.json").read_text())["version"]
    assert told == {"folder": str(tmp_path / "client"), "version": version}
    assert not (tmp_path / "client" / "client" / "older.js").exists()


def test_a_folder_with_anything_else_in_it_is_left_alone(write: Write, tmp_path: Path) -> None:
    for file, text in (("notes.txt", "mine"), ("package.json", '{"name": "my-app"}')):
        (tmp_path / file).write_text(text)
        assert write(tmp_path).exit_code == 2
        assert (tmp_path / file).read_text() == text


def test_the_client_is_not_written_over_itself(write: Write) -> None:
    assert write(BROWSER).exit_code == 2
    assert (BROWSER / "client.js").exists()


def test_every_module_of_the_client_is_written(write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "a new one" / "client"
    write(folder)
    modules = {path.relative_to(BROWSER) for folder in (BROWSER, BROWSER / "client") for path in folder.glob("*.js")}
    assert {path.relative_to(folder) for path in folder.rglob("*.js")} == modules
