"""What a load balancer asks: whether the process answers, and whether it can serve sessions."""

from flask import Blueprint, Flask, Response, jsonify

from ...ground.data_headers import keep_data
from ...ground.errors import StoreError
from ...ground.problems import from_refusal
from ...identity.services import current

health = Blueprint("flask_renewal_health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return _ok()


@health.get("/readyz")
def readyz() -> Response:
    """Say whether sessions can be served: 503 while the store, or the issuer of the keys, cannot be reached."""
    services = current()
    verifies = services.settings.issuer_url is not None
    try:
        (services.keys if verifies else services.store).find("readiness")
    except StoreError as error:
        return from_refusal(error)
    return _ok()


def _ok() -> Response:
    response = jsonify(status="ok")
    response.headers["Cache-Control"] = "no-store"
    return keep_data(response)


def install_health(app: Flask) -> None:
    """Add `/healthz` and `/readyz` to an application, for whoever decides where requests go.

    Neither needs a sign-in nor tells what is wrong; the cause is in the log.
    """
    app.register_blueprint(health)
