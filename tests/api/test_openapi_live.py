"""The document and a live server agree, as Schemathesis sees it: all of its checks, in all of its phases.

`RENEWAL_SCHEMATHESIS_EXAMPLES=100` tries more than the suite does.
"""

import os
import subprocess
import sys
from pathlib import Path

from everything import missing
from servers import PASSWORD, serving

HELPERS = Path(__file__).parents[1] / "helpers"
KEY = "the key of a service, 32 bytes or more!"
EXAMPLES = os.environ.get("RENEWAL_SCHEMATHESIS_EXAMPLES", "3")
"""Of each operation and each phase that draws them; those that try each limit of the schemas are not drawn."""
OPTIONS = ("--checks=all", "--generation-deterministic", f"--max-examples={EXAMPLES}", "--no-color")


SCHEMATHESIS = Path(sys.executable).with_name("st")


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    if not SCHEMATHESIS.exists():
        missing("schemathesis is not installed")
    settings = {"RATELIMIT_ENABLED": False, "RENEWAL_SERVICE_KEYS": [KEY], "RENEWAL_MAX_SESSIONS_PER_USER": 5}
    with serving(tmp_path / "server", **settings) as server:
        told = {"RENEWAL_ADDRESS": server.address, "RENEWAL_SERVICE_KEY": KEY, "RENEWAL_PASSWORD": PASSWORD}
        command = [SCHEMATHESIS, "--config-file", HELPERS / "schemathesis.toml", "run"]
        done = subprocess.run(
            [*command, f"{server.address}/auth/openapi.json", *OPTIONS],
            cwd=tmp_path,
            env={**os.environ, **told, "SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(HELPERS)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
