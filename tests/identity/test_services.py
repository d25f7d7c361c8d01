"""The parts of the extension in one application."""

from collections.abc import Callable

from flask import Flask
from hosts import services_of

from flask_renewal.identity.services import current


def test_the_parts_at_hand_are_those_of_the_application_that_serves(adopt: Callable[..., Flask], app: Flask) -> None:
    host = adopt()
    with host.app_context():
        assert current() is services_of(host)
        with app.app_context():
            assert current() is services_of(app)
