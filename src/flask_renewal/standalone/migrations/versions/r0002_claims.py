"""The claims of a session."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_EXACT = mysql.VARCHAR(1024, charset="utf8mb4", collation="utf8mb4_bin")


def upgrade() -> None:
    """Add the column; sessions go on without claims."""
    op.add_column("renewal_session", sa.Column("claims", sa.String(1024).with_variant(_EXACT, "mysql", "mariadb")))


def downgrade() -> None:
    """Drop the column, and the claims."""
    op.drop_column("renewal_session", "claims")
