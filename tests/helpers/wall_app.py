"""The application itself, with a clock that tests move, and a count of the passwords that it compared.

Copied next to `wsgi.py`; run as a program it is served as `python wsgi.py` serves, else by gunicorn.
"""

import gc
import os
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from flask import Response, request

from flask_renewal import access_required, create_app
from flask_renewal.ground.ambient import Ambient
from flask_renewal.standalone.serving import listen, serve
from flask_renewal.testing.parts import services_of

waited = [0.0]
compared = [0]


def now() -> datetime:
    return datetime.fromtimestamp(time.time() + sum(waited), timezone.utc)


def count(_hash: str, _password: str) -> None:
    """Say of every hash that it is none of the host's."""
    compared[0] += 1


app = create_app(instance_path=Path(__file__).parent / "instance", ambient=Ambient(now=now))
services_of(app).functions.verify_password = count


@app.post("/control/wait")
def wait() -> dict[str, Any]:
    """Move the clock."""
    waited.append(float(request.args["seconds"]))
    return {}


@app.post("/control/disable")
def disable() -> dict[str, Any]:
    services_of(app).accounts.disable(request.args["name"])
    return {}


@app.get("/control")
def told() -> dict[str, int]:
    gc.collect()
    return {"compared": compared[0], "process": os.getpid(), "blocks": sys.getallocatedblocks()}


@app.get("/kept")
@access_required()
def kept() -> Response:
    """Be the same each time, and say so."""
    response = Response("the same")
    response.add_etag()
    return response.make_conditional(request)


if __name__ == "__main__":
    serve(app, listen())
