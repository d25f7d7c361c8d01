"""Chromium without Playwright, which keeps every page visible: here tabs are hidden, frozen and looked at again."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from everything import need
from patience import PATIENCE
from websocket import WebSocket, create_connection

from .launching import CHROMIUM_HERMETIC

_SLEEP = """
globalThis.asleep = 0;
const now = Date.now;
Date.now = () => now() + asleep;
"""
"""A machine that slept has its time of day go on and its monotonic clock stand still."""


class BareChromium:
    """A headless Chromium of its own, spoken to in the DevTools protocol."""

    def __init__(self, address: str) -> None:
        self.socket: WebSocket = create_connection(address, suppress_origin=True, timeout=PATIENCE)
        self._ids = count(1)

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol; return its result."""
        number = next(self._ids)
        to = {"sessionId": session} if session else {}
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters, **to}))
        while (answer := json.loads(self.socket.recv())).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, address: str) -> "BareTab":
        """Open a tab in front of the others, which are hidden from then on."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.call("Page.addScriptToEvaluateOnNewDocument", session, source=_SLEEP)
        self.call("Page.navigate", session, url=address)
        loaded: dict[str, Any] = {}
        while loaded.get("value") != "complete":
            loaded = self.call("Runtime.evaluate", session, expression="document.readyState")["result"]
        return BareTab(self, target, session)


class BareTab:
    """A tab that can be put to sleep."""

    def __init__(self, browser: BareChromium, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session

    def run(self, script: str, argument: Any = None) -> Any:
        """Run the body of an async function, to which `argument` is known, once the client is there."""
        body = f"(async (argument) => {{ await window.ready; {script} }})({json.dumps(argument)})"
        said = self._browser.call(
            "Runtime.evaluate", self._session, expression=body, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def bring_to_front(self) -> None:
        self._browser.call("Target.activateTarget", targetId=self._target)

    def freeze(self) -> None:
        """Let no script of the page run by itself any more, as a browser does with a tab that is hidden for long."""
        self._browser.call("Page.setWebLifecycleState", self._session, state="frozen")

    def sleep(self, hours: int) -> None:
        """Let the machine have slept."""
        self._browser.call("Runtime.evaluate", self._session, expression=f"asleep += {hours * 3_600_000}")


def _address(profile: Path) -> str:
    """Return where the browser listens, which it writes down in its profile when it does."""
    deadline = time.monotonic() + PATIENCE
    written = profile / "DevToolsActivePort"
    while not written.exists() or len(written.read_text().split()) < 2:
        assert time.monotonic() < deadline, "Chromium does not start"
        time.sleep(0.02)
    port, path = written.read_text().split()
    return f"ws://127.0.0.1:{port}{path}"


@contextmanager
def bare_chromium(profile: Path) -> Iterator[BareChromium]:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--headless=new", "--no-first-run", f"--user-data-dir={profile}", "--remote-debugging-port=0"]
    command = [need("chromium"), *root, *quiet, *CHROMIUM_HERMETIC, "about:blank"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            browser = BareChromium(_address(profile))
            yield browser
            browser.socket.close()
        finally:
            process.terminate()
