"""The refresh cookie's name in real browsers: no script can plant one where the browser knows the prefix."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from .places import APP, Place
from .places_kit import ALICE, served
from .tabs import Profile

ONE_ORIGIN = Place(page=APP, api=APP, cookie="__Host-Http-, Lax", stays=frozenset())
PLANT = """
document.cookie = "__Host-Http-refresh_token=planted; Secure; Path=/; SameSite=Lax";
return document.cookie.includes("planted");
"""
LOGIN = "await session.login(argument)"
RESTORE = "const { signedIn, reason } = await session.restore(); return [signedIn, reason]"


@pytest.mark.parametrize("new_profile", ["chromium", "firefox"], indirect=True)
def test_a_script_cannot_plant_a_refresh_cookie(
    new_profile: Callable[[], Profile], tls: ssl.SSLContext, tmp_path: Path
) -> None:
    with served(ONE_ORIGIN, tmp_path, tls) as world:
        tab = new_profile().new_tab()
        tab.open(world.address)
        assert tab.run(PLANT) is False
        assert tab.run(RESTORE) == [False, "refresh_token_missing"]
        tab.run(LOGIN, ALICE)
        assert tab.run(PLANT) is False
        tab.reload()
        assert tab.run(RESTORE) == [True, "restored"]


@pytest.mark.parametrize("new_profile", ["webkit"], indirect=True)
def test_where_the_prefix_is_not_known_a_planted_cookie_is_refused(
    new_profile: Callable[[], Profile], tls: ssl.SSLContext, tmp_path: Path
) -> None:
    """WebKitGTK takes the name for `__Host-`, which keeps other hosts out and not the page's own scripts."""
    with served(ONE_ORIGIN, tmp_path, tls) as world:
        tab = new_profile().new_tab()
        tab.open(world.address)
        assert tab.run(PLANT) is True
        assert tab.run(RESTORE) == [False, "refresh_token_invalid"]
