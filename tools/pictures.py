"""`python tools/pictures.py`: makes the pictures of README and documentation anew, in Chromium, light and dark.

Needs the extras for tests, and Chromium. Pages are photographed as the standalone application serves them; the demo is
played, and a picture taken whenever something new is told, so that the film is the same on a slow machine.
"""

import argparse
import io
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from flask_renewal import create_app
from flask_renewal.ground.ambient import Ambient
from flask_renewal.standalone.demo.powers import PASSWORD, USER
from flask_renewal.standalone.demo.serving import Demo

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "helpers")]

from browser.launching import start_chromium  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
SCHEMES = ("light", "dark")
PAGES = ("sign-in", "register", "account", "confirm")
DEMO = "demo"
FILM = "demo-film"
NAMES = [f"{name}-{scheme}.webp" for name in (*PAGES, DEMO, FILM) for scheme in SCHEMES]

PAGE_SIZE = {"width": 760, "height": 620}
DEMO_SIZE = {"width": 1280, "height": 770}
QUIET_WINDOW = 1.0
"""Seconds: the film is about what happens after it."""
READING_MS, READING_MS_A_CHARACTER, END_MS = 700, 14, 3500
DEVICES = {
    "Work laptop": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Mobile/15E148 Safari/604.1",
}


class Clock:
    """The time of the application that is photographed, which can be moved on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self._ahead

    def tick(self, **much: float) -> None:
        """Move on by a `timedelta`."""
        self._ahead += timedelta(**much)


def main() -> int:
    """Make what is asked for, or say what there is; return the exit code."""
    options = _options()
    if options.list:
        sys.stdout.write("".join(f"{name}\n" for name in NAMES))
        return 0
    options.to.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        for scheme in SCHEMES:
            for name, picture in _pictures(playwright, scheme, options.only or (*PAGES, DEMO)):
                (options.to / f"{name}-{scheme}.webp").write_bytes(picture)
                sys.stdout.write(f"{name}-{scheme}.webp has {len(picture):,} bytes\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="say the names of all pictures")
    parser.add_argument("--only", action="append", choices=(*PAGES, DEMO), help="make these, in both schemes")
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder that they go to")
    return parser.parse_args()


def _pictures(playwright: Playwright, scheme: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    browser = start_chromium(playwright)
    with tempfile.TemporaryDirectory(prefix="renewal-pictures-") as folder:
        for name in PAGES:
            if name in wanted:
                yield name, _of_page(browser, scheme, name, Path(folder) / name)
        if DEMO in wanted:
            frames = _played(browser, scheme, Path(folder) / DEMO)
            yield DEMO, _still(frames[-1][0])
            yield FILM, _film(frames)
    browser.close()


def _of_page(browser: Browser, scheme: str, name: str, folder: Path) -> bytes:
    """Return a picture of one page of the standalone application, with an account of three devices."""
    clock = Clock()
    with _serving(folder, clock) as origin:
        context = browser.new_context(
            viewport=PAGE_SIZE, color_scheme=scheme, device_scale_factor=1.5, locale="en-US", reduced_motion="reduce"
        )
        page = context.new_page()
        _ways(page, origin, clock)[name]()
        page.mouse.move(0, 0)
        shot = page.screenshot(full_page=True)
        context.close()
    return _still(shot)


def _ways(page: Page, origin: str, clock: Clock) -> dict[str, Callable[[], None]]:
    """Return the way to each page."""

    def sign_in() -> None:
        page.goto(f"{origin}/login")

    def register() -> None:
        page.goto(f"{origin}/register")

    def account() -> None:
        sign_in()
        page.get_by_label("User name").fill(USER)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{origin}/account")
        page.locator(".renewal-danger").first.wait_for()

    def confirm() -> None:
        account()
        clock.tick(minutes=11)
        page.locator(".renewal-danger").first.click()
        page.get_by_role("heading", name="Is it you?").wait_for()

    return dict(zip(PAGES, (sign_in, register, account, confirm), strict=True))


@contextmanager
def _serving(folder: Path, clock: Clock) -> Iterator[str]:
    """Serve the standalone application with somebody who is signed in on other devices; the value is its origin."""
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}.db"}, instance_path=folder, ambient=Ambient(now=clock)
    )
    app.test_client().post("/auth/register", json={"username": USER, "password": PASSWORD, "device": "Tablet"})
    for device, agent in DEVICES.items():
        clock.tick(hours=7)
        told = {"username": USER, "password": PASSWORD, "device": device}
        app.test_client().post("/auth/login", json=told, headers={"User-Agent": agent})
    clock.tick(minutes=5)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing."""


def _played(browser: Browser, scheme: str, folder: Path) -> list[tuple[bytes, int]]:
    """Play the demo; return what is seen at each step, and for how many milliseconds."""
    folder.mkdir()
    with Demo(folder, port=5000, app_port=5173, quiet_window=QUIET_WINDOW) as demo:
        context = browser.new_context(viewport=DEMO_SIZE, color_scheme=scheme, locale="en-US", reduced_motion="reduce")
        page = context.new_page()
        page.goto(demo.app_url)
        page.get_by_role("button", name="Sign in", exact=True).wait_for()
        frames = [(page.screenshot(), 1500)]
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("#lab").wait_for()
        page.locator("#sessions li").wait_for()
        frames.append((page.screenshot(), 2500))
        for trick in ("ten", "lose"):
            frames += _trick(page, trick)
        context.close()
    return frames


def _trick(page: Page, trick: str) -> Iterator[tuple[bytes, int]]:
    """Play one trick, and look whenever there is a step more, and at the end."""
    button = page.locator(f"[data-trick={trick}]")
    button.hover()
    yield page.screenshot(), READING_MS
    button.click()
    told = ""
    while not page.locator("#verdict").is_visible():
        now = page.locator("#steps").inner_text()
        if now != told:
            yield page.screenshot(), READING_MS + READING_MS_A_CHARACTER * (len(now) - len(told))
            told = now
        page.wait_for_timeout(50)
    yield page.screenshot(), END_MS


def _still(shot: bytes) -> bytes:
    made = io.BytesIO()
    Image.open(io.BytesIO(shot)).convert("RGB").save(made, "WEBP", lossless=True, method=6)
    return made.getvalue()


def _film(frames: list[tuple[bytes, int]]) -> bytes:
    """Put the frames together, endlessly; each is kept as what it changes."""
    first, *rest = [Image.open(io.BytesIO(shot)).convert("RGB") for shot, _ in frames]
    made = io.BytesIO()
    lasting = [lasts for _, lasts in frames]
    first.save(made, "WEBP", save_all=True, append_images=rest, duration=lasting, loop=0, lossless=True, method=6)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main())
