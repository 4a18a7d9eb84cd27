"""What lies in quarantine, by reason, and what platforms sent that nobody declared.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "quarantine",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("fact", sa.String(64), primary_key=True),
        sa.Column("reason", sa.String(200), primary_key=True),
        sa.Column("column_label", sa.String(200), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("deliveries", sa.Integer, nullable=False),
        sa.Column("first_at", sa.DateTime, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False),
        sa.Column("example_row", sa.Integer),
        sa.Column("example", sa.Text, nullable=False),
        sa.Column("raw_path", sa.String(200), nullable=False),
    )
    op.create_table(
        "drift",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("fact", sa.String(64), primary_key=True),
        sa.Column("field", sa.String(120), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("first_at", sa.DateTime, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("example", sa.String(120), nullable=False),
    )


def downgrade() -> None:
    """Remove both; they are counted again from ledger and raw."""
    op.drop_table("drift")
    op.drop_table("quarantine")
