"""Views of case tables.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.schema import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of views."""
    op.create_table(
        "case_view",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("metric", sa.String(64), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("used_at", Moment, nullable=False),
    )
    op.create_index("case_view_owner", "case_view", ["owner", "metric", "name"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("case_view")
