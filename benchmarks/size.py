"""Start and size: import time, cold start to the first answer, resident memory of a worker.

`python -m benchmarks.size` says what the import takes, as a multiple of what it stands on.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .figures import Spread, ratios

ROOT = Path(__file__).parents[1]

CORE = "import of Flask and the libraries of the core"
IMPORT = "import of Flask-Renewal"
_IMPORTS = {
    CORE: "import flask, flask_sqlalchemy, flask_jwt_extended, flask_cors, limits.storage, limits.strategies",
    IMPORT: "from flask_renewal import Renewal, UserMixin, access_required",
}

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
    """Return milliseconds of processor time: of imports, and from nothing to the first answer."""
    return _milliseconds(
        rounds,
        {
            "import flask": "import flask",
            **_IMPORTS,
            "cold start, bare Flask": _BARE + _COLD,
            "cold start, Flask-Renewal": _OURS + _COLD,
        },
    )


def _milliseconds(rounds: int, codes: dict[str, str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(rounds):
        for name, code in codes.items():
            timed = f"import time; began = time.process_time(); {code}; print((time.process_time() - began) * 1e3)"
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
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is where a package is installed
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


def main() -> None:
    """Print how many times as long as the import of the core that of ours takes, as the contract asks: 1.1 at most."""
    found = _milliseconds(15, _IMPORTS)
    shown = ", ".join(f"{name}: {Spread.of(times).shown('.0f')} ms" for name, times in found.items())
    least = min(found[IMPORT]) / min(found[CORE])
    sys.stdout.write(f"{shown}; ratio {ratios(found[IMPORT], found[CORE]).shown()}, of the quickest {least:.2f}\n")


if __name__ == "__main__":
    main()
