"""Libraries over a session: ten requests at once whose token the server no longer takes, in Chromium."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from everything import missing, need_node
from flask import Flask, Response, request
from playwright.sync_api import Browser

from flask_renewal import access_required

from .client_kit import World
from .tabs import PlaywrightTab

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples" / "recipes"
LIBRARIES = (
    "fetch axios ky ofetch wretch TanStack_Query SWR Angular,_XMLHttpRequest Angular,_fetch Apollo tRPC EventSource tus"
)
NAMES = [name.replace("_", " ") for name in LIBRARIES.split()]
TUS = {
    "RENEWAL_CORS_HEADERS": ["Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset"],
    "RENEWAL_CORS_EXPOSE": ["Location", "Upload-Offset", "Tus-Resumable"],
}
TEN = 10
ASK_AT_ONCE = """
const [name, times] = argument;
const ask = await LIBRARIES[name](session);
const answers = await Promise.all(Array.from({ length: times }, (_, number) => ask("/things/" + number)));
return answers.map(({ path }) => path);
"""
BUNDLE = """
import { createRequire } from "node:module";
const { build } = createRequire(process.argv[1] + "/src/browser/")("esbuild");
const contents = `
  import { LIBRARIES } from "./on-the-client.js";
  import { ANGULAR } from "./on-angular.js";
  window.LIBRARIES = { ...LIBRARIES, ...ANGULAR };`;
await build({
  stdin: { contents, resolveDir: process.argv[1] + "/examples/recipes/libraries" },
  nodePaths: [process.argv[1] + "/examples/recipes/node_modules"], preserveSymlinks: true,
  bundle: true, format: "esm", target: "es2022", define: { "process.env.NODE_ENV": '"production"' },
  outfile: process.argv[2], logLevel: "error",
});
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All libraries in one module, which puts `LIBRARIES` on the page."""
    if not (RECIPES / "node_modules").is_dir() or not (ROOT / "src" / "browser" / "node_modules").is_dir():
        missing("run `npm ci` in src/browser and examples/recipes first")
    file = tmp_path_factory.mktemp("libraries") / "libraries.js"
    command = [need_node(20, 19), "--input-type=module", "-e", BUNDLE, str(ROOT), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """One is enough: what differs between libraries is not the browser's."""
    return chromium


def add_routes(app: Flask, bundle: Path) -> None:
    """Add what the libraries ask for, and themselves."""
    script = Response(bundle.read_text(), mimetype="text/javascript", headers={"Access-Control-Allow-Origin": "*"})
    app.get("/libraries.js")(lambda: script)

    @app.get("/things/<number>")
    @access_required()
    def thing(number: str) -> Any:
        return {"path": request.path}

    @app.post("/graphql")
    @access_required()
    def graphql() -> Any:
        return {"data": request.json["variables"]}

    @app.get("/trpc/thing")
    @access_required()
    def trpc() -> Any:
        return {"result": {"data": {"path": json.loads(request.args["input"])}}}

    @app.get("/events/things/<number>")
    @access_required()
    def events(number: str) -> Response:
        return Response(f'data: {{"path": "/things/{number}"}}\n\n', mimetype="text/event-stream")


def add_uploads(app: Flask) -> None:
    """Add as much of the tus protocol as one small upload takes."""

    @app.post("/uploads")
    @access_required()
    def create() -> Any:
        return "", 201, {"Location": "/uploads/1", "Tus-Resumable": "1.0.0"}

    @app.patch("/uploads/1")
    @access_required()
    def append() -> Any:
        offset = int(request.headers["Upload-Offset"]) + len(request.get_data())
        return "", 204, {"Upload-Offset": str(offset), "Tus-Resumable": "1.0.0"}


def counting(app: Flask) -> Counter[tuple[str, int]]:
    """Return how often which method has been answered with which status, outside of the API."""
    answered: Counter[tuple[str, int]] = Counter()

    @app.after_request
    def note(response: Response) -> Response:
        if not request.path.startswith("/auth/") and request.method != "OPTIONS":
            answered[request.method, response.status_code] += 1
        return response

    return answered


@pytest.fixture
def answered(make_world: Callable[..., World], bundle: Path) -> tuple[World, PlaywrightTab, Counter[tuple[str, int]]]:
    """A world with a tab that is signed in and has `LIBRARIES`."""
    world = make_world(**TUS)
    add_routes(world.app, bundle)
    add_uploads(world.app)
    answered = counting(world.app)
    tab = world.signed_in_tab()
    tab.run('await import(session.baseUrl + "/libraries.js")')
    answered.clear()
    return world, tab, answered


@pytest.mark.parametrize("name", NAMES)
def test_ten_401s_at_once_are_one_renewal_and_ten_replays(name: str, answered: Any, clock: Clock) -> None:
    world, tab, statuses = answered
    clock.tick(minutes=16)
    assert tab.run(ASK_AT_ONCE, [name, TEN]) == [f"/things/{number}" for number in range(TEN)]
    refused = sum(count for (_, status), count in statuses.items() if status == 401)
    replayed = sum(count for (method, status), count in statuses.items() if status < 300 and method != "PATCH")
    assert (refused, len(world.refreshes()), replayed) == (TEN, 1, TEN)


def test_the_documentation_names_the_libraries_with_the_figures() -> None:
    page = (ROOT / "docs" / "browser.md").read_text()
    rows = re.findall(rf"^\| (.+?) \| .+ \| {TEN} \| 1 \| {TEN} \|$", page, re.MULTILINE)
    assert rows == [*NAMES, "Socket.IO"]  # which test_client_sockets.py tries
