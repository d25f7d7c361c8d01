"""Axios over a session: an upload that somebody watches arrives as it would by Axios alone, over HTTP/1.1 too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from everything import missing
from flask import Flask, Response, jsonify, redirect, request

from flask_renewal import access_required

from .client_kit import World, wait_until
from .tabs import PlaywrightTab

BROWSER = Path(__file__).parents[2] / "src" / "browser"
AXIOS = BROWSER / "node_modules" / "axios" / "dist" / "esm" / "axios.js"
SIZE = 300_000
ATTACH = """
const [{ default: axios }, { attachAxios }] =
  await Promise.all([import(session.baseUrl + "/axios.js"), import(session.baseUrl + "/adapter.js")]);
window.axios = axios;
window.api = attachAxios(axios.create(), session);
"""
UPLOAD = """
const [path, size] = argument;
const blob = new Blob([new Uint8Array(size)], { type: "application/octet-stream" });
const form = new FormData();
form.append("file", blob, "a.bin");
const upload = async (data, headers) => {
  const told = [];
  const onUploadProgress = ({ loaded, total, upload }) => told.push([loaded / total, upload]);
  try {
    const answer = await api.post(path, data, { headers, onUploadProgress });
    return [answer.status, answer.data, told.at(-1), answer.config.adapter === "xhr"];
  } catch (error) {
    return [error.response.status, error.response.data, axios.isAxiosError(error), error.config.adapter === "xhr"];
  }
};
return [await upload(blob, { "Content-Type": blob.type }), await upload(form)];
"""
ABORT = """
const leaving = new AbortController();
const upload = api.post("/upload", "June", { signal: leaving.signal, onUploadProgress: () => {} });
leaving.abort();
return upload.catch((error) => axios.isCancel(error));
"""


def add_routes(app: Flask) -> None:
    """Add what takes uploads, and the two modules."""
    for path, file in (("/axios.js", AXIOS), ("/adapter.js", BROWSER / "axios.js")):
        module = Response(file.read_text(), mimetype="text/javascript", headers={"Access-Control-Allow-Origin": "*"})
        app.add_url_rule(path, path, lambda module=module: module)

    @app.post("/upload")
    @access_required()
    def upload() -> Any:
        files = [file.read() for file in request.files.values()] or [request.get_data()]
        return jsonify(got=sum(map(len, files)))

    app.post("/away")(lambda: redirect(request.args["to"], 307))

    @app.post("/full")
    @access_required()
    def full() -> Any:
        request.get_data()
        return jsonify(code="disk_full"), 507


@pytest.fixture
def tab(make_world: Callable[..., World]) -> PlaywrightTab:
    """A tab that is signed in and has `api`, an Axios."""
    if not AXIOS.exists():
        missing("run `npm ci` in src/browser first")
    world = make_world()
    add_routes(world.app)
    tab = world.signed_in_tab()
    tab.run(ATTACH)
    return tab


def test_an_upload_that_is_watched_arrives_and_tells_how_far_it_is(tab: PlaywrightTab) -> None:
    for status, body, told, changed in tab.run(UPLOAD, ["/upload", SIZE]):
        assert [status, body, told, changed] == [200, {"got": SIZE}, [1, True], False]


def test_an_upload_that_met_a_401_is_sent_once_more(tab: PlaywrightTab, clock: Clock) -> None:
    clock.tick(minutes=16)
    assert [answer[:2] for answer in tab.run(UPLOAD, ["/upload", SIZE])] == [[200, {"got": SIZE}]] * 2
    assert tab.run("return session.state.reason") == "renewed"


def test_an_upload_that_the_route_refuses_is_the_error_of_axios(tab: PlaywrightTab) -> None:
    assert tab.run(UPLOAD, ["/full", SIZE]) == [[507, {"code": "disk_full"}, True, False]] * 2


def test_an_upload_that_is_given_up_is_cancelled(tab: PlaywrightTab) -> None:
    assert tab.run(ABORT) is True


def test_who_signs_out_meanwhile_gets_the_401_as_it_is(tab: PlaywrightTab, clock: Clock) -> None:
    clock.tick(minutes=16)
    tab.run("await fetch(session.baseUrl + '/auth/logout', { method: 'POST', credentials: 'include' })")
    assert [answer[0] for answer in tab.run(UPLOAD, ["/upload", SIZE])] == [401, 401]
    wait_until(tab, "session.state.signedIn === false")


def test_what_another_origin_says_of_an_upload_is_not_the_word_of_the_api(
    tab: PlaywrightTab, serve: Callable[..., str]
) -> None:
    stranger, allow = Flask("stranger"), {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    stranger.post("/")(lambda: ({"code": "token_expired"}, 401, allow))
    stranger.before_request(lambda: ("", 204, allow) if request.method == "OPTIONS" else None)
    before = tab.run("return session.state")
    away = f"/away?to={serve(stranger, host='localhost')}/"
    assert [answer[:2] for answer in tab.run(UPLOAD, [away, SIZE])] == [[401, {"code": "token_expired"}]] * 2
    assert tab.run("return session.state") == before
