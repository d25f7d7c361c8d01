"""The members of the club: whole numbers for ids, e-mail addresses for names.

As they were before, but for two columns: the form in which addresses are compared, and since when somebody is a member.
"""

from collections.abc import Iterator
from datetime import datetime, timezone

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from flask_renewal import Account, errors, username_key


class Base(DeclarativeBase):
    """The tables of this application."""


db = SQLAlchemy(model_class=Base)


class Member(Base):
    """Somebody of the club."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)  # adopted: however an address is typed, it is one member's
    password_hash: Mapped[str]
    is_treasurer: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(timezone.utc))  # adopted
    left_at: Mapped[datetime | None]

    @validates("email")
    def note_key(self, _: str, email: str) -> str:
        self.email_key = username_key(email)
        return email


class Members:
    """What Flask-Renewal asks of users, answered from the table of members."""

    def find(self, user_id: str) -> Account | None:
        return _account(db.session.get(Member, int(user_id), populate_existing=True))

    def find_by_name(self, key: str) -> Account | None:
        return _account(db.session.scalar(select(Member).where(Member.email_key == key)))

    def add(self, account: Account, *, key: str, now: datetime) -> Account:
        raise errors.RegistrationClosedError("Members are added by the treasurer.")

    def delete(self, user_id: str) -> None:
        db.session.execute(delete(Member).where(Member.id == int(user_id)))
        db.session.commit()

    def set_password_hash(self, user_id: str, password_hash: str, *, read: str) -> bool:
        unchanged = update(Member).where(Member.id == int(user_id), Member.password_hash == read)
        done = db.session.execute(unchanged.values(password_hash=password_hash).returning(Member.id)).all()
        db.session.commit()
        return bool(done)

    def disable(self, user_id: str, *, now: datetime) -> None:
        member = self.load(user_id)
        if member is not None:
            member.left_at = now
            db.session.commit()

    def enable(self, user_id: str) -> None:
        member = self.load(user_id)
        if member is not None:
            member.left_at = None
            db.session.commit()

    def list(self) -> Iterator[Account]:
        return map(
            _account_of, db.session.scalars(select(Member).order_by(Member.email_key).execution_options(yield_per=1000))
        )

    def load(self, user_id: str) -> Member | None:
        """Return the member: what `current_user` is in the views."""
        return db.session.get(Member, int(user_id))


def _account(member: Member | None) -> Account | None:
    return None if member is None else _account_of(member)


def _account_of(member: Member) -> Account:
    return Account(
        id=str(member.id),
        username=member.email,
        password_hash=member.password_hash,
        disabled=member.left_at is not None,
        created_at=member.joined_at,
    )
