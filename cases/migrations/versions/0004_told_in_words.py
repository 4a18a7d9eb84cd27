"""Kinds of faults, rows in quarantine in the daily comparison, damaged raw files.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("runs", sa.Column("fault", sa.String(32)))
    op.add_column("health", sa.Column("fault", sa.String(32)))
    count = sa.Column("quarantined", sa.Integer, nullable=False, server_default="0")
    op.add_column("reconciliation", count)
    op.create_table(
        "damage",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("path", sa.String(200), primary_key=True),
        sa.Column("found_at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("rescued", sa.Integer, nullable=False),
        sa.Column("settled_at", sa.DateTime),
        sa.Column("settled", sa.String(16)),
        sa.Column("note", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("damage")
    op.drop_column("reconciliation", "quarantined")
    op.drop_column("health", "fault")
    op.drop_column("runs", "fault")
