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


def _told(table: str) -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    return (
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_how", sa.String(length=32), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(told_on IS NULL) = (told_how IS NULL)", name=op.f(f"ck_{table}_told")),
        sa.ForeignKeyConstraint(["told_by_id"], ["user.id"], name=op.f(f"fk_{table}_told_by_id")),
    )


def _partial(name: str, table: str, where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, ["case_id"], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _tables() -> None:
    op.create_table(
        "special_procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("pause_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("agency", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_by_id", sa.Integer(), nullable=True),
        *_told("special_procedure"),
        sa.CheckConstraint("(result_at IS NULL) = (result_by_id IS NULL)", name=op.f("ck_special_procedure_result")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_special_procedure_case_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_special_procedure_department_id")),
        sa.ForeignKeyConstraint(["pause_id"], ["case_pause.id"], name=op.f("fk_special_procedure_pause_id")),
        sa.ForeignKeyConstraint(["result_by_id"], ["user.id"], name=op.f("fk_special_procedure_result_by_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_special_procedure_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_procedure")),
        sa.UniqueConstraint("number", name=op.f("uq_special_procedure_number")),
        sa.UniqueConstraint("pause_id", name=op.f("uq_special_procedure_pause_id")),
    )
    op.create_index("ix_special_procedure_case", "special_procedure", ["case_id"], unique=False)
    op.create_index("ix_special_procedure_started", "special_procedure", ["started_at"], unique=False)
    _partial("ix_special_procedure_open", "special_procedure", "result_at IS NULL")
    op.create_table(
        "case_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("old_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_statutory_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statutory_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        *_told("case_extension"),
        sa.CheckConstraint("days > 0", name=op.f("ck_case_extension_days")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_case_extension_by_another")
        ),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_case_extension_decided")),
        sa.CheckConstraint(
            "(state IN ('granted','refused')) = (decided_by_id IS NOT NULL)", name=op.f("ck_case_extension_decider")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_case_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_extension_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_case_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_case_extension_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_extension")),
        sa.UniqueConstraint("number", name=op.f("uq_case_extension_number")),
    )
    op.create_index("ix_case_extension_case", "case_extension", ["case_id"], unique=False)
    op.create_index("ix_case_extension_asked", "case_extension", ["asked_at"], unique=False)
    _partial("ix_case_extension_waiting", "case_extension", "state = 'waiting'", unique=True)
    _partial("ix_case_extension_once", "case_extension", "state = 'granted'", unique=True)
    op.create_table(
        "closing_notice",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=12), nullable=False),
        sa.Column("collect", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        *_told("closing_notice"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_closing_notice_case_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_closing_notice_issued_by_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_closing_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_closing_notice_number")),
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
    _tables()
    for statement in guards.triggers(op.get_bind().dialect.name, CLOCK_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, CLOCK_GUARDS):
        op.execute(statement)
    op.drop_table("closing_notice")
    op.drop_table("case_extension")
    op.drop_table("special_procedure")
    op.drop_index(
        "ix_case_pause_cap",
        table_name="case_pause",
        sqlite_where=sa.text("to_at IS NULL AND until_at IS NOT NULL"),
        postgresql_where=sa.text("to_at IS NULL AND until_at IS NOT NULL"),
    )
    for table, columns in (("case_pause", _pause()), ("case", _case())):
        for column in reversed(columns):
            op.drop_column(table, column.name)
