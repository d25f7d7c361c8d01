"""A host whose users have ids of any kind."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from conftest import Clock
from flask import Flask
from flask_jwt_extended import current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, SmallInteger, String, TypeDecorator, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_renewal import Renewal, UserMixin, access_required
from flask_renewal.ground.ambient import Ambient

SMALL = SmallInteger().with_variant(Integer, "sqlite")
WIDE = BigInteger().with_variant(Integer, "sqlite")


class Reversed(TypeDecorator[str]):
    """Ids that only the host knows how to store."""

    impl = String(32)
    cache_ok = True
    python_type = str

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value and value[::-1]

    process_result_value = process_bind_param


COLUMNS: dict[str, dict[str, Any]] = {
    "text": {"type_": String(32)},
    "text that the model makes": {"type_": String(36), "default": lambda: str(uuid4())},
    "text stored in the host's way": {"type_": Reversed()},
    "whole numbers": {"type_": Integer},
    "small numbers": {"type_": SMALL},
    "large numbers": {"type_": WIDE},
    "UUIDs": {"type_": Uuid},
    "UUIDs that the model makes": {"type_": Uuid, "default": uuid4},
    "UUIDs that are text in Python": {"type_": Uuid(as_uuid=False)},
    "UUIDs in characters": {"type_": Uuid(native_uuid=False)},
}


def host(folder: Path, uri: str, column: dict[str, Any], clock: Clock | None = None) -> Flask:
    app = Flask("host", instance_path=str(folder))
    app.config.update(SQLALCHEMY_DATABASE_URI=uri, RENEWAL_QUIET_WINDOW=0)

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(app, model_class=Base)

    class Person(UserMixin, db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[Any] = mapped_column(primary_key=True, **column)

    Renewal(app, db=db, user_model=Person, ambient=Ambient(now=clock) if clock else None)
    app.add_url_rule("/own", view_func=access_required()(lambda: {"id": str(current_user.id)}), endpoint="own")
    with app.app_context():
        db.create_all()
    return app


def write(app: Flask, *changes: str) -> None:
    """Change the host's tables behind everybody's back."""
    with app.app_context():
        for change in changes:
            app.extensions["sqlalchemy"].session.execute(text(change))
        app.extensions["sqlalchemy"].session.commit()
