"""The people of the circle: accounts of Flask-Renewal whose names are e-mail addresses."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Renewal, UserMixin, errors, username_key


class Base(DeclarativeBase):
    """The tables of this application."""


db = SQLAlchemy(model_class=Base)


class User(UserMixin, Base):
    """Somebody of the circle."""

    __tablename__ = "user"


renewal = Renewal(db=db, user_model=User)


def key_of(address: str) -> str | None:
    """Return the form in which an address is compared, however it is typed; ``None`` for what is no address."""
    try:
        return username_key(address) if "@" in address else None
    except errors.InvalidRequestError:
        return None


def user_of(address: str) -> User | None:
    """Return who has this address, unless they may not sign in."""
    return db.session.scalar(select(User).where(User.username_key == key_of(address), User.disabled_at.is_(None)))
