"""The event that calls for somebody: what is heard is known by it, not by the rank alone.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was raised already it is the last raise or rise."""
    with op.batch_alter_table("alarms") as alarms:
        alarms.add_column(sa.Column("called_by", sa.Integer))
    op.execute(
        "UPDATE alarms SET called_by = (SELECT max(e.id) FROM alarm_events e"
        " WHERE e.alarm_id = alarms.id AND e.kind IN ('raised', 'rank_up'))"
        " WHERE open_key IS NOT NULL"
    )


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("alarms") as alarms:
        alarms.drop_column("called_by")
