"""looking up a case by its slip; closed cases of an item by day

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_on IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "status_guess",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("wrong >= 0", name=op.f("ck_status_guess_wrong")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_status_guess")),
    )
    op.create_index("ix_status_guess_since", "status_guess", ["since"], unique=False)
    op.create_index(
        "ix_case_item_closed",
        "case",
        ["item_id", "closed_on"],
        unique=False,
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_case_item_closed", table_name="case")
    op.drop_index("ix_status_guess_since", table_name="status_guess")
    op.drop_table("status_guess")
