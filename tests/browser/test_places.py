"""Where the client runs: every place a page and its API can be in, in every browser, and what is said of it."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cookie_names import REFRESH as REFRESH_COOKIE
from flask import Flask

from flask_renewal.entrances.check import Finding, Level, review
from flask_renewal.entrances.check.finding import EVERY

from .places import BROWSERS, CHROMIUM, DOCS, FIREFOX, PLACES, SAME_SITE, WEBKIT, Place, sayings, table
from .places_kit import ALICE, World, served, unchanged, unexposed, unpartitioned
from .tabs import Profile, Tab
from .visitors import STARTS

CALLED = {CHROMIUM: "Chrome", FIREFOX: "Firefox", WEBKIT: "Safari"}
"""What `flask renewal check` calls the browsers whose settings are those they come with."""
ASK = "const { status } = await session.fetch('/auth/me'); return [status, session.state.signedIn]"
ASK_FOR_THE_HEADER = """
const { status, headers } = await session.fetch("/auth/me");
return [status, headers.get("X-Renewed-Access-Token")];
"""
HEARD = "return heard.map(({ reason }) => reason)"
RESTORE = "const { signedIn, reason } = await session.restore(); return [signedIn, reason]"
LOGIN = "await session.login(argument)"
LOGOUT = "const { id } = session.state.session; await session.logout(); return id"
REFRESH = "return (await fetch(session.baseUrl + '/auth/refresh', { method: 'POST', credentials: 'include' })).status"
NO_COOKIE = (401, set[str]())


@pytest.fixture(scope="module")
def world_of(tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Place], World]]:
    """Return a function that serves a place, once for all browsers."""
    made: dict[str, World] = {}
    with ExitStack() as worlds:

        def make(place: Place) -> World:
            change = unchanged if place.partitioned else unpartitioned
            return worlds.enter_context(served(place, tmp_path_factory.mktemp("place"), tls, change=change))

        yield lambda place: made.get(str(place)) or made.setdefault(str(place), make(place))


@pytest.fixture(scope="module", params=BROWSERS)
def visitor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Callable[[], Profile]]]:
    """The name of each browser in turn, and a function that opens an empty profile in it."""
    with ExitStack() as ends:
        folder = tmp_path_factory.mktemp("browser")
        yield request.param, STARTS[request.param](request.getfixturevalue, folder, ends)


@pytest.fixture
def tab(visitor: tuple[str, Callable[[], Profile]]) -> Iterator[Tab]:
    profile = visitor[1]()
    yield profile.new_tab()
    profile.close()


@pytest.fixture(params=PLACES, ids=str)
def place(request: pytest.FixtureRequest) -> Place:
    return request.param


def test_a_session_is_renewed_and_ended_and_outlives_a_reload_where_the_table_says_so(
    visitor: tuple[str, Any], tab: Tab, place: Place, world_of: Callable[[Place], World]
) -> None:
    """Where the cookie is not kept, signing in works all the same, and no renewal is asked for twice."""
    world, stays = world_of(place), visitor[0] in place.stays
    world.between.asked.clear()
    tab.open(world.address)
    sign_in_and_be_renewed_by_the_header(tab, world)
    world.clock.tick(minutes=16)
    assert tab.run(ASK) == ([200, True] if stays else [401, False])
    tab.reload()
    assert tab.run(RESTORE) == [stays, "restored" if stays else "refresh_token_missing"]
    if not stays:
        tab.run(LOGIN, ALICE)
    assert not world.has(tab.run(LOGOUT))
    assert tab.run(REFRESH) == 401
    kept = (200, {_cookie_of(place)}) if stays else NO_COOKIE
    assert [(asked.status, asked.cookies) for asked in world.asked("/auth/refresh")] == [kept, kept, NO_COOKIE]


def _cookie_of(place: Place) -> str:
    """Return what the API calls the cookie, without the port."""
    return f"__Host-Http-{REFRESH_COOKIE}" if "__Host-" in place.cookie else REFRESH_COOKIE


def sign_in_and_be_renewed_by_the_header(tab: Tab, world: World) -> None:
    tab.run(LOGIN, ALICE)
    world.clock.tick(minutes=11)
    assert tab.run(ASK) == [200, True]
    assert tab.run(HEARD) == ["login", "renewed"]


def test_a_header_that_is_not_exposed_renews_nothing_and_harms_nothing(
    new_profile: Callable[[], Profile], tls: ssl.SSLContext, tmp_path: Path
) -> None:
    """A proxy that takes the exposing header away costs the client a refresh."""
    with served(SAME_SITE, tmp_path, tls, change=unexposed) as world:
        tab = new_profile().new_tab()
        tab.open(world.address)
        tab.run(LOGIN, ALICE)
        world.clock.tick(minutes=11)
        assert tab.run(ASK_FOR_THE_HEADER) == [200, None]
        assert world.asked("/auth/me")[-1].renewed
        world.clock.tick(minutes=5)
        assert tab.run(ASK) == [200, True]
        assert tab.run(HEARD) == ["login", "renewed"]
        assert len(world.asked("/auth/refresh")) == 1
        assert "renewal_header_hidden" in {finding.code for finding in review(world.app, url=world.api)}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_check_names_the_browsers_that_drop_the_cookie(place: Place, world_of: Callable[[Place], World]) -> None:
    findings = [finding for finding in review(world_of(place).app, url=world_of(place).api) if finding.browsers]
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    dropping = {called for browser, called in CALLED.items() if browser not in place.stays}
    assert named(errors) == dropping
    assert {finding.code for finding in errors} <= {place.said}
    expected = {place.said, "third_party_cookie_partitioned" if "Partitioned" in place.cookie else ""} - {""}
    assert expected <= {finding.code for finding in findings}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_start_warns_if_a_browser_drops_the_cookie(
    place: Place, make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    address, trusted = urlsplit(place.api), [place.page] if place.page != place.api else []
    known = {"SERVER_NAME": address.netloc, "PREFERRED_URL_SCHEME": address.scheme, "RENEWAL_TRUSTED_ORIGINS": trusted}
    make_app(**known, **place.settings)
    assert bool(caplog.records) is bool(place.said)


def named(findings: Iterable[Finding]) -> set[str]:
    names = {name for finding in findings for name in finding.browsers}
    return set(CALLED.values()) if EVERY[0] in names else names


def test_the_documentation_shows_the_table_and_names_what_is_said() -> None:
    page = DOCS.read_text()
    assert f"\n{table()}\n" in page
    assert sayings() in " ".join(page.split())
