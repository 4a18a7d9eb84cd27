"""Who wanted which scene on the wall.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.schema import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of choices."""
    op.create_table(
        "wall_choice",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("scene", sa.String(64)),
        sa.Column("scene_until", Moment),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("visitors_until", Moment),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("wall_choice")
