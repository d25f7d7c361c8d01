"""The log as one JSON object a line, for programs that collect it."""

import json
import logging
import re
from datetime import datetime, timezone

from flask import has_request_context, request
from flask.logging import wsgi_errors_stream

_NAME = "flask_renewal"
_REQUEST_ID = re.compile(r"[!-~]{1,128}")


class JSONLines(logging.Formatter):
    """Writes a record, and who asked where a request is served, as one line of ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what a record does not have is left out of it."""
        facts = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": getattr(record, "event", None),
            "code": getattr(record, "code", None),
            "facts": getattr(record, "facts", None),
            "address": request.remote_addr if has_request_context() else None,
            "request_id": _request_id(),
            "message": record.getMessage(),
            "exception": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: fact for name, fact in facts.items() if fact is not None})


def _request_id() -> str | None:
    """Return what a proxy, or the client, calls this request, where it is short and printable."""
    said = request.headers.get("X-Request-ID", "") if has_request_context() else ""
    return said if _REQUEST_ID.fullmatch(said) else None


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Ours, so that it is there once, however many applications ask for it."""


def install() -> None:
    """Let our logger write such lines, from INFO on unless a level is set, and hand nothing on to the root logger."""
    logger = logging.getLogger(_NAME)
    if not any(isinstance(handler, _Handler) for handler in logger.handlers):
        handler = _Handler(wsgi_errors_stream)
        handler.setFormatter(JSONLines())
        logger.addHandler(handler)
    logger.propagate = False
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
