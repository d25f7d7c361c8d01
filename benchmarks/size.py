"""Start and size: import time, cold start to the first answer, resident memory of a worker."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

_BARE = "from flask import Flask; app = Flask('bare'); app.add_url_rule('/hello', 'hello', lambda: 'hello')"
_OURS = "from benchmarks.servers.renewal import app"
_COLD = "; assert app.test_client().get('/hello').status_code == 200"

_MEMORY = """
import json, resource, sys
from pathlib import Path
{make}
def resident():
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize() / 2**20
from benchmarks.calls import call
requests, tokens = int(sys.argv[1]), int(sys.argv[2])
held, path = ["none"], "/hello"
if {ours}:
    from flask_renewal.identity.services import current
    content = {{"username": "alice", "password": "correct staple horse battery"}}
    session_id = app.test_client().post("/auth/register", json=content).get_json()["session"]["id"]
    with app.app_context():
        services = current()
        session = services.store.find(session_id)
        held = [services.access_tokens.issue(session, fresh=False)[0] for _ in range(tokens)]
    path = "/guarded"
marks = []
for part in range(5):
    for number in range(requests // 5):
        call(app, path, held[number % len(held)], 1)
    marks.append(resident())
print(json.dumps(marks))
"""


def starts(rounds: int) -> dict[str, list[float]]:
    """Return milliseconds: of imports, and from nothing to the first answer, each of bare Flask and of ours."""
    codes = {
        "import flask": "import flask",
        "import Flask and the extensions that ours stands on": (
            "import flask, flask_sqlalchemy, flask_jwt_extended, flask_cors"
        ),
        "import flask_renewal": "import flask_renewal",
        "cold start, bare Flask": _BARE + _COLD,
        "cold start, Flask-Renewal": _OURS + _COLD,
    }
    found: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(rounds):
        for name, code in codes.items():
            timed = f"import time; began = time.perf_counter(); {code}; print((time.perf_counter() - began) * 1e3)"
            found[name].append(float(_python(timed)))
    return found


def memory(requests: int, tokens: int) -> dict[str, list[float]]:
    """Return MiB resident after each fifth of the requests, guarded ones with many distinct tokens in turn."""
    return {
        name: json.loads(_python(_MEMORY.format(make=make, ours=make is _OURS), str(requests), str(tokens)))
        for name, make in (("bare Flask", _BARE), ("Flask-Renewal", _OURS))
    }


def _python(code: str, *arguments: str) -> str:
    with tempfile.TemporaryDirectory(prefix="renewal-benchmark-") as folder:
        environment = {**os.environ, "BENCHMARK_URI": f"sqlite:///{folder}/app.db", "BENCHMARK_FOLDER": folder}
        environment["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.splitlines()[-1]
