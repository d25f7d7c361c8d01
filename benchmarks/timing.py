"""Whether the time of a refusal tells who or what exists: `python -m benchmarks.timing [--tries 200]`.

In process, in turns, on SQLite, wall-clock time: each pair is refused in the same words, and ought to take as long.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient

from flask_renewal import create_app

from .figures import Spread, ratios
from .in_process import PASSWORD

MOST_APART = 0.15
Try = Callable[[], int]


def pairs(app: Flask) -> dict[str, tuple[Try, Try]]:
    """Return, for each question, a try with what exists and one with what does not; both return the status."""
    asking, other, _ = (_signed_up(app, name) for name in ("alice", "bob", "carol"))
    app.test_cli_runner().invoke(args=["users", "disable", "carol"])
    client = app.test_client(use_cookies=False)
    token = str(asking["access_token"])
    theirs = str(other["id"])
    made_up = theirs[:-4] + ("AAAA" if theirs[-4:] != "AAAA" else "BBBB")
    return {
        "a wrong password, of a name that nobody has": (_signs_in(client, "alice"), _signs_in(client, "nobody")),
        "a wrong password, of an account that is disabled": (_signs_in(client, "alice"), _signs_in(client, "carol")),
        "ending a session of somebody else's, and none": (_ends(client, token, theirs), _ends(client, token, made_up)),
    }


def _signed_up(app: Flask, name: str) -> dict[str, object]:
    told = app.test_client().post("/auth/register", json={"username": name, "password": PASSWORD}).get_json()
    return {"access_token": told["access_token"], "id": told["session"]["id"]}


def _signs_in(client: FlaskClient, name: str) -> Try:
    content = {"username": name, "password": "a wrong password altogether"}
    return lambda: client.post("/auth/login", json=content).status_code


def _ends(client: FlaskClient, token: str, session_id: str) -> Try:
    headers = {"Authorization": f"Bearer {token}"}
    return lambda: client.delete(f"/auth/sessions/{session_id}", headers=headers).status_code


def _milliseconds(attempt: Try, status: int) -> float:
    began = perf_counter()
    answered = attempt()
    took = perf_counter() - began
    if answered != status:
        raise RuntimeError(answered)
    return took * 1e3


def main() -> None:
    """Print each pair's medians and their ratio, try by try; exit with 1 where they are too far apart."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timing", description=__doc__)
    parser.add_argument("--tries", type=int, default=200, help="of each")
    tries = parser.parse_args().tries
    apart = 0
    with tempfile.TemporaryDirectory(prefix="renewal-benchmark-") as folder:
        app = create_app({"RATELIMIT_ENABLED": False}, instance_path=Path(folder))
        for name, (there, not_there) in pairs(app).items():
            status = there()
            found = [(_milliseconds(there, status), _milliseconds(not_there, status)) for _ in range(tries)]
            first, second = ([pair[at] for pair in found] for at in (0, 1))
            ratio = ratios(second, first)
            apart += abs(ratio.middle - 1) > MOST_APART
            shown = f"{Spread.of(first).shown()} ms, {Spread.of(second).shown()} ms"
            sys.stdout.write(f"{name}: {shown}, {ratio.shown()} times\n")
    sys.exit(1 if apart else 0)


if __name__ == "__main__":
    main()
