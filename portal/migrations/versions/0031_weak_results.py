"""weak results

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.weak_guards import WEAK_GUARDS

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weak_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("of_places", sa.Integer(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clue_number", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('improved','failed','withdrawn'))", name=op.f("ck_weak_result_ended")
        ),
        sa.CheckConstraint("(state = 'failed') = (clue_number <> '')", name=op.f("ck_weak_result_followed")),
        sa.CheckConstraint("ended_at IS NULL OR opinion <> ''", name=op.f("ck_weak_result_with_reason")),
        sa.CheckConstraint(
            "state <> 'improved' OR ended_by_id <> answered_by_id", name=op.f("ck_weak_result_checked_by_another")
        ),
        sa.CheckConstraint(
            "state NOT IN ('answered','improved') OR answered_at IS NOT NULL", name=op.f("ck_weak_result_answered")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_weak_result_answered_by")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_weak_result_ended_by")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_weak_result_answered_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_weak_result_department_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_weak_result_ended_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_weak_result_issued_by_id")),
        sa.ForeignKeyConstraint(["result_id"], ["monthly_result.id"], name=op.f("fk_weak_result_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weak_result")),
        sa.UniqueConstraint("department_id", "month", name=op.f("uq_weak_result_department_id_month")),
        sa.UniqueConstraint("number", name=op.f("uq_weak_result_number")),
    )
    op.create_index("ix_weak_result_issued", "weak_result", ["issued_at", "id"], unique=False)
    op.create_index(
        "ix_weak_result_open",
        "weak_result",
        ["due_at", "department_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, WEAK_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, WEAK_GUARDS):
        op.execute(statement)
    op.drop_table("weak_result")
