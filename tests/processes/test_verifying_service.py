"""The service of `examples`, two processes of it under gunicorn, beside the application that signs people in."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from doc_blocks import ROOT
from servers import Server, launch, serving

from flask_renewal.identity.tokens.keys.key_file import KeyFile

KEY = "the key of a service, 32 bytes or more!"
DELAY = 1
"""`RENEWAL_REVOCATION_DELAY`, in seconds."""
NAMED = """
import os

from service import app


@app.after_request
def name_the_process(response):
    response.headers["X-Process"] = str(os.getpid())
    return response
"""
"""The service, whose answers say which process gave them."""


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "issuer", RENEWAL_SERVICE_KEYS=[KEY], RENEWAL_QUIET_WINDOW=0) as server:
        yield server


@pytest.fixture
def service(tmp_path: Path, issuer: Server) -> Iterator[Server]:
    folder = tmp_path / "service"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "service" / "app.py", folder / "service.py")
    (folder / "named_service.py").write_text(NAMED)
    told = {"RENEWAL_ISSUER_URL": issuer.address, "RENEWAL_SERVICE_KEYS": [KEY], "RENEWAL_REVOCATION_DELAY": DELAY}
    server = launch(folder, workers=2, application="named_service", **told)
    try:
        yield server.wait_until_it_answers()
    finally:
        server.kill()


def test_every_process_lets_in_who_is_signed_in_and_shuts_out_whose_session_has_ended(
    issuer: Server, service: Server
) -> None:
    alice, bob = issuer.register("alice"), issuer.register("bob")
    assert service.statuses("/reports", access=alice.access) == {200}
    issuer.post("/auth/logout", access=alice.access, refresh=alice.refresh)
    time.sleep(DELAY + 1)
    assert service.statuses("/reports", access=alice.access) == {401}
    assert service.statuses("/reports", access=bob.access) == {200}


def test_keys_that_are_rotated_there_sign_nobody_out_here(tmp_path: Path, issuer: Server, service: Server) -> None:
    alice = issuer.register("alice")
    assert service.statuses("/reports", access=alice.access) == {200}
    keys = KeyFile(tmp_path / "issuer" / "instance", token_life=900, rotation=None, now=time.time)
    keys.generate("ES256")
    keys.rotate(at_once=True)
    time.sleep(11)  # a service asks again for a key that it does not know after ten seconds
    assert alice.refreshes(issuer).status == 200
    assert service.statuses("/reports", access=alice.access) == {200}


def test_while_the_issuer_is_away_people_are_let_in(issuer: Server, service: Server) -> None:
    alice = issuer.register("alice")
    assert service.statuses("/reports", access=alice.access) == {200}
    issuer.kill()
    until = time.monotonic() + 3 * DELAY
    while time.monotonic() < until:
        assert service.get("/reports", access=alice.access).status == 200
    assert service.log.read_text().count("RENEWAL_ISSUER_URL") <= 2  # once in each process
