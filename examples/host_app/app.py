"""A reading circle whose people sign in with their e-mail addresses, forget passwords, and move to other addresses.

Run it with `flask --app examples/host_app/app run`; `flask users add ann@example.com` lets somebody in. The accounts,
the sessions and the pages are Flask-Renewal's; what only the host can do, which is to send mail, is in letters.py.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from flask_renewal import install_pages

from .letters import Deliver, letters, print_letter
from .people import db, renewal


def create_app(config: Mapping[str, Any] | None = None, *, deliver: Deliver = print_letter) -> Flask:
    """Make the application; `deliver` sends a letter: where that takes a while, let it leave the letter in a queue."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///circle.db"
    app.config["SITE"] = "http://127.0.0.1:5000"  # links in letters begin with it: a request's Host may be anybody's
    app.config["RENEWAL_REGISTRATION"] = False  # whoever has an account has shown that the address is theirs
    app.config.from_prefixed_env()  # FLASK_SECRET_KEY signs the links
    app.config.update(config or {}, DELIVER=deliver)
    db.init_app(app)
    renewal.init_app(app)
    install_pages(app)
    app.register_blueprint(letters)
    with app.app_context():
        db.create_all()
    return app
