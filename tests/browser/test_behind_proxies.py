"""The client in a browser, through the reverse proxies of `examples`, to the application under gunicorn."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PASSWORD
from playwright.sync_api import Browser
from reverse_proxies import CONFIGURATIONS, behind_a_proxy, is_of_the_page, name_of, proxying

from .serving import PAGE, page_app, serving
from .tabs import PlaywrightProfile, address_of

RENEWED_AT_ONCE = {"FLASK_RENEWAL_HEADER_THRESHOLD": "1"}
ASK_UNTIL_RENEWED = """
let status;
do {
  await new Promise((resolve) => setTimeout(resolve, 100));
  ({ status } = await session.fetch("/auth/me"));
} while (heard.length < 2);
return [status, heard[1].reason];
"""
"""The header's token counts once it is newer by a second, as its claims count."""


@pytest.fixture(scope="module")
def page(tls: ssl.SSLContext) -> Iterator[str]:
    with serving(page_app(), host="app.example.com", tls=tls) as origin:
        yield origin


@pytest.fixture(scope="module")
def behind(page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    trusted = {"FLASK_RENEWAL_TRUSTED_ORIGINS": f'["{page}"]'}
    with behind_a_proxy(tmp_path_factory.mktemp("behind"), **trusted, **RENEWED_AT_ONCE) as port:
        yield port


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=name_of)
def test_a_session_is_renewed_through_a_proxy_and_outlives_a_reload(
    configuration: Path, behind: str, page: str, chromium: Browser, tmp_path: Path
) -> None:
    proxy = proxying(configuration, behind, tmp_path, page=PAGE)
    with proxy as api, chromium.new_context(ignore_https_errors=True) as context:
        tab = PlaywrightProfile(context).new_tab()
        tab.open(address_of(api if is_of_the_page(configuration) else page, api))
        tab.run("await session.register(argument)", {"username": f"of {tmp_path.name}", "password": PASSWORD})
        assert tab.run(ASK_UNTIL_RENEWED) == [200, "renewed"]
        tab.reload()
        assert tab.run("return (await session.restore()).signedIn")
        tab.run("await session.logout()")
        tab.reload()
        assert not tab.run("return (await session.restore()).signedIn")
