"""The standalone application: `python wsgi.py`, `gunicorn wsgi:app`, `flask --app wsgi run`."""

import sys
from pathlib import Path

from flask_renewal import ConfigurationError, create_app
from flask_renewal.serving import serve

try:
    app = create_app(instance_path=Path(__file__).parent / "instance")
except ConfigurationError as error:
    sys.exit(f"Flask-Renewal cannot start: {error}")

if __name__ == "__main__":
    serve(app)
