"""What Prometheus reads: the figures of this process, or of all of them where `PROMETHEUS_MULTIPROC_DIR` is set."""

import os
from typing import Any

from flask import Blueprint, Flask, Response, request
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from ...ground.data_headers import keep_data
from ...ground.errors import UntrustedOriginError
from ...ground.origins import is_trusted
from ...ground.problems import from_refusal
from ...identity.request import provenance
from ...identity.services import Services
from .counting import counted, listen
from .figures import FOLDER, HASH_SECONDS
from .timed_store import timed

__all__ = ["counted", "install", "observe_hash", "timed"]

observe_hash = HASH_SECONDS.observe

metrics = Blueprint("flask_renewal_metrics", __name__)


@metrics.get("")
def read() -> Response:
    """Tell the figures; to no page of another origin, whatever is said of who may read our answers."""
    if not is_trusted(provenance(), frozenset()):
        return from_refusal(UntrustedOriginError())
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    response = Response(encode(_registry()), content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return keep_data(response)


def _registry() -> CollectorRegistry:
    if FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    collect: Any = MultiProcessCollector
    collect(registry)
    return registry


def install(app: Flask, services: Services) -> None:
    """Count, and let what is counted be read."""
    listen(app)
    app.register_blueprint(metrics, url_prefix=services.settings.metrics)
