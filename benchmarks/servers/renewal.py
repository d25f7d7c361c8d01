"""Ours, as the README sets it up; what differs from the defaults stands in the configuration below."""

import os

from flask import Flask

from flask_renewal import access_required, create_app
from flask_renewal.standalone.models import db

CONFIG = {
    "SQLALCHEMY_DATABASE_URI": os.environ["BENCHMARK_URI"],
    "RENEWAL_QUIET_WINDOW": 0,  # each refresh rotates, however soon after the last
    "RATELIMIT_ENABLED": False,  # a benchmark asks more often than a browser
    "JWT_ACCESS_TOKEN_EXPIRES": int(os.environ.get("BENCHMARK_ACCESS_LIFE", "900")),
    "RENEWAL_HEADER_THRESHOLD": float(os.environ.get("BENCHMARK_THRESHOLD", "0.3333")),
}


def make() -> Flask:
    app = create_app(CONFIG, instance_path=os.environ["BENCHMARK_FOLDER"])
    with app.app_context():
        if os.environ.get("BENCHMARK_CREATE"):
            db.create_all()
        db.engine.dispose()

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/guarded")
    @access_required()
    def guarded() -> str:
        return "hello"

    return app


app = make()
