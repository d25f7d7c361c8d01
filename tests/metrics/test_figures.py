"""Labels are words of ours: there from the start, and nobody makes another one."""

import re
from pathlib import Path
from typing import Any

from conftest import bearer
from flask.testing import FlaskClient
from scraping import refresh, scrape

from flask_renewal.entrances.api.schemas import REASONS
from flask_renewal.entrances.metrics import figures
from flask_renewal.identity.users import throttle


def test_nothing_that_anybody_sends_makes_a_label(client: FlaskClient, token: str) -> None:
    before = scrape(client)
    for word in ("../../etc", "\x00", "ü" * 100, "verdict", "a.b.c"):
        client.post("/auth/login", json={"username": word, "password": word})
        client.post(f"/auth/{word}", headers={**bearer(word), "Origin": f"https://{len(word)}.example"})
        client.get("/auth/me", headers=bearer(word))
        refresh(client, word)
    assert scrape(client).keys() == before.keys()


def test_a_word_that_is_not_known_is_other(moves: Any) -> None:
    with moves(guard_refusals={"other": 1}):
        figures.GUARD_REFUSALS.count("no code of ours")


def test_every_word_that_a_limit_counts_by_has_a_label() -> None:
    words = re.findall(r'(?:key=|_at_home\()\("([a-z-]+)",', Path(throttle.__file__).read_text())
    assert {*words, "hashing"} == set(figures.COUNTED_BY)


def test_every_reason_of_an_ending_has_a_label() -> None:
    assert set(figures.REASONS) == set(REASONS)
