"""A server that renders with the visitor's cookies: it learns who asks, and rotates nothing."""

import json
import subprocess
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from everything import need_node
from patience import PATIENCE
from servers import PASSWORD, Server

from .settings import RECIPES

ASK = """
const { visitorOf } = await import(process.argv[1]);
const [cookie, host, api] = process.argv.slice(2);
console.log(JSON.stringify(await visitorOf({ headers: { cookie, host } }, api)));
"""
VISITOR = RECIPES / "server-rendering" / "visitor.js"


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    return serve("server-rendering", JWT_ACCESS_TOKEN_EXPIRES=4, RENEWAL_QUIET_WINDOW=0)


@pytest.fixture
def cookies(server: Server) -> SimpleCookie:
    """Those of alice, who has signed up on the pages."""
    with httpx.Client(base_url=server.address, timeout=PATIENCE) as browser:
        fields = {"username": "alice", "password": PASSWORD, "device": ""}
        answer = browser.post("/register", data=fields, headers={"Origin": server.address.rstrip("/")})
        assert answer.status_code == 303, answer.text
        return SimpleCookie("; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar))


def rendered(server: Server, cookies: SimpleCookie) -> Any:
    """Return whom the server that renders takes the visitor for."""
    told = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    host = server.address.removeprefix("http://").rstrip("/")
    command = [need_node(20, 3), "--input-type=module", "-e", ASK, VISITOR, told, host, server.address.rstrip("/")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return json.loads(done.stdout)


def test_the_visitor_is_known_by_a_good_access_cookie_and_nothing_is_rotated(
    server: Server, cookies: SimpleCookie
) -> None:
    """With a quiet window of nothing, a token that had been rotated before would end the session."""
    refresh = next(morsel.value for name, morsel in cookies.items() if "refresh" in name)
    assert rendered(server, cookies) == "alice"
    for name in [name for name in cookies if "access" in name]:
        del cookies[name]
    assert rendered(server, cookies) is None
    assert server.post("/auth/refresh", refresh=refresh).status == 200
