"""The host's own objects of its users, made and deleted by its own session: with whatever belongs to them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy


class Objects:
    """The rows of one model, as the host's ORM knows them.

    What is written is one transaction, in an application context of its own: nothing of the host's request is
    committed with it.
    """

    def __init__(self, app: Flask, db: SQLAlchemy, model: type[Any]) -> None:
        self._app = app
        self._db = db
        self._model = model

    def load(self, user_id: Any) -> Any:
        """Return the object with this id, as the column holds it; ``None`` where there is none."""
        return self._db.session.get(self._model, user_id)

    def add(self, make: Callable[[], Any], values: Mapping[str, Any]) -> Any:
        """Add the object that `make` returns, with these values; return its id.

        Raises what `make` and the database raise, and `TypeError` where it is no object of the model.
        """
        with self._app.app_context():
            user = make()
            if not isinstance(user, self._model):
                raise TypeError(f"new_user returned a {type(user).__name__}, not a {self._model.__name__}.")
            for name, value in values.items():
                if name != "id" or user.id is None:
                    setattr(user, name, value)
            self._db.session.add(user)
            self._db.session.commit()
            return user.id

    def delete(self, user: Any) -> None:
        """Delete an object, and what goes with it."""
        with self._app.app_context():
            self._db.session.delete(self._db.session.merge(user))
            self._db.session.commit()
