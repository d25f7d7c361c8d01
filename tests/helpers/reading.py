"""Fixtures: a host with one session, for tests that ask it and change nothing, and what forges its tokens."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from forging import Forger
from hosts import make_host, services_of, sign_in
from werkzeug.test import TestResponse

from flask_renewal import Grant
from flask_renewal.testing import Clock


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Grant]:
    """Return the host and what its one session got."""
    app = make_host(tmp_path_factory.mktemp("guard") / "instance", Clock())
    return app, sign_in(app)


@pytest.fixture
def forger(reading: tuple[Flask, Grant]) -> Forger:
    """Return what makes of that session's tokens others that are not ours."""
    app, grant = reading
    stranger = ec.generate_private_key(ec.SECP256R1())
    return Forger(grant.access_token, services_of(app).keys.signing_key, grant.refresh_token or "", stranger)


@pytest.fixture
def get(reading: tuple[Flask, Grant]) -> Callable[..., TestResponse]:
    """Return what asks the host, without cookies."""
    return reading[0].test_client(use_cookies=False).get
