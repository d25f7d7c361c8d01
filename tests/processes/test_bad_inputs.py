"""The whole list of bad inputs, each sent to both servers: refused for what it is, nothing changed, nothing broken."""

from collections.abc import Iterator

import bad_forms
import bad_refreshes
import bad_sessions
import bad_sign_ins
import bad_tokens
import pytest
from wall import ROWS, SERVERS, SPA, Wall, serving_wall

__all__ = ["bad_forms", "bad_refreshes", "bad_sessions", "bad_sign_ins", "bad_tokens"]

SETTINGS = {"TRUSTED_HOSTS": ["127.0.0.1"], "RENEWAL_TRUSTED_ORIGINS": [SPA], "RENEWAL_REVOCATION_DELAY": 0}
LENGTH = 87


@pytest.fixture(scope="module", params=SERVERS)
def wall(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    with serving_wall(request.param, tmp_path_factory.mktemp(request.param), **SETTINGS) as wall:
        yield wall


@pytest.mark.parametrize("number", sorted(ROWS), ids=lambda number: f"{number} {ROWS[number].__name__}")
def test_a_bad_input_is_answered_as_the_list_says(wall: Wall, number: int) -> None:
    ROWS[number](wall)


def test_nothing_on_the_list_is_a_traceback_in_the_log(wall: Wall) -> None:
    assert "Traceback" not in wall.server.log.read_text()
    assert wall.server.process.poll() is None


def test_the_list_is_whole() -> None:
    assert sorted(ROWS) == list(range(1, LENGTH + 1))
