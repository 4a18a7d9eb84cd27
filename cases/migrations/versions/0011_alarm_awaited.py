"""Posts that must take notice of an alarm, teams to be sent, 误报 that waits for a second person.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.schema import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns; what is on already waits for nobody."""
    op.create_table(
        "alarm_awaited",
        sa.Column("alarm_id", sa.Integer, sa.ForeignKey("alarms.id"), primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("at", Moment),
        sa.Column("by_name", sa.String(64), nullable=False, server_default=""),
        sa.Column("note", sa.String(200), nullable=False, server_default=""),
    )
    with op.batch_alter_table("alarms") as alarms:
        alarms.add_column(sa.Column("false_by", sa.String(64)))
        alarms.add_column(sa.Column("false_at", Moment))
        alarms.add_column(
            sa.Column("false_reason", sa.String(200), nullable=False, server_default="")
        )


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("alarms") as alarms:
        for name in ("false_reason", "false_at", "false_by"):
            alarms.drop_column(name)
    op.drop_table("alarm_awaited")
