"""The gateways of `examples`, with exactly these files: a login wall for a program that knows nothing of it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from answers import away
from browser.launching import start_chromium
from conftest import Clock
from doc_blocks import ROOT, run
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from ports import free_port
from remote import served
from reverse_proxies import answers, behind_a_proxy, proxying
from servers import PASSWORD

CONFIGURATIONS = sorted((ROOT / "examples" / "gateway").iterdir())
NAVIGATION = ("Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
SCRIPT = ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors")
LIFE = 2
"""Of an access token, in seconds."""

Curl = Callable[..., str]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with behind_a_proxy(tmp_path_factory.mktemp("app"), FLASK_JWT_ACCESS_TOKEN_EXPIRES=str(LIFE)) as port:
        yield port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a folder by what knows nothing of sessions; the value is the port."""
    folder, port = tmp_path_factory.mktemp("site"), str(free_port())
    (folder / "report.html").write_text("The report")
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", port]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        try:
            answers(f"http://127.0.0.1:{port}/report.html", cwd=folder)
            yield port
        finally:
            process.terminate()


@pytest.fixture(params=CONFIGURATIONS, ids=lambda path: path.suffix[1:])
def origin(request: pytest.FixtureRequest, behind: str, site: str, tmp_path: Path) -> Iterator[str]:
    """Run the gateway; the value is where people find it."""
    with proxying(request.param, behind, tmp_path, page="", site=site) as origin:
        yield origin


@pytest.fixture
def curl(origin: str, tmp_path: Path) -> Curl:
    """Ask the gateway for a path as a browser does, with one cookie jar; the answer is its head and its body."""
    return asking(origin, tmp_path)


def asking(origin: str, folder: Path) -> Curl:
    """Return what asks so, with the cookies in this folder."""
    host, port = origin.removeprefix("https://").split(":")
    known = ("-sSi", "-k", "--resolve", f"{host}:{port}:127.0.0.1", "-b", "jar", "-c", "jar")

    def ask(path: str, *options: str, headers: tuple[str, ...] = NAVIGATION) -> str:
        named = [part for header in (f"Origin: {origin}", *headers) for part in ("-H", header)]
        done = run("curl", *known, *named, *options, f"{origin}{path}", cwd=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ask


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        yield browser
        browser.close()


def sign_in(curl: Curl, name: str) -> None:
    form = ("--data-urlencode", f"username={name}", "--data-urlencode", f"password={PASSWORD}", "-d", "remember=yes")
    assert " 303" in curl("/register", *form, headers=("Sec-Fetch-Site: same-origin", *NAVIGATION[1:])).split("\n")[0]


def test_nobody_passes_who_is_not_signed_in(curl: Curl) -> None:
    answer = curl("/report.html?year=2026")
    assert "The report" not in answer
    assert "303" in answer.split("\n")[0]
    assert "/login?next=/report.html?year%3d2026" in answer.lower()
    assert "401" in curl("/report.html", headers=SCRIPT).split("\n")[0]


def test_who_signs_in_passes_and_is_renewed_without_noticing(curl: Curl, tmp_path: Path) -> None:
    sign_in(curl, f"reader of {tmp_path.name}")
    for _ in range(2):
        answer = curl("/report.html")
        assert "The report" in answer
        assert "cache-control: private, no-cache" in answer.lower()  # else a browser shows it after the sign-out
        time.sleep(LIFE + 1)
    assert "The report" in curl("/report.html")


def test_a_form_of_a_foreign_page_does_not_pass(curl: Curl, tmp_path: Path) -> None:
    sign_in(curl, f"writer of {tmp_path.name}")
    foreign = ("Sec-Fetch-Site: cross-site", *NAVIGATION[1:])
    assert "403" in curl("/report.html", "-d", "x=1", headers=foreign).split("\n")[0]
    assert "501" in curl("/report.html", "-d", "x=1", headers=("Sec-Fetch-Site: same-origin",)).split("\n")[0]


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda path: path.suffix[1:])
def test_while_nobody_can_say_who_asks_it_is_to_be_tried_again(
    configuration: Path,
    site: str,
    make_app: Callable[..., Flask],
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = make_app(RENEWAL_TRUSTED_PROXIES=1)
    with ExitStack() as until:
        application = until.enter_context(ExitStack())
        port = application.enter_context(served(app)).rpartition(":")[2]
        curl = asking(until.enter_context(proxying(configuration, port, tmp_path, page="", site=site)), tmp_path)
        sign_in(curl, "somebody")
        clock.tick(minutes=16)
        with monkeypatch.context() as patched:
            patched.setattr(app.extensions["flask-renewal"].store, "rotate", away)
            head = curl("/report.html").partition("\r\n\r\n")[0].lower()
        assert "503" in head.split("\n")[0]
        assert "retry-after: 5" in head
        assert "cache-control: no-store" in head
        assert "The report" in curl("/report.html")
        application.close()
        assert curl("/report.html").split()[1] in ("502", "503")


def test_a_person_meets_the_wall_signs_in_is_renewed_and_signs_out(
    chromium: Browser, origin: str, tmp_path: Path
) -> None:
    with chromium.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(f"{origin}/report.html")
        assert page.url == f"{origin}/login?next=/report.html"
        page.click("main a[href*=register]")
        page.fill("[name=username]", f"person of {tmp_path.name}")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{origin}/report.html")
        for _ in range(2):
            time.sleep(LIFE + 1)
            page.reload()
            assert page.text_content("body") == "The report"
        page.goto(f"{origin}/account")
        page.click("form[action$=logout] button")
        page.goto(f"{origin}/report.html")
        assert page.url.startswith(f"{origin}/login?next=")
        assert [cookie["name"] for cookie in context.cookies() if cookie["name"].endswith("_token")] == []
