"""Sockets over a session, in Chromium: ten whose token is dead, a loss of the network, the end of a session."""

import importlib.util
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Clock
from everything import missing, need_node
from flask import Flask, Response, current_app, request
from playwright.sync_api import Browser

from flask_renewal import Renewal, errors
from flask_renewal.identity.services import EXTENSION

from .client_kit import World, sign_in
from .tabs import PlaywrightTab

ROOT = Path(__file__).parents[2]
SOCKETS = ROOT / "examples" / "recipes" / "sockets"
TEN = 10
DELAY = 2
"""Seconds of `RENEWAL_REVOCATION_DELAY`."""
BUNDLE = """
import { createRequire } from "node:module";
const { build } = createRequire(process.argv[1] + "/src/browser/")("esbuild");
const contents = 'import * as sockets from "./sockets.js"; Object.assign(window, sockets);';
await build({
  stdin: { contents, resolveDir: process.argv[1] + "/examples/recipes/sockets" }, bundle: true, format: "esm",
  target: "es2022", nodePaths: [process.argv[1] + "/examples/recipes/node_modules"], outfile: process.argv[2],
});
"""
PLAIN = """
const address = session.baseUrl.replace("http", "ws") + "/live";
window.said = [];
const heard = { opened: (socket) => socket.send("June"), heard: (text) => said.push(text) };
for (let number = 0; number < argument; number++) openSocket(session, address, heard);
"""
SOCKET_IO = """
window.said = [];
window.refused = [];
for (let number = 0; number < argument; number++) {
  window.socket = connect(session, session.baseUrl);
  socket.on("connect", () => socket.emit("say", "June", (text) => said.push(text)));
  socket.on("connect_error", ({ message }) => refused.push(message));
}
"""
WAYS = pytest.mark.parametrize("way", [PLAIN, SOCKET_IO], ids=["WebSocket by Flask-Sock", "Socket.IO"])


def load(name: str, needed: str) -> ModuleType:
    if importlib.util.find_spec(needed) is None:
        missing(f"{needed} is not installed")
    spec = importlib.util.spec_from_file_location(name, SOCKETS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    if not (ROOT / "examples" / "recipes" / "node_modules").is_dir():
        missing("run `npm ci` in examples/recipes first")
    file = tmp_path_factory.mktemp("sockets") / "sockets.js"
    command = [need_node(20, 19), "--input-type=module", "-e", BUNDLE, str(ROOT), str(file)]
    subprocess.run(command, check=True, timeout=120)
    return file.read_text()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """One is enough: what is tried is the server's side."""
    return chromium


class Moody(Renewal):
    """Lets nobody in while it is told so."""

    def connect(self, token: str) -> Any:
        if current_app.config["LETS_NOBODY_IN"]:
            raise errors.TokenInvalidError
        return super().connect(token)


def fail_once() -> Any:
    """Answer each path that is to fail with a 503, once."""
    failing = current_app.config["FAILING"]
    if request.method == "OPTIONS" or request.path not in failing:
        return None
    failing.remove(request.path)
    return {"code": "store_unavailable"}, 503


@pytest.fixture
def world(make_app: Callable[..., Flask], serve: Any, serve_page: Any, profile: Any, bundle: str) -> World:
    """A world in which both kinds of socket are served, without a proxy, which would not let them through."""
    page = serve_page()
    app = make_app(RENEWAL_TRUSTED_ORIGINS=[page])
    app.config.update(FAILING=[], LETS_NOBODY_IN=False)
    app.before_request(fail_once)
    load("with_flask_sock", "flask_sock").add_socket(app, Moody())
    load("with_socketio", "flask_socketio").add_sockets(app, Moody())
    headers = {"Access-Control-Allow-Origin": "*"}
    app.get("/sockets.js")(lambda: Response(bundle, mimetype="text/javascript", headers=headers))
    straight: Any = SimpleNamespace(port=urlsplit(serve(app)).port)
    world = World(app=app, profile=profile, page=page, proxy=straight)
    world.add_person("alice")
    return world


@pytest.fixture
def tab(world: World) -> PlaywrightTab:
    tab = world.open_tab()
    sign_in(tab)
    tab.run('await import(session.baseUrl + "/sockets.js")')
    return tab


def wait_for(tab: PlaywrightTab, condition: str) -> float:
    """Wait until it holds; return how many seconds that took."""
    began = time.monotonic()
    tab.run(f"while (!({condition})) await new Promise((again) => setTimeout(again, 10))")
    return time.monotonic() - began


@WAYS
def test_ten_sockets_that_are_refused_begin_anew_after_one_renewal(tab: PlaywrightTab, clock: Clock, way: str) -> None:
    clock.tick(minutes=16)
    tab.run(way, TEN)
    wait_for(tab, f"said.length === {TEN}")
    assert len(set(tab.run("return said"))) == 1
    assert tab.run("return heard.map(({ reason }) => reason)") == ["login", "renewed"]


def test_ten_sockets_of_socket_io_are_refused_once_each(tab: PlaywrightTab, clock: Clock) -> None:
    clock.tick(minutes=16)
    tab.run(SOCKET_IO, TEN)
    wait_for(tab, f"said.length === {TEN}")
    assert tab.run("return refused") == ["token_expired"] * TEN


def test_a_socket_comes_back_after_a_loss_with_another_token_when_one_can_be_had(
    tab: PlaywrightTab, world: World, clock: Clock
) -> None:
    tab.run(SOCKET_IO, 1)
    wait_for(tab, "said.length === 1")
    clock.tick(minutes=16)
    world.app.config["FAILING"].append("/auth/refresh")
    tab.run("socket.io.engine.close()")
    wait_for(tab, "said.length === 2")
    assert tab.run("return heard.map(({ reason }) => reason)") == ["login", "renewed"]
    assert not world.app.config["FAILING"]


def test_a_socket_whose_new_token_is_refused_as_well_stays_away(tab: PlaywrightTab, world: World) -> None:
    world.app.config["LETS_NOBODY_IN"] = True
    tab.run(SOCKET_IO, 1)
    wait_for(tab, "refused.length === 2")
    assert tab.run("return [refused, socket.active]") == [["token_invalid"] * 2, False]


@WAYS
def test_a_socket_is_told_within_the_delay_that_its_session_has_ended(
    tab: PlaywrightTab, world: World, way: str
) -> None:
    tab.run(way, 1)
    wait_for(tab, "said.length === 1")
    with world.app.app_context():
        world.app.extensions[EXTENSION].sessions.end(tab.run("return session.state.session.id"), reason="ended_by_user")
    assert wait_for(tab, "session.state.signedIn === false") < DELAY
    assert tab.run("return session.state.refusal.reason") == "ended_by_user"
