"""The people, whose accounts are Flask-Renewal's, and their passkeys, which are this application's."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_renewal import Renewal, UserMixin


class Base(DeclarativeBase):
    """The tables of this application."""


db = SQLAlchemy(model_class=Base)


class User(UserMixin, Base):
    """Somebody who has an account."""

    __tablename__ = "user"


class Passkey(Base):
    """What we keep of a passkey: no secret, for that never leaves the device."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(String(1400), primary_key=True)
    """The credential's, in base64url."""
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]


renewal = Renewal(db=db, user_model=User)
