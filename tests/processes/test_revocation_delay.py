"""How long an access token of an ended session still works on another server."""

import time
from pathlib import Path

import pytest
from servers import Server, Visitor, serving


def admitted_seconds(server: Server, visitor: Visitor, *, longest: float) -> float:
    """Return after how many seconds, counted from now, the last request was sent that this server let in."""
    begin, last = time.monotonic(), 0.0
    while (sent := time.monotonic() - begin) < longest:
        status = server.get("/auth/me", access=visitor.access).status
        if status == 401:
            return last
        assert status == 200
        last = sent
    pytest.fail("the token goes on working")


@pytest.mark.parametrize("delay", [2, 0.5, 0], ids=["the default", "half a second", "none"])
def test_an_ended_session_stops_working_everywhere_within_the_delay(tmp_path: Path, delay: float) -> None:
    here = serving(tmp_path, RENEWAL_REVOCATION_DELAY=delay)
    there = serving(tmp_path, RENEWAL_REVOCATION_DELAY=delay)
    with here as ending, there as admitting:
        alice = ending.register("alice")
        assert admitting.get("/auth/me", access=alice.access).status == 200
        assert ending.post("/auth/logout", refresh=alice.refresh).status == 204
        assert ending.get("/auth/me", access=alice.access).status == 401
        assert admitted_seconds(admitting, alice, longest=delay + 5) <= delay
