"""Decisions on the flood response.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.schema import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of decisions."""
    op.create_table(
        "flood_responses",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("basis", sa.String(100), nullable=False),
        sa.Column("by_name", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("flood_responses")
