"""Alarms, their events, what is shelved, and what the judge of water levels remembers.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.schema import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the four tables."""
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("drill", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("open_key", sa.String(100), unique=True),
        sa.Column("first_at", Moment, nullable=False),
        sa.Column("observed_at", Moment, nullable=False),
        sa.Column("raised_at", Moment),
        sa.Column("acknowledged_at", Moment),
        sa.Column("acknowledged_by", sa.String(64)),
        sa.Column("cleared_at", Moment),
        sa.Column("until", Moment),
        sa.Column("value", sa.Float),
        sa.Column("value_at", Moment),
        sa.Column("threshold", sa.Float),
        sa.Column("limit_name", sa.String(16), nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("alarms_first", "alarms", ["first_at"])
    op.create_table(
        "alarm_events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("alarm_id", sa.Integer, sa.ForeignKey("alarms.id")),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("by_name", sa.String(64), nullable=False, server_default=""),
        sa.Column("note", sa.String(200), nullable=False, server_default=""),
        sa.Column("rank", sa.Integer),
        sa.Column("value", sa.Float),
        sa.Column("observed_at", Moment),
        sa.Column("received_at", Moment),
        sa.Column("delay_ms", sa.Integer),
    )
    op.create_index("ix_alarm_events_alarm_id", "alarm_events", ["alarm_id"])
    op.create_table(
        "alarm_shelves",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("from_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("by_name", sa.String(64), nullable=False),
    )
    op.create_table(
        "flood_tracks",
        sa.Column("station", sa.String(64), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("flood_tracks", "alarm_shelves", "alarm_events", "alarms"):
        op.drop_table(table)
