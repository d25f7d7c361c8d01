"""`python wsgi.py` as somebody starts it for the first time, wrongly, several times at once, and stops it."""

import json
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE
from ports import free_port
from servers import Server, launch, serving

BAD_SETTINGS = [
    ({"RENEWAL_QUIET_WINDOW": 9999}, "RENEWAL_QUIET_WINDOW"),
    ({"RENEWAL_TRUSTED_ORIGINS": ["*"]}, "RENEWAL_TRUSTED_ORIGINS"),
    ({"RENEWAL_QUIET_WINDWO": 60}, "did you mean RENEWAL_QUIET_WINDOW?"),
    ({"JWT_SECRET_KEY": "short"}, "JWT_SECRET_KEY"),
]


def test_it_starts_in_an_empty_folder_and_prints_one_line_to_click_on(tmp_path: Path) -> None:
    with serving(tmp_path / "new") as server:
        lines = server.log.read_text().splitlines()
        assert lines == [f"Flask-Renewal is running: {server.address} (Ctrl+C stops it)"]
        assert server.address.startswith("http://127.0.0.1:")
        assert server.get("/readyz").json == {"status": "ok"}


def test_the_instance_folder_and_the_key_are_nobody_elses_to_read(tmp_path: Path) -> None:
    with serving(tmp_path):
        instance = tmp_path / "instance"
        assert stat.S_IMODE(instance.stat().st_mode) == 0o700
        assert stat.S_IMODE((instance / "signing_keys.json").stat().st_mode) == 0o600


def test_sigterm_ends_it_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path, environ={"PYTHONDEVMODE": "1"}) as server:
        server.register("alice")
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()
        assert "ResourceWarning" not in server.log.read_text()


def test_it_listens_where_host_and_port_say(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, environ={"HOST": "127.0.0.2", "PORT": str(port)}) as server:
        assert server.address == f"http://127.0.0.2:{port}/"


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice = server.register("alice")
    with serving(tmp_path) as server:
        assert server.get("/auth/me", access=alice.access).status == 200
        assert alice.refreshes(server).status == 200


def test_processes_that_start_at_once_share_one_key_and_one_set_of_tables(tmp_path: Path) -> None:
    servers = [launch(tmp_path) for _ in range(5)]
    try:
        for server in servers:
            server.wait_until_it_answers()
        alice = servers[0].register("alice")
        assert len({server.get("/.well-known/jwks.json").text for server in servers}) == 1
        assert {server.get("/auth/me", access=alice.access).status for server in servers} == {200}
        assert {alice.refreshes(server).status for server in servers} == {200}
    finally:
        for server in servers:
            server.kill()


@pytest.mark.parametrize("workers", [0, 2], ids=["python wsgi.py", "gunicorn"])
@pytest.mark.parametrize(("settings", "named"), BAD_SETTINGS, ids=[named for _, named in BAD_SETTINGS])
def test_a_bad_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, workers: int, settings: dict[str, Any], named: str
) -> None:
    server = launch(tmp_path, workers=workers, **settings)
    assert server.process.wait(timeout=PATIENCE) != 0
    lines = server.log.read_text().splitlines()
    said = {line for line in lines if line.startswith("Flask-Renewal cannot start: ")}
    assert len(said) == 1
    assert named in said.pop()
    assert workers or (len(lines) == 1 and "Traceback" not in lines[0])
    assert "short" not in json.dumps(lines)


def refused(folder: Path, *options: str, **environ: str) -> list[str]:
    """Start `python wsgi.py`, which must give up; return what it says."""
    server = Server(folder, [*options, "wsgi.py"], settings={}, environ={"PORT": "0", **environ})
    assert server.process.wait(timeout=PATIENCE) == 3
    return server.log.read_text().splitlines()


def test_a_port_that_is_taken_is_named_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        [said] = refused(tmp_path, PORT=port)
    assert said.startswith(f"Flask-Renewal cannot start: HOST = '127.0.0.1', PORT = {port} cannot be listened on")


@pytest.mark.parametrize("port", ["http", "-1", "70000"])
def test_a_port_that_is_none_is_named_in_one_sentence(tmp_path: Path, port: str) -> None:
    [said] = refused(tmp_path, PORT=port)
    assert said.startswith(f"Flask-Renewal cannot start: PORT = '{port}' is no port")


def test_an_instance_folder_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "instance").touch()
    [said] = refused(tmp_path)
    assert said.startswith(f"Flask-Renewal cannot start: {tmp_path / 'instance'} cannot be written")


def test_a_module_that_is_missing_is_named_in_one_sentence(tmp_path: Path) -> None:
    [said] = refused(tmp_path, "-S")  # without what was installed
    assert said.startswith("Flask-Renewal cannot start: the module flask_renewal is not installed; run pip install")
