"""Users, and one row for each session."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def _text(length: int) -> sa.String:
    exact = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(exact, "mysql", "mariadb")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "renewal_user",
        sa.Column("id", _text(32), primary_key=True),
        sa.Column("username", _text(150), nullable=False),
        sa.Column("username_key", _text(150), nullable=False, unique=True),
        sa.Column("password_hash", _text(256), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
    )
    op.create_table(
        "renewal_session",
        sa.Column("id", _text(32), primary_key=True),
        sa.Column("user_id", _text(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("authenticated_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
        sa.Column("remember", sa.Boolean, nullable=False),
        sa.Column("superseded", _text(32)),
        sa.Column("current", _text(32)),
        sa.Column("next", _text(32), nullable=False),
        sa.Column("rotated_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME, nullable=False),
        sa.Column("idle_expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("ended_reason", _text(32)),
        sa.Column("device", _text(100)),
        sa.Column("user_agent", _text(256)),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE renewal_session SET (fillfactor = 80)")  # SQLAlchemy 2.0 has no word for it
    op.create_index("ix_renewal_session_user_id", "renewal_session", ["user_id"])
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index(
        "ix_renewal_session_ended_at", "renewal_session", ["ended_at"], postgresql_where=ended, sqlite_where=ended
    )


def downgrade() -> None:
    """Drop the tables, and all that is in them."""
    op.drop_table("renewal_session")
    op.drop_table("renewal_user")
