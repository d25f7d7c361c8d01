"""The standalone application: `python wsgi.py`, `gunicorn wsgi:app`, `flask --app wsgi run`."""

import sys
from pathlib import Path

from flask_renewal import ConfigurationError, create_app
from flask_renewal.demo import demo
from flask_renewal.serving import serve

GIVE_UP = 3
"""The exit code by which a worker of gunicorn tells its master to stop, instead of starting it again for ever."""

try:
    app = create_app(instance_path=Path(__file__).parent / "instance")
except ConfigurationError as error:
    sys.stderr.write(f"Flask-Renewal cannot start: {error}\n")
    sys.exit(GIVE_UP)

app.cli.add_command(demo)

if __name__ == "__main__":
    serve(app)
