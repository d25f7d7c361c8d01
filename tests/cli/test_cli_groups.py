"""Groups of the host's that have our names stay the host's; ours are below `flask renewal` too."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from conftest import Clock
from flask import Flask
from flask.cli import AppGroup
from hosts import make_host

NAMES = ("users", "sessions", "keys")


def add_groups(app: Flask) -> None:
    for name in NAMES:
        group = AppGroup(name)
        group.command("mine")(lambda: click.echo("mine"))
        app.cli.add_command(group)


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
@pytest.mark.parametrize("name", NAMES)
def test_a_hosts_group_of_our_name_stays(tmp_path: Path, clock: Clock, name: str, before: bool) -> None:
    app = make_host(tmp_path / "host", clock, prepare=add_groups if before else None)
    if not before:
        add_groups(app)
    assert app.test_cli_runner().invoke(args=[name, "mine"]).output == "mine\n"


@pytest.mark.parametrize("words", [("users", "add"), ("sessions", "list"), ("keys", "list"), ("check",)], ids=" ".join)
def test_ours_are_all_below_flask_renewal_too(adopt: Callable[..., Flask], words: tuple[str, ...]) -> None:
    run = adopt(prepare=add_groups).test_cli_runner().invoke
    assert run(args=["renewal", *words, "--help"]).exit_code == 0


def test_a_user_is_added_below_flask_renewal(adopt: Callable[..., Flask]) -> None:
    run = adopt(prepare=add_groups).test_cli_runner().invoke
    added = run(args=["renewal", "users", "add", "alice", "--password-stdin"], input="correct staple horse battery\n")
    assert added.output == "Added alice.\n"
