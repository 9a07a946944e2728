"""pauses and extensions of a clock, tacit consent

Revision ID: 0007
Revises: 0006
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.clock_guards import CLOCK_GUARDS

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _case() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("stopped_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("statutory_extended_days", sa.Integer(), server_default="0", nullable=False),
    )


def _pause() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=32), nullable=True),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statutory_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statutory_after", sa.DateTime(timezone=True), nullable=True),
    )


def upgrade() -> None:
    for table, columns in (("case", _case()), ("case_pause", _pause())):
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "ix_case_pause_cap",
        "case_pause",
        ["until_at"],
        unique=False,
        sqlite_where=sa.text("to_at IS NULL AND until_at IS NOT NULL"),
        postgresql_where=sa.text("to_at IS NULL AND until_at IS NOT NULL"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, CLOCK_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, CLOCK_GUARDS):
        op.execute(statement)
    op.drop_index(
        "ix_case_pause_cap",
        table_name="case_pause",
        sqlite_where=sa.text("to_at IS NULL AND until_at IS NOT NULL"),
        postgresql_where=sa.text("to_at IS NULL AND until_at IS NOT NULL"),
    )
    for table, columns in (("case_pause", _pause()), ("case", _case())):
        for column in reversed(columns):
            op.drop_column(table, column.name)
