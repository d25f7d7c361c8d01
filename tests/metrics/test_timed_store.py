"""What the store and the hashes take, and what the store does not do."""

import inspect
import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from scraping import refresh, scrape
from servers import PASSWORD

from flask_renewal.entrances.metrics import figures
from flask_renewal.stores.base import Store


def test_the_store_and_the_hashes_are_timed(client: FlaskClient, token: str) -> None:
    before, began = scrape(client), perf_counter()
    refresh(client, token)
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    after, took = scrape(client), perf_counter() - began
    more = {key: value - before[key] for key, value in after.items() if key[0].endswith("_seconds_count")}
    assert more["flask_renewal_store_seconds_count", "rotate"] == 1
    assert more["flask_renewal_store_seconds_count", "start"] == 1
    assert more["flask_renewal_hash_seconds_count", ""] == 1
    for name, label in (("store", "rotate"), ("store", "start"), ("hash", "")):
        key = (f"flask_renewal_{name}_seconds_sum", label)
        assert 0 < after[key] - before[key] < took


def test_a_store_that_is_away_is_a_failure_and_a_refused_refresh(
    app: Flask, client: FlaskClient, token: str, moves: Any
) -> None:
    with closing(sqlite3.connect(Path(app.instance_path) / "flask-renewal.db")) as database:
        database.execute("DROP TABLE renewal_session")
    with moves(refreshes={"store_unavailable": 1}, store_failures={"rotate": 1}):
        assert refresh(client, token)[0] == 503


def test_every_verb_of_a_store_is_timed() -> None:
    verbs = {name for name, what in vars(Store).items() if inspect.isfunction(what) and name[0] != "_"}
    assert verbs == set(figures.STORE_VERBS)
