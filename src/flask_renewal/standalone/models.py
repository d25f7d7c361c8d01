"""The standalone application's database and its users."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase

from ..identity.users.sql import UserMixin


class Base(DeclarativeBase):
    """The standalone application's tables."""


db = SQLAlchemy(model_class=Base)


class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    """Somebody who may sign in."""

    __tablename__ = "renewal_user"
