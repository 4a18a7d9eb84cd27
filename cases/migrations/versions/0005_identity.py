"""Whose rows an account may read, its second factor, and logins that are half done.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table of half-done logins."""
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("units", sa.Text, nullable=False, server_default="[]"))
        users.add_column(sa.Column("villages", sa.Text, nullable=False, server_default="[]"))
        users.add_column(
            sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false())
        )
        users.add_column(sa.Column("login_by", sa.String(16), nullable=False, server_default="own"))
        users.add_column(sa.Column("subject", sa.String(200)))
        users.add_column(sa.Column("totp_sealed", sa.LargeBinary))
        users.add_column(sa.Column("totp_step", sa.Integer, nullable=False, server_default="0"))
        users.add_column(sa.Column("recovery", sa.Text, nullable=False, server_default="[]"))
        users.create_unique_constraint("users_subject", ["subject"])
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(sa.Column("units", sa.Text, nullable=False, server_default="[]"))
        tokens.add_column(sa.Column("villages", sa.Text, nullable=False, server_default="[]"))
    op.create_table(
        "half_logins",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )
    op.create_index("audit_event_at", "audit", ["event", "at"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("audit_event_at", "audit")
    op.drop_table("half_logins")
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_column("villages")
        tokens.drop_column("units")
    with op.batch_alter_table("users") as users:
        users.drop_constraint("users_subject", type_="unique")
        for name in ("recovery", "totp_step", "totp_sealed", "subject", "login_by",
                     "must_change", "villages", "units"):  # fmt: skip
            users.drop_column(name)
