"""The members of the club, as they were before: whole numbers for ids, e-mail addresses for names."""

from datetime import datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_renewal import Account
from flask_renewal.errors import RegistrationClosedError


class Base(DeclarativeBase):
    """The tables of this application."""


db = SQLAlchemy(model_class=Base)


class Member(Base):
    """Somebody of the club."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    is_treasurer: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[datetime | None]


class Members:
    """What Flask-Renewal asks of users, answered from the table of members."""

    def find(self, user_id: str) -> Account | None:
        return _account(self.load(user_id))

    def find_by_name(self, key: str) -> Account | None:
        return _account(db.session.scalar(select(Member).where(Member.email == key)))

    def add(self, account: Account, *, key: str, now: datetime) -> None:
        raise RegistrationClosedError("Members are added by the treasurer.")

    def set_password_hash(self, user_id: str, password_hash: str) -> None:
        member = self.load(user_id)
        if member is not None:
            member.password_hash = password_hash
            db.session.commit()

    def disable(self, user_id: str, *, now: datetime) -> None:
        member = self.load(user_id)
        if member is not None:
            member.left_at = now
            db.session.commit()

    def load(self, user_id: str) -> Member | None:
        """Return the member: what `current_user` is in the views."""
        return db.session.get(Member, int(user_id))


def _account(member: Member | None) -> Account | None:
    if member is None:
        return None
    return Account(
        id=str(member.id),
        username=member.email,
        password_hash=member.password_hash,
        disabled=member.left_at is not None,
    )
