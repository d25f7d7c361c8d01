"""Service workers beside the client, in Chromium: one that uses it, one that caches whatever goes by."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock
from flask import Flask, Response, jsonify, request, send_from_directory
from flask_jwt_extended import get_jwt_identity
from playwright.sync_api import Browser

from flask_renewal import access_required
from flask_renewal.ground.folders import BROWSER

from .client_kit import World, ask, sign_in, who
from .serving import PAGE
from .tabs import PlaywrightTab

WORKING = """
import { createSession } from "/module/client.js";
const session = createSession({ baseUrl: new URL(location).searchParams.get("api") });
addEventListener("message", async ({ source, data }) => {
  await session.restore();
  const answers = await Promise.all(Array.from({ length: 3 }, () => session.fetch(data)));
  source.postMessage([session.state.reason, session.state.user?.username ?? null, answers.map(({ status }) => status)]);
});
"""
CACHING = """
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.includes("/kept")) return;
  const answer = async () => {
    const cache = await caches.open("all");
    const kept = await cache.match(request.url);
    if (kept) return kept;
    const response = await fetch(request);
    await cache.put(request.url, response.clone());
    return response;
  };
  event.respondWith(answer());
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
"""
REGISTER = """
await navigator.serviceWorker.register(argument[0], { type: argument[1] });
const { active } = await navigator.serviceWorker.ready;
if (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
"""
TELL = """
const { active } = await navigator.serviceWorker.ready;
const heard = new Promise((done) => navigator.serviceWorker.addEventListener("message", ({ data }) => done(data)));
navigator.serviceWorker.startMessages();
active.postMessage(argument);
return heard;
"""


def client_file(name: str) -> Response:
    return send_from_directory(BROWSER, name, mimetype="text/javascript")


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def serve_page(serve: Callable[..., str]) -> Callable[..., str]:
    """A page with its workers, and a copy of the client of its own, for theirs must come from the page's origin."""

    def start(**where: Any) -> str:
        app = Flask("page")
        app.add_url_rule("/", "page", lambda: PAGE)
        for name, text in (("working", WORKING), ("caching", CACHING)):
            app.get(f"/{name}.js", endpoint=name)(lambda text=text: Response(text, mimetype="text/javascript"))
        app.get("/module/<path:name>", endpoint="client")(
            lambda name: send_from_directory(BROWSER, name, mimetype="text/javascript")
        )
        return serve(app, host="localhost", **where)

    return start


@pytest.fixture
def tab(world: World) -> PlaywrightTab:
    """A tab that is signed in; `/kept` says who asks, and `/marked` the same with an ETag."""

    @world.app.get("/kept")
    @access_required()
    def kept() -> Any:
        return jsonify(user=get_jwt_identity())

    @world.app.get("/marked")
    @access_required()
    def marked() -> Response:
        response = Response("same", headers={"Cache-Control": "private, no-cache", "ETag": '"1"'})
        return response.make_conditional(request)

    return world.signed_in_tab()


def test_a_worker_restores_the_session_and_fetches_with_it(tab: PlaywrightTab, world: World) -> None:
    tab.run(REGISTER, [f"/working.js?api={world.api}", "module"])
    assert tab.run(TELL, "/auth/me") == ["restored", "alice", [200, 200, 200]]


def test_a_worker_renews_once_for_all_that_it_fetches(tab: PlaywrightTab, world: World, clock: Clock) -> None:
    tab.run(REGISTER, [f"/working.js?api={world.api}", "module"])
    tab.run(TELL, "/auth/me")
    clock.tick(minutes=16)
    assert tab.run(TELL, "/auth/me") == ["renewed", "alice", [200, 200, 200]]
    assert len(world.refreshes()) == 2


def test_a_renewed_token_out_of_a_workers_cache_is_taken_by_nobody(
    tab: PlaywrightTab, world: World, clock: Clock
) -> None:
    tab.run(REGISTER, ["/caching.js", "classic"])
    clock.tick(minutes=11)
    ask(tab, "/kept")
    renewed = tab.run("return session.token()")
    clock.tick(minutes=11)
    ask(tab, "/auth/me")
    newer = tab.run("return session.token()")
    ask(tab, "/kept")
    assert renewed != newer == tab.run("return session.token()")
    world.add_person("bob")
    tab.run("await session.logout()")
    sign_in(tab, "bob")
    ask(tab, "/kept")
    assert who(tab) == [True, "bob", "login"]


def test_an_answer_that_was_not_modified_brings_no_old_token(tab: PlaywrightTab, world: World, clock: Clock) -> None:
    ask(tab, "/marked")
    clock.tick(minutes=11)
    ask(tab, "/marked")
    assert who(tab) == [True, "alice", "login"]
    ask(tab, "/auth/me")
    newer = tab.run("return session.token()")
    ask(tab, "/marked")
    assert newer == tab.run("return session.token()")


def test_the_pages_own_worker_survives_signing_out(tab: PlaywrightTab) -> None:
    tab.run(REGISTER, ["/caching.js", "classic"])
    tab.run("await caches.open('mine'); await session.logout({ everywhere: true })")
    assert tab.run("return [(await navigator.serviceWorker.getRegistrations()).length, await caches.has('mine')]") == [
        1,
        True,
    ]
