"""A host's application around ours: a guarded route of its own, a clock that may be wrong or moved, and a way to die.

Each answer says which process gave it.

The clock is right again as soon as there is a file `mended`; a file `passed` says how many seconds are to have passed.

Copied next to `wsgi.py` and served by gunicorn.
"""

import os
import signal
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from flask import Flask, Response

from flask_renewal import access_required, create_app
from flask_renewal.ground import events
from flask_renewal.ground.ambient import Ambient

FOLDER = Path(__file__).parent
WRONG_BY = float(os.environ.get("CLOCK_WRONG_BY", "0"))


def machine() -> float:
    """Return the time by the clock of the machine that this server stands for."""
    return time.time() + (WRONG_BY if WRONG_BY and not (FOLDER / "mended").exists() else 0)


def passed() -> float:
    """Return how many seconds a test has let pass at once."""
    try:
        return float((FOLDER / "passed").read_text())
    except FileNotFoundError:
        return 0


def now() -> datetime:
    return datetime.fromtimestamp(machine() + passed(), timezone.utc)


app = create_app(instance_path=FOLDER / "instance", ambient=Ambient(now=now, machine=machine))


@app.get("/guarded")
@access_required()
def guarded() -> dict[str, bool]:
    """Be served without the store."""
    return {"served": True}


@app.after_request
def name_the_process(response: Response) -> Response:
    response.headers["X-Process"] = str(os.getpid())
    return response


@events.session_refreshed.connect_via(app)
def die(_: Flask, **facts: Any) -> None:
    """Die without a warning if the test asked for it: the rotation is committed, its answer not yet sent."""
    asked = FOLDER / "die"
    if asked.exists():
        asked.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
