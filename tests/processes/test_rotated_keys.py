"""Keys that are generated, rotated and retired while people use two servers: nobody is refused anything."""

import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from key_rings import pem
from servers import UNHURRIED, Server, Visitor, launch, serving

from flask_renewal.identity.tokens.keys.key_file import KeyFile

FOLLOWED_SECONDS = 5
"""Within these every process follows the key file."""


def use(client: Visitor, servers: tuple[Server, Server], over: Event) -> list[int]:
    """Read and refresh, at one server and the other in turn; return the statuses of all answers.

    Ten times a second is more often than anything about the keys changes, and leaves the processor to other tests.
    """
    statuses: list[int] = []
    while not over.wait(0.1 if statuses else 0):
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


SIDE_BY_SIDE_SECONDS = 1
"""How long servers of two deployments run at once under load."""
PEOPLE = ("alice", "bob", "carol", "dave")
BY_HAND = {
    "JWT_PRIVATE_KEY": (pem(ec.generate_private_key(ec.SECP256R1())), pem(ed25519.Ed25519PrivateKey.generate())),
    "JWT_SECRET_KEY": (secrets.token_hex(32), secrets.token_hex(32)),
}


def deployments(setting: str) -> list[dict[str, object]]:
    """Return what is set in turn, as the page on deploying has it."""
    old, new = BY_HAND[setting]
    always = {**UNHURRIED, "RENEWAL_REFRESH_SECRET": secrets.token_hex(32)}
    settings = [{setting: keys, **always} for keys in ([old], [old, new], [new, old], [new])]
    if setting == "JWT_PRIVATE_KEY":  # the algorithm is that of the key that signs
        settings = [{**one, "JWT_ALGORITHM": "EdDSA" if number > 1 else "ES256"} for number, one in enumerate(settings)]
    return settings


@contextmanager
def all_deployed(folder: Path, settings: Sequence[dict[str, object]]) -> Iterator[list[Server]]:
    """Serve by each of the settings, one database for all; the first server makes it."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(folder, **settings[0]))]
        for one in settings[1:]:
            servers.append(launch(folder, **one))
            stack.callback(servers[-1].kill)
        yield [server.wait_until_it_answers() for server in servers]


def use_for_a_while(people: Sequence[Visitor], servers: tuple[Server, Server]) -> list[int]:
    over = Event()
    with ThreadPoolExecutor(len(people)) as threads:
        using = [threads.submit(use, person, servers, over) for person in people]
        time.sleep(SIDE_BY_SIDE_SECONDS)
        over.set()
    return [status for future in using for status in future.result()]


@pytest.mark.parametrize("setting", BY_HAND)
def test_through_a_rotation_by_hand_nobody_is_refused(tmp_path: Path, setting: str) -> None:
    with all_deployed(tmp_path, deployments(setting)) as servers:
        people, away = [servers[0].register(name) for name in PEOPLE], servers[0].register("erin")
        statuses = []
        for before, after in pairwise(servers):
            if after is servers[-1]:  # in 15 minutes everybody has got a token of the new key
                statuses += [person.refreshes(before).status for person in people]
            statuses += use_for_a_while(people, (before, after))
        assert set(statuses) == {200}
        assert len(statuses) > 4 * len(PEOPLE)
        assert away.refreshes(servers[-1]).status == 200
