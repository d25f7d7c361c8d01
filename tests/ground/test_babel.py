"""A Flask-Babel that can be imported is one that is set up: other extensions take it for that."""

import flask_babel
from flask import Flask
from flask_babel import Babel

from flask_renewal.ground.babel import settle


def test_one_that_nobody_has_set_up_is_set_up() -> None:
    app = Flask("host")
    settle(app)
    with app.test_request_context():
        assert str(flask_babel.get_locale()) == "en"


def test_one_that_the_host_has_set_up_stays_as_it_is() -> None:
    app = Flask("host")
    Babel(app, default_locale="de")
    settle(app)
    with app.test_request_context():
        assert str(flask_babel.get_locale()) == "de"


def test_it_is_set_up_at_the_first_request(host: Flask) -> None:
    assert "babel" not in host.extensions
    host.test_client().get("/")
    assert "babel" in host.extensions
