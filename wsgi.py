"""The standalone application: `python wsgi.py`, `gunicorn wsgi:app`, `flask --app wsgi run`."""

import sys
from pathlib import Path
from typing import NoReturn

INSTANCE = Path(__file__).parent / "instance"
GIVE_UP = 3
"""The exit code by which a worker of gunicorn tells its master to stop, instead of starting it again for ever."""


def give_up(reason: object) -> NoReturn:
    """Say in one sentence why there is no start."""
    sys.stderr.write(f"Flask-Renewal cannot start: {reason}\n")
    sys.exit(GIVE_UP)


if sys.version_info < (3, 10):  # noqa: UP036 - pip is not asked by whoever has the sources
    give_up(f"this is Python {sys.version.split()[0]}, and 3.10 or a later one is needed; run it by that.")

try:
    from flask_renewal import ConfigurationError
    from flask_renewal.standalone.app import create_app
    from flask_renewal.standalone.demo import demo
    from flask_renewal.standalone.serving import listen, serve
except ModuleNotFoundError as error:
    give_up(f"the module {error.name} is not installed; run pip install '.[app]' in the folder of wsgi.py.")

try:
    app = create_app(instance_path=INSTANCE)
    listening = listen() if __name__ == "__main__" else None
except ConfigurationError as error:
    give_up(error)
except OSError as error:
    give_up(f"{error.filename or INSTANCE} cannot be written ({error.strerror}); let this user write to {INSTANCE}.")

app.cli.add_command(demo)

if listening is not None:
    serve(app, listening)
