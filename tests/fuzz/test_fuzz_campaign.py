"""Some of the mutated requests of `tools/fuzz.py`, the same each time, sent to both servers.

`RENEWAL_FUZZ` multiplies their number.
"""

import os
from pathlib import Path

import pytest
from campaign import Campaign
from mutated_requests import Mutator, Request
from wall import SERVERS, SPA, serving_wall

TIMES = int(os.environ.get("RENEWAL_FUZZ", "1"))
REQUESTS = 400


@pytest.mark.parametrize("server", SERVERS)
def test_no_mutated_request_is_an_internal_error(tmp_path: Path, server: str) -> None:
    with serving_wall(server, tmp_path / server, RENEWAL_TRUSTED_ORIGINS=[SPA]) as wall:
        outcome = Campaign(wall, clients=1).run(TIMES * REQUESTS)
    assert outcome.faults == []
    assert outcome.statuses.total() == TIMES * REQUESTS
    assert {200, 400, 401, 404} <= outcome.statuses.keys()


def test_the_same_seed_makes_the_same_requests() -> None:
    good = Request("POST", "/auth/login", (("Origin", "https://app.example.com"),), b'{"username": "alice"}')
    first, again, other = ([Mutator(seed).changed(good) for _ in range(1)] for seed in (1, 1, 2))
    assert first == again != other
