"""Rotation, revocation and device binding: with the refresh token in the body, as native clients have it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from patience import PATIENCE
from servers import PASSWORD, Server

from .tabs import Tab

LIFE = 2
"""Seconds that an access token lives."""

VARIANTS = ("classic", "client")
ALL = [pytest.param("classic", id="classic"), pytest.param("client", id="on the client")]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("devices", JWT_ACCESS_TOKEN_EXPIRES=LIFE, RENEWAL_QUIET_WINDOW=0)
    server.register("alice")
    return server


def sign_in_by_page(visit: Callable[..., Tab], server: Server, variant: str, *, username: str, device: str) -> Tab:
    tab = visit(f"devices/{variant}", server)
    tab.sign_in(username, Name_of_this_device=device)
    tab.sees("Your devices")
    return tab


@pytest.fixture
def alices(visit: Callable[..., Tab], server: Server, variant: str) -> Callable[[str], Tab]:
    """Return a function that signs alice in on a device of this name."""
    return lambda device: sign_in_by_page(visit, server, variant, username="alice", device=device)


@pytest.fixture(scope="module")
def ended(visit_early: Callable[..., Tab], server: Server) -> dict[str, Tab]:
    """A tab of each variant, whose session an operator has ended."""
    server.register("bob")
    tabs = {name: sign_in_by_page(visit_early, server, name, username="bob", device="Tablet") for name in VARIANTS}
    sessions = flask(server, "sessions", "list", "bob").splitlines()
    [first, *_] = [line.split()[0] for line in sessions if "Tablet" in line]
    assert "Ended" in flask(server, "sessions", "end", first)
    assert "Ended" in flask(server, "sessions", "end", "--user", "bob")
    tabs["client"].wait(2)  # RENEWAL_REVOCATION_DELAY
    return tabs


@pytest.fixture(scope="module")
def copied(visit_early: Callable[..., Tab], server: Server) -> dict[str, Tab]:
    """A tab of each variant that was left until its access token is dead."""
    server.register("carol")
    tabs = {name: sign_in_by_page(visit_early, server, name, username="carol", device="Laptop") for name in VARIANTS}
    for tab in tabs.values():
        tab.leave()
    tabs["client"].wait(LIFE)
    return tabs


@pytest.fixture
def native(server: Server) -> Iterator[httpx.Client]:
    """A client without a cookie jar, such as a mini-program or a native app."""
    with httpx.Client(base_url=server.address, headers={"X-Refresh-Transport": "body"}, timeout=PATIENCE) as client:
        yield client


def sign_in(client: httpx.Client, **more: str) -> str:
    credentials = {"username": "alice", "password": PASSWORD, **more}
    return str(client.post("/auth/login", json=credentials).raise_for_status().json()["refresh_token"])


def refresh(client: httpx.Client, token: str, *, device: str = "") -> tuple[str, str]:
    """Return the code of the refusal, or nothing, and the refresh token to use next."""
    headers = {"X-Device-Id": device} if device else {}
    answer = client.post("/auth/refresh", json={"refresh_token": token}, headers=headers).json()
    return answer.get("code", ""), answer.get("refresh_token", token)


def flask(server: Server, *command: str) -> str:
    """Run a command of the operator's, in the folder of the server."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    told = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
    folder = Path(server.log).parent
    return subprocess.run(told, cwd=folder, env=environ, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("variant", ALL)
def test_devices_have_the_name_given_at_login_and_one_ends_another(alices: Callable[[str], Tab]) -> None:
    laptop, phone = alices("Laptop"), alices("Phone")
    laptop.click("Show devices")
    laptop.sees("Laptop (this one)")
    laptop.page.get_by_role("button", name="End Phone").first.click()
    laptop.page.get_by_role("button", name="End Phone").wait_for(state="detached")
    phone.click("Show devices")
    phone.sees("This device was signed out from elsewhere.")
    laptop.click("Sign out")
    laptop.asks_to_sign_in()


@pytest.mark.parametrize("variant", ALL)
def test_an_operator_forces_a_device_offline(ended: dict[str, Tab], variant: str) -> None:
    tab = ended[variant]
    if tab.page.get_by_role("button", name="Show devices").is_visible():  # the client may have noticed by itself
        tab.click("Show devices")
    tab.sees("This device was signed out from elsewhere.")


@pytest.mark.parametrize("variant", ALL)
def test_a_session_copied_to_another_device_is_refused_there_and_goes_on_here(
    copied: dict[str, Tab], variant: str
) -> None:
    tab = copied[variant]
    tab.open()
    own = str(tab.stored("device_id"))
    tab.store("device_id", "that-of-a-thief")
    tab.reload()
    if variant == "classic":  # which cannot know until it asks
        tab.click("Show devices")
    tab.sees("This sign-in belongs to another device.")
    tab.store("device_id", own)
    tab.reload()
    tab.click("Show devices")
    tab.sees("Laptop (this one)")


def test_old_refresh_tokens_are_dead_after_rotation(native: httpx.Client) -> None:
    first = sign_in(native, device="Phone")
    _, second = refresh(native, first)
    code, third = refresh(native, second)
    assert (code, len({first, second, third})) == ("", 3)
    assert refresh(native, first)[0] == "refresh_token_reused"
    assert refresh(native, third)[0] == "session_ended"


def test_a_refresh_from_another_device_is_refused_and_rotates_nothing(native: httpx.Client) -> None:
    token = sign_in(native, device_id="phone-1")
    assert refresh(native, token, device="phone-2") == ("device_mismatch", token)
    assert refresh(native, token) == ("device_mismatch", token)
    assert refresh(native, token, device="phone-1")[0] == ""


def test_a_native_client_is_given_no_cookie(native: httpx.Client) -> None:
    refresh(native, sign_in(native))
    assert not native.cookies
