"""A single reading past a higher limit, beside the alarm that is on.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("alarms") as alarms:
        alarms.add_column(sa.Column("pending_rank", sa.Integer))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("alarms") as alarms:
        alarms.drop_column("pending_rank")
