"""An application of `examples/existing_app` as it is deployed: one version after the other, on the same database.

Both are served at one address, which is what a browser sees of a deployment.
"""

import importlib.util
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from werkzeug.security import generate_password_hash

EXAMPLES = Path(__file__).parents[2] / "examples" / "existing_app"
VERSIONS = ("before", "after")
PASSWORD = "correct staple horse battery"


class Deployed:
    """A WSGI application: the version that is deployed now."""

    def __init__(self, name: str, folder: Path) -> None:
        shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("instance", "__pycache__"))
        secret = secrets.token_hex()
        environ = {
            "DATABASE_URL": f"sqlite:///{folder / 'people.db'}",
            "JWT_SECRET_KEY": secret,
            "SECRET_KEY": secret,
        }
        with patch.dict("os.environ", environ):
            self.modules = {version: _load(folder / version / f"{name}.py") for version in VERSIONS}
        for version in VERSIONS:
            created = self.modules[version].app.test_cli_runner().invoke(args=["init-db"])
            assert created.exit_code == 0, created.output
        self.version = "before"

    @property
    def module(self) -> Any:
        return self.modules[self.version]

    @property
    def app(self) -> Flask:
        app: Flask = self.module.app
        return app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.app(environ, start_response)

    def add(self, **columns: Any) -> int:
        """Add somebody with the password of the tests; return the number."""
        db, user = self.module.db, self.module.User
        with self.app.app_context():
            added = user(password_hash=generate_password_hash(PASSWORD, method="pbkdf2:sha256:1"), **columns)
            db.session.add(added)
            db.session.commit()
            return int(added.id)

    @contextmanager
    def as_(self, version: str) -> Iterator[None]:
        """Deploy a version for a while."""
        self.version, before = version, self.version
        yield
        self.version = before


def _load(file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"{file.parent.name}_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # where Flask looks for the templates
    spec.loader.exec_module(module)
    return module
