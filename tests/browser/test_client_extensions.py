"""A browser extension with a page of its own, in Chromium: with a permission for the API's host, and without."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from everything import need_chromium
from flask import Flask
from patience import PATIENCE_MS
from playwright.sync_api import BrowserContext, Playwright

from flask_renewal.ground.folders import BROWSER

from .launching import CHROMIUM_HERMETIC
from .places_kit import ALICE
from .tabs import PlaywrightTab

PAGE = '<!doctype html><meta charset="utf-8"><title>An extension</title><script type="module" src="page.js"></script>'
SCRIPT = """
import { createSession } from "./client/client.js";
const asked = new URLSearchParams(location.search);
window.session = createSession({ baseUrl: asked.get("api"), ...JSON.parse(asked.get("options") ?? "{}") });
"""
LOGIN = "return (await session.login(argument)).reason"
RESTORE = "const { signedIn, reason } = await session.restore(); return [signedIn, reason]"
ASK = "return (await session.fetch('/auth/me')).status"
BODY = {"transport": "body"}


def write_extension(folder: Path, *, permissions: list[str]) -> None:
    """Write an extension whose page has the client."""
    shutil.copytree(BROWSER / "client", folder / "client" / "client")
    shutil.copy(BROWSER / "client.js", folder / "client")
    manifest = {
        "manifest_version": 3,
        "name": "An extension",
        "version": "1",
        "background": {"service_worker": "background.js"},
        "host_permissions": permissions,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "background.js").write_text("")
    (folder / "page.html").write_text(PAGE)
    (folder / "page.js").write_text(SCRIPT)


@pytest.fixture
def start(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[..., tuple[BrowserContext, str]]]:
    """Return a function that starts Chromium with an extension that has these permissions; with the page's origin."""
    with ExitStack() as ends:

        def start(*permissions: str) -> tuple[BrowserContext, str]:
            folder = tmp_path / "extension"
            write_extension(folder, permissions=list(permissions))
            load = [f"--disable-extensions-except={folder}", f"--load-extension={folder}"]
            arguments = [
                *CHROMIUM_HERMETIC,
                *load,
                "--headless=new",
                "--disable-features=DisableLoadExtensionCommandLineSwitch",
            ]
            context = playwright.chromium.launch_persistent_context(
                tmp_path / "profile", executable_path=need_chromium(), args=arguments, headless=False
            )
            ends.callback(context.close)
            workers = context.service_workers or [context.wait_for_event("serviceworker", timeout=PATIENCE_MS)]
            return context, workers[0].url.removesuffix("/background.js")

        yield start


@pytest.mark.parametrize(
    ("permissions", "options", "stays"),
    [
        (["http://localhost/*"], {}, True),
        ([], {}, False),
        ([], BODY, True),
    ],
    ids=["a permission, the cookie", "no permission, the cookie", "no permission, the body transport"],
)
def test_an_extension_stays_signed_in_by_a_permission_or_by_the_body(
    start: Any, make_app: Callable[..., Flask], serve: Any, *, permissions: list[str], options: Any, stays: bool
) -> None:
    context, origin = start(*permissions)
    app = make_app(RENEWAL_TRUSTED_ORIGINS=[origin], RENEWAL_BODY_TRANSPORT=True)
    app.test_client().post("/auth/register", json=ALICE)
    tab = PlaywrightTab(context.new_page())
    tab.open(f"{origin}/page.html?api={serve(app, host='localhost')}&options={json.dumps(options)}")
    assert [tab.run(LOGIN, ALICE), tab.run(ASK)] == ["login", 200]
    tab.reload()
    assert tab.run(RESTORE) == [stays, "restored" if stays else "refresh_token_missing"]
