"""What a proxy's question costs beside a guarded request of the same kind: `python -m benchmarks.gateway_cost`.

In process, in turns, in one run of some seconds: processor time, and the ratio round by round.
"""

import sys
from collections.abc import Mapping
from time import process_time

from flask import Flask
from werkzeug.test import EnvironBuilder

from flask_renewal import access_required, create_app, page_required

from .calls import new_folder
from .figures import Spread, ratios
from .page_cost import signed_in

ROUNDS, CALLS = 60, 50
DESCRIBED = {"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/", "Sec-Fetch-Mode": "navigate"}


def make_app() -> Flask:
    app = create_app(instance_path=new_folder())
    app.add_url_rule("/by-token", "by_token", access_required()(lambda: "hello"))
    app.add_url_rule("/by-cookie", "by_cookie", page_required(lambda: "hello"))
    return app


def call(app: Flask, path: str, headers: Mapping[str, str]) -> float:
    """Return the processor microseconds of one request."""
    environs = [EnvironBuilder(path=path, headers=dict(headers)).get_environ() for _ in range(CALLS)]
    statuses: list[str] = []
    begun = process_time()
    for environ in environs:
        b"".join(app(environ, lambda status, headers, error=None: statuses.append(status)))
    took = process_time() - begun
    if {status[:2] for status in statuses} != {"20"}:
        raise RuntimeError(statuses[0])
    return took / CALLS * 1e6


def main() -> None:
    app = make_app()
    cookie = {"Cookie": signed_in(app), **DESCRIBED}
    content = {"username": "alice", "password": "correct staple horse battery"}
    token = app.test_client().post("/auth/login", json=content).get_json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}", **DESCRIBED}
    cases = {("/by-token", "/auth/verify"): bearer, ("/by-cookie", "/auth/verify "): cookie}
    found: dict[str, list[float]] = {path: [] for pair in cases for path in pair}
    for _ in range(ROUNDS):
        for pair, headers in cases.items():
            for path in pair:
                found[path].append(call(app, path.strip(), headers))
    for guarded, asked in cases:
        costs = f"{Spread.of(found[asked]).shown('.0f')} us, guarded {Spread.of(found[guarded]).shown('.0f')} us"
        sys.stdout.write(f"{guarded[1:]:10} {costs}: {ratios(found[asked], found[guarded]).shown()} times\n")


if __name__ == "__main__":
    main()
