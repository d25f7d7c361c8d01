"""How many calls of our functions one request makes, in how many files: `python -m benchmarks.doors [--list]`."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import flask_renewal
from flask_renewal import access_required, create_app

from .calls import new_folder
from .in_process import PASSWORD, add_hello

Walk = Callable[[FlaskClient], TestResponse]

PACKAGE = str(Path(flask_renewal.__file__).parent)
BROWSER = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
NAVIGATION = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def refresh(client: FlaskClient) -> Walk:
    _sign_in(client)
    return lambda client: client.post("/auth/refresh", headers=BROWSER)


def renewed(client: FlaskClient) -> Walk:
    carried = {**BROWSER, "Authorization": f"Bearer {_sign_in(client)}"}
    client.get("/hello", headers=carried)  # verified: each request but the first finds that done
    return lambda client: client.get("/hello", headers=carried)


def login(client: FlaskClient) -> Walk:
    return _login


def account(client: FlaskClient) -> Walk:
    client.post("/login", data={"username": "alice", "password": PASSWORD}, headers=NAVIGATION)
    time.sleep(2)  # longer than its access token lives
    return lambda client: client.get("/account", headers=NAVIGATION)


WALKS = {
    "a rotating refresh": refresh,
    "a guarded request that is renewed": renewed,
    "a login": login,
    "/account with an expired access cookie": account,
}


def passed(client: FlaskClient, walk: Walk) -> Counter[tuple[str, str]]:
    """Return how often each function of ours, with its file, was called."""
    found: Counter[tuple[str, str]] = Counter()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGE):
            found[code.co_filename.removeprefix(PACKAGE), code.co_name] += 1

    sys.setprofile(note)
    try:
        answer = walk(client)
    finally:
        sys.setprofile(None)
    if answer.status_code != 200:
        raise RuntimeError(answer.status)
    return found


def _login(client: FlaskClient) -> TestResponse:
    return client.post("/auth/login", json={"username": "alice", "password": PASSWORD}, headers=BROWSER)


def _sign_in(client: FlaskClient) -> str:
    return str(_login(client).get_json()["access_token"])


def walks() -> dict[str, Counter[tuple[str, str]]]:
    """Take each walk twice, for the first finds the house cold; return what the second has passed."""
    settings = {"RENEWAL_HEADER_THRESHOLD": 1.0, "JWT_ACCESS_TOKEN_EXPIRES": timedelta(seconds=1)}
    taken = {}
    for name, prepare in WALKS.items():
        short = settings if prepare is account else {"RENEWAL_HEADER_THRESHOLD": 1.0}
        app = add_hello(create_app(short, instance_path=new_folder()), access_required(), "/hello")
        app.test_client().post("/auth/register", json={"username": "alice", "password": PASSWORD})
        _, taken[name] = [passed(client, prepare(client)) for client in (app.test_client(), app.test_client())]
    return taken


def files(found: Counter[tuple[str, str]]) -> int:
    """Return in how many files the functions are."""
    return len({file for file, _ in found})


def main() -> None:
    """Tell what each walk passes."""
    for name, found in walks().items():
        print(f"{name}: {found.total()} calls, {files(found)} files")
        if "--list" in sys.argv:
            for (file, function), count in sorted(found.items()):
                print(f"{count:5} {file[1:]} {function}")


if __name__ == "__main__":
    main()
