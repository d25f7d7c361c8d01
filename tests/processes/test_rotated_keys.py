"""Keys that are generated, rotated and retired while people use two servers: nobody is refused anything."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from servers import UNHURRIED, Server, Visitor, serving

from flask_renewal.identity.tokens.keys.key_file import KeyFile

FOLLOWED_SECONDS = 5
"""Within these every process follows the key file."""


def use(client: Visitor, servers: tuple[Server, Server], over: Event) -> list[int]:
    """Read and refresh, at one server and the other in turn; return the statuses of all answers."""
    statuses = []
    while not over.is_set():
        for reading, refreshing in (servers, servers[::-1]):
            statuses += [reading.get("/auth/me", access=client.access).status, client.refreshes(refreshing).status]
    return statuses


def test_through_a_rotation_under_load_nobody_is_refused(tmp_path: Path) -> None:
    over = Event()
    with serving(tmp_path, **UNHURRIED) as one, serving(tmp_path, **UNHURRIED) as other:
        people = [one.register(name) for name in ("alice", "bob", "carol", "dave")]
        keys = KeyFile(tmp_path / "instance", token_life=900, rotation=None, now=time.time)
        [old] = [key.kid for key in keys.load().signing]
        with ThreadPoolExecutor(len(people)) as threads:
            using = [threads.submit(use, client, (one, other), over) for client in people]
            new = keys.generate("EdDSA").kid
            time.sleep(FOLLOWED_SECONDS)
            keys.rotate(at_once=True)
            time.sleep(FOLLOWED_SECONDS)
            keys.retire(old, at_once=True)
            time.sleep(FOLLOWED_SECONDS)
            over.set()
        statuses = [status for future in using for status in future.result()]
        assert set(statuses) == {200}
        assert len(statuses) > 100
        assert [key["kid"] for key in other.get("/.well-known/jwks.json").json["keys"]] == [new]
