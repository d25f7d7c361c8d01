"""People who sign in with a passkey: py_webauthn proves who they are, `renewal.sign_in` signs them in.

Run it with `FLASK_SECRET_KEY=… flask --app examples/passkey_app/app run` and open http://localhost:5000: a passkey is
for a name, and 127.0.0.1 is none. Register, add a passkey on the account page, sign out, and sign in with it.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from flask_renewal import install_pages

from .passkeys import passkeys, passkeys_of
from .people import db, renewal


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the application; `SITE` is where browsers find it, which a passkey is bound to."""
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///passkeys.db", SITE="http://localhost:5000")
    app.config.from_prefixed_env()  # FLASK_SECRET_KEY signs the challenges
    app.config.update(config or {})
    db.init_app(app)
    renewal.init_app(app)
    install_pages(app)
    app.register_blueprint(passkeys)
    app.jinja_env.globals["passkeys_of"] = passkeys_of
    with app.app_context():
        db.create_all()
    return app
