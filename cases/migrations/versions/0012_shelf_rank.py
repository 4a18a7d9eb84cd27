"""The rank that was shelved: an alarm above it ends the shelf.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. What is shelved with a Ⅳ on was put aside as a Ⅳ; an alarm that has risen to
    Ⅰ or Ⅱ since stands above its shelf and is told.
    """
    with op.batch_alter_table("alarm_shelves") as shelves:
        shelves.add_column(sa.Column("rank", sa.Integer, nullable=False, server_default="3"))
    op.execute(
        "UPDATE alarm_shelves SET rank = 4 WHERE EXISTS (SELECT 1 FROM alarms WHERE rank = 4"
        " AND open_key = alarm_shelves.kind || ':' || alarm_shelves.subject)"
    )


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("alarm_shelves") as shelves:
        shelves.drop_column("rank")
