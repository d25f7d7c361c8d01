"""The whole list of bad inputs, each sent to both servers: refused for what it is, nothing changed, nothing broken."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import bad_forms
import bad_refreshes
import bad_sessions
import bad_sign_ins
import bad_tokens
import pytest
from servers import Server
from wall import ROWS, SPA, Wall

__all__ = ["bad_forms", "bad_refreshes", "bad_sessions", "bad_sign_ins", "bad_tokens"]

COMMANDS = {
    "waitress": ["wall_app.py"],
    "gunicorn": ["-m", "gunicorn", "--bind=127.0.0.1:0", "--threads=32", "--worker-class=gthread",
                 "--no-control-socket", "wall_app:app"],
}  # fmt: skip
SETTINGS = {"TRUSTED_HOSTS": ["127.0.0.1"], "RENEWAL_TRUSTED_ORIGINS": [SPA], "RENEWAL_REVOCATION_DELAY": 0}
LENGTH = 87


@pytest.fixture(scope="module", params=COMMANDS)
def wall(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copy(Path(__file__).with_name("wall_app.py"), folder)
    server = Server(folder, COMMANDS[request.param], settings=SETTINGS, environ={"PORT": "0"})
    try:
        yield Wall(server.wait_until_it_answers(), folder / "instance")
    finally:
        server.kill()


@pytest.mark.parametrize("number", sorted(ROWS), ids=lambda number: f"{number} {ROWS[number].__name__}")
def test_a_bad_input_is_answered_as_the_list_says(wall: Wall, number: int) -> None:
    ROWS[number](wall)


def test_nothing_on_the_list_is_a_traceback_in_the_log(wall: Wall) -> None:
    assert "Traceback" not in wall.server.log.read_text()
    assert wall.server.process.poll() is None


def test_the_list_is_whole() -> None:
    assert sorted(ROWS) == list(range(1, LENGTH + 1))
