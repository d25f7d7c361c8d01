"""What a signed-in page costs beside a bare one: in process, in turns, in one run. `python -m benchmarks.page_cost`"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask, render_template
from werkzeug.test import EnvironBuilder

from flask_renewal import create_app, page_required

from .calls import new_folder

ROUNDS, CALLS = 60, 50
TEMPLATE = "<!doctype html><title>Diary</title><h1>Diary</h1>"
WITH_USER = TEMPLATE + "{% if current_user %}<p>{{ current_user.username }}</p>{% endif %}"


def make_app() -> Flask:
    app = create_app(instance_path=new_folder())
    plain, with_user = app.jinja_env.from_string(TEMPLATE), app.jinja_env.from_string(WITH_USER)
    pages: dict[str, Callable[[], str]] = {
        "bare text": lambda: TEMPLATE,
        "bare template": lambda: render_template(plain),
    }
    for name, view in pages.items():
        path = "/" + name.replace(" ", "-")
        app.add_url_rule(path, name, view)
        app.add_url_rule(f"/guarded{path}", f"guarded {name}", page_required(view))
    app.add_url_rule("/named", "named", page_required(lambda: render_template(with_user)))
    return app


def signed_in(app: Flask) -> str:
    """Return the Cookie header of somebody who is signed in."""
    answer = app.test_client().post("/register", data={"username": "alice", "password": "correct staple horse battery"})
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        jar.load(line)
    return "; ".join(f"{name}={cookie.value}" for name, cookie in jar.items())


def call(app: Flask, path: str, cookie: str) -> float:
    """Return the CPU microseconds of one request."""
    environs = [EnvironBuilder(path=path, headers={"Cookie": cookie}).get_environ() for _ in range(CALLS)]
    begun = time.process_time()
    for environ in environs:
        _exhaust(app(environ, _start_response))
    return (time.process_time() - begun) / CALLS * 1e6


def _start_response(status: str, *_: Any) -> Any:
    assert status.startswith("200"), status


def _exhaust(body: Iterable[bytes]) -> None:
    for _ in body:
        pass
    getattr(body, "close", lambda: None)()


def main() -> None:
    app = make_app()
    cookie = signed_in(app)
    paths = ["/bare-text", "/guarded/bare-text", "/bare-template", "/guarded/bare-template", "/named", "/account"]
    costs: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(ROUNDS):
        for path in paths:
            costs[path].append(call(app, path, cookie))
    for path in paths:
        bare = statistics.median(costs["/bare-text" if "text" in path else "/bare-template"])
        cost = statistics.median(costs[path])
        sys.stdout.write(f"{path:24} {cost:7.0f} us CPU  {cost / bare:5.2f} x bare\n")


if __name__ == "__main__":
    main()
