"""`python -m benchmarks.logins`: how fast people sign in, and what a flood of sign-ins does to everybody else.

The guarded requests are asked from a process of their own, so that a client busy with the flood does not add to their
times. The flood is on its way before they are timed.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from time import sleep

from .figures import Spread, ratios
from .load import Client, meanwhile, post, run
from .peers import Peer, Workshop, ours
from .server import Server, hello, signed_in

ALONE = Peer(name="argon2id alone", target="benchmarks.servers.password:app")
FLOOD, OTHERS = 16, 4
"""Clients."""
USERS = 512
"""Whom the clients of the flood sign in as, one after another: as 16 they would soon have a hundred sessions each."""
PASSWORD = "correct staple horse battery"
SETTLING_SECONDS = 0.3
WARMING_SECONDS = 3
PAIRS = 3
"""Of sign-ins with and without us in a round, short ones: the machine is not as fast now as it was a minute ago."""

Rounds = dict[str, list[float]]


def compare(uri: str, workshop: Workshop, folder: Path, *, rounds: int, seconds: float) -> Rounds:
    """Return, round by round, sign-ins per second, and the p99 in ms of others while nothing, or a flood, goes on."""
    found: Rounds = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    with Server(ours("sqlite"), workshop, uri, folder) as server, Server(ALONE, workshop, None, folder) as bare:
        tokens = signed_in(server, USERS)
        others = [server.peer.guard(one) for one in tokens[:OTHERS]]  # type: ignore[misc]
        users = [f"user-{server.port}-{number}" for number in range(USERS)]
        flood = [_login("/auth/login", users[number::FLOOD]) for number in range(FLOOD)]
        bare_flood, bare_others = [_login("/login", ["alice"])] * FLOOD, [hello(bare)] * OTHERS
        floods = {
            "flooded": (server, others, flood),
            "flooded, impatient": (server, others, [replace(client, is_patient=False) for client in flood]),
            "asked for hello": (server, others, [hello(server)] * FLOOD),
            "argon2id alone, flooded": (bare, bare_others, bare_flood),
        }
        run(server.port, flood, WARMING_SECONDS)
        for _ in range(rounds):
            for _ in range(PAIRS):
                note("ours", run(server.port, flood, seconds / 2).served)
                note("argon2id alone", run(bare.port, bare_flood, seconds / 2).served)
            note("calm", run(server.port, others, seconds).percentile(0.99))
            note("argon2id alone, calm", run(bare.port, bare_others, seconds).percentile(0.99))
            for name, (target, asking, flooding) in floods.items():
                with meanwhile(target.port, flooding, seconds + 2 * SETTLING_SECONDS) as flooded:
                    sleep(SETTLING_SECONDS)
                    note(name, run(target.port, asking, seconds).percentile(0.99))
                    load = flooded()
                note(f"{name}: served", load.served)
                note(f"{name}: refused", load.refused / load.seconds)
    return found


def _login(path: str, usernames: Sequence[str]) -> Client:
    bodies = [json.dumps({"username": username, "password": PASSWORD}).encode() for username in usernames]
    texts = cycle([post(path, body, Content_Type="application/json") for body in bodies])
    return Client(lambda: next(texts))


def signing_in(found: Rounds) -> str:
    """Say what was found, in Markdown."""

    def grows(name: str, calm: str = "calm") -> str:
        return ratios(found[name], found[calm]).shown(".1f")

    def each_second(name: str) -> str:
        return Spread.of(found[name]).shown(".0f")

    return f"""A login reaches {ratios(found["ours"], found["argon2id alone"]).shown()} of what a bare route that only
verifies the password with argon2id reaches on the same server ({each_second("argon2id alone")} a second). What it does
besides is three statements and two tokens, on caches that the hash has emptied: over twice what they take otherwise.

The 99th percentile of guarded requests from {OTHERS} clients is {Spread.of(found["calm"]).shown(".1f")} ms. It grows

- {grows("flooded")} times while {FLOOD} others do nothing but sign in, and come back when they are told to
  ({each_second("flooded: served")} signed in, {each_second("flooded: refused")} refused a second);
- {grows("flooded, impatient")} times while they come back at once
  ({each_second("flooded, impatient: served")} signed in, {each_second("flooded, impatient: refused")} refused);
- {grows("asked for hello")} times while they ask for "hello" instead, {each_second("asked for hello: served")} times a
  second: so much any {FLOOD} clients without a pause take from each other.

On the bare route's server requests for "hello" take {grows("argon2id alone, flooded", "argon2id alone, calm")} times as
long in a flood."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="renewal-benchmark-") as folder:
        workshop = Workshop(Path(folder))
        found = compare(f"sqlite:///{folder}/logins.db", workshop, Path(folder), rounds=7, seconds=2.0)
    sys.stdout.write(signing_in(found) + "\n")


if __name__ == "__main__":
    main()
