"""Requests of an app on another origin: renewed for, sent once more as they were, and never with a token for others."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import PASSWORD, Clock
from flask import Flask, jsonify, redirect, request

from flask_renewal import access_required

from .client_kit import World, ask, who

BODIES = """
const form = new FormData();
form.append("title", "June");
form.append("file", new Blob(["a,b"], { type: "text/csv" }), "june.csv");
const bytes = new TextEncoder().encode("bytes");
const bodies = ["text", form, new Blob(["blob"]), new URLSearchParams({ a: "1" }), bytes, bytes.buffer];
const requests = bodies.map((body) => ["/echo", { method: "POST", body }]);
requests.push([new Request(session.baseUrl + "/echo", { method: "PUT", body: "of a Request" })]);
const answers = await Promise.all(requests.map((request) => session.fetch(...request)));
return Promise.all(answers.map(async (answer) => [answer.status, (await answer.json()).body]));
"""


def add_routes(app: Flask) -> None:
    @app.route("/echo", methods=["POST", "PUT"])
    @access_required()
    def echo() -> Any:
        form = {name: file.read().decode() for name, file in request.files.items()} | request.form.to_dict()
        return jsonify(body=form or request.get_data(as_text=True))

    @app.get("/vault")
    @access_required()
    def vault() -> Any:
        return jsonify(code="wrong_pin"), 401


def curious_stranger() -> tuple[Flask, list[str | None]]:
    """Return an application that would take any header from anybody, and the `Authorization` of what it was sent."""
    stranger, told = Flask("stranger"), []

    @stranger.route("/", methods=["GET", "OPTIONS"])
    def listen() -> Any:
        told.append(request.headers.get("Authorization"))
        allow = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization"}
        return jsonify(heard=True), 200, allow

    return stranger, told


def test_every_request_that_met_a_401_is_sent_once_more_with_its_body(world: World, clock: Clock) -> None:
    add_routes(world.app)
    tab = world.signed_in_tab()
    clock.tick(minutes=16)
    answers = tab.run(BODIES)
    form = {"title": "June", "file": "a,b"}
    assert answers == [[200, body] for body in ("text", form, "blob", {"a": "1"}, "bytes", "bytes", "of a Request")]
    assert len(world.refreshes()) == 1
    assert len(world.proxy.handled("/echo")) == 2 * len(answers)


def test_a_401_of_the_routes_own_is_handed_through(world: World) -> None:
    add_routes(world.app)
    tab = world.signed_in_tab()
    assert ask(tab, "/vault") == {"status": 401, "body": {"code": "wrong_pin"}}
    assert world.refreshes() == []
    assert who(tab) == [True, "alice", "login"]


def test_the_token_in_a_header_of_an_answer_is_used_from_then_on(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab()
    clock.tick(minutes=12)
    assert ask(tab)["status"] == 200
    assert who(tab) == [True, "alice", "renewed"]
    clock.tick(minutes=12)
    assert ask(tab)["status"] == 200
    assert world.refreshes() == []


@pytest.mark.parametrize("scheme", ["", "Token"])
def test_a_host_with_a_token_header_of_its_own_is_asked_by_that(
    make_world: Callable[..., World], clock: Clock, scheme: str
) -> None:
    world = make_world(JWT_HEADER_NAME="X-Access-Token", JWT_HEADER_TYPE=scheme)
    add_routes(world.app)
    tab = world.signed_in_tab(tokenHeader="X-Access-Token", tokenScheme=scheme)
    clock.tick(minutes=16)
    assert ask(tab, "/echo", method="POST", body="June") == {"status": 200, "body": {"body": "June"}}
    assert len(world.refreshes()) == 1
    tab.run("await session.confirm(argument); await session.logout()", PASSWORD)
    assert "Authorization" not in world.proxy.handled("/auth/logout")[0].headers


def test_a_redirect_to_another_origin_does_not_take_the_token_along(world: World, serve: Callable[..., str]) -> None:
    stranger, told = curious_stranger()
    address = serve(stranger, host="localhost")
    world.app.add_url_rule("/away", view_func=lambda: redirect(f"{address}/"))
    tab = world.signed_in_tab()
    assert ask(tab, "/away") == {"status": 200, "body": {"heard": True}}
    assert world.proxy.handled("/away")[0].headers["Authorization"].startswith("Bearer ")
    assert told
    assert not any(told)


def test_reloading_again_and_again_keeps_everybody_signed_in(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab()
    for minutes in (0, 1, 1, 16):
        clock.tick(minutes=minutes)
        tab.reload()
        assert tab.run("return (await session.restore()).signedIn")
        assert who(tab) == [True, "alice", "restored"]
    assert ask(tab)["status"] == 200


def test_a_session_of_a_device_is_renewed_with_the_id_of_the_device_only(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab(deviceId="laptop-1")
    clock.tick(minutes=16)
    assert ask(tab)["status"] == 200
    stranger = world.open_tab(channel=None)
    stranger.run("await session.restore()")
    assert who(stranger) == [False, None, "device_mismatch"]
    clock.tick(minutes=16)
    assert ask(tab)["status"] == 200
