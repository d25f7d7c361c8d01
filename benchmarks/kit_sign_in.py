"""What a sign-in through the test kit costs, against one that proves a password with Argon2id.

Run `python -m benchmarks.kit_sign_in`. Both sign the same users in, one after the other, in one process, on SQLite in
memory. Processor time counts, so what else the machine does matters little; the two take turns, so what changes with
its temperature hits both.
"""

import argparse
import sys
import tempfile
import time

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Renewal, UserMixin
from flask_renewal.testing import RenewalClient

PASSWORD = "correct staple horse battery"
GOAL = 20
USERS = 50


class Base(DeclarativeBase):
    """The tables of the benchmark's application."""


db = SQLAlchemy(model_class=Base)


class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    """Somebody who signs in."""


def make_app(folder: str) -> Flask:
    app = Flask("benchmark", instance_path=folder)
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", RATELIMIT_ENABLED=False)
    db.init_app(app)
    Renewal(app, db=db, user_model=User)
    with app.app_context():
        db.create_all()
    return app


def seconds(app: Flask, names: list[str], password: str | None) -> float:
    begin = time.process_time()
    for name in names:
        RenewalClient(app).login(name, password)
    return time.process_time() - begin


def main() -> int:
    """Print both costs and their ratio; 1 if the kit takes more than its share."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sign-ins", type=int, default=1000)
    count = parser.parse_args().sign_ins
    names = [f"user{number}" for number in range(USERS)]
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(folder)
        for name in names:
            app.test_client().post("/auth/register", json={"username": name, "password": PASSWORD})
        direct = argon2id = 0.0
        for _ in range(max(1, count // USERS)):
            direct += seconds(app, names, None)
            argon2id += seconds(app, names, PASSWORD)
    ratio = argon2id / direct
    sys.stdout.write(
        f"{count} sign-ins through the kit: {direct:.2f} s\n"
        f"{count} sign-ins through argon2id: {argon2id:.2f} s\n"
        f"ratio: 1/{ratio:.1f} (goal: 1/{GOAL})\n"
    )
    return int(ratio < GOAL)


if __name__ == "__main__":
    sys.exit(main())
