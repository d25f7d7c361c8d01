"""Users, and one row for each session."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "renewal_user",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("username", sa.String(150), nullable=False),
        sa.Column("username_key", sa.String(150), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
    )
    op.create_table(
        "renewal_session",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("authenticated_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
        sa.Column("remember", sa.Boolean, nullable=False),
        sa.Column("superseded", sa.String(32)),
        sa.Column("current", sa.String(32)),
        sa.Column("next", sa.String(32), nullable=False),
        sa.Column("rotated_at", _TIME, nullable=False),
        sa.Column("last_used_at", _TIME, nullable=False),
        sa.Column("idle_expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("ended_reason", sa.String(32)),
        sa.Column("device", sa.String(100)),
        sa.Column("user_agent", sa.String(256)),
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
