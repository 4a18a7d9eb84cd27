"""Screens of the wall, their keys, and the codes of new ones.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cases.schema import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "pairings",
        sa.Column("public_key", sa.String(120), primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("public_key", sa.String(120), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False, server_default=""),
        sa.Column("output", sa.Integer),
        sa.Column("scenes", sa.Text, nullable=False, server_default="[]"),
        sa.Column("addresses", sa.Text, nullable=False, server_default="[]"),
        sa.Column("paired_at", Moment, nullable=False),
        sa.Column("paired_by", sa.String(64), nullable=False),
        sa.Column("seen_at", Moment),
        sa.Column("seen_from", sa.String(64), nullable=False, server_default=""),
        sa.Column("agent", sa.String(200), nullable=False, server_default=""),
        sa.Column("revoked_at", Moment),
        sa.Column("copied_at", Moment),
        sa.Column("health", sa.Text, nullable=False, server_default="{}"),
        sa.Column("health_at", Moment),
    )
    op.create_table(
        "device_keys",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("device_id", sa.Integer, sa.ForeignKey("devices.id"), nullable=False),
        sa.Column("issued_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.Column("over_at", Moment),
    )
    op.create_index("ix_device_keys_device_id", "device_keys", ["device_id"])


def downgrade() -> None:
    """Take them away again."""
    for name in ("device_keys", "devices", "pairings"):
        op.drop_table(name)
