"""leave

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.leave_guards import LEAVE_GUARDS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("from_half", sa.String(length=32), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("to_half", sa.String(length=32), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("destination", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("open_level", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absence_id", sa.Integer(), nullable=True),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("extends_id", sa.Integer(), nullable=True),
        sa.Column("certificate_due_on", sa.Date(), nullable=True),
        sa.Column("certificate_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("halves > 0", name=op.f("ck_leave_request_length")),
        sa.CheckConstraint("to_at > from_at", name=op.f("ck_leave_request_order")),
        sa.ForeignKeyConstraint(["absence_id"], ["absence.id"], name=op.f("fk_leave_request_absence_id")),
        sa.ForeignKeyConstraint(["applicant_id"], ["user.id"], name=op.f("fk_leave_request_applicant_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_leave_request_department_id")),
        sa.ForeignKeyConstraint(["extends_id"], ["leave_request.id"], name=op.f("fk_leave_request_extends_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_request")),
        sa.UniqueConstraint("absence_id", name=op.f("uq_leave_request_absence_id")),
        sa.UniqueConstraint("number", name=op.f("uq_leave_request_number")),
    )
    op.create_index("ix_leave_request_applicant", "leave_request", ["applicant_id", "from_at"], unique=False)
    op.create_index("ix_leave_request_department", "leave_request", ["department_id", "from_at"], unique=False)
    op.create_index("ix_leave_request_from", "leave_request", ["from_at"], unique=False)
    op.create_index(
        "ix_leave_request_open",
        "leave_request",
        ["open_level"],
        unique=False,
        sqlite_where=sa.text("open_level IS NOT NULL"),
        postgresql_where=sa.text("open_level IS NOT NULL"),
    )
    op.create_table(
        "leave_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("filer", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("for_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (verdict IS NULL)",
            name=op.f("ck_leave_step_decided"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_leave_step_decided_by_id")),
        sa.ForeignKeyConstraint(["for_user_id"], ["user.id"], name=op.f("fk_leave_step_for_user_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_leave_step_post_id")),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_step_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_step")),
        sa.UniqueConstraint("request_id", "round", "position", name=op.f("uq_leave_step_request_id_round_position")),
    )
    op.create_table(
        "leave_post",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_leave_post_confirmed")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_leave_post_confirmed_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_leave_post_post_id")),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_post_request_id")),
        sa.PrimaryKeyConstraint("request_id", "post_id", name=op.f("pk_leave_post")),
    )
    op.create_table(
        "leave_service",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("working_since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_leave_service_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_leave_service")),
    )
    op.create_table(
        "leave_allowance",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "carried >= 0 AND (entitled IS NULL OR entitled >= 0)", name=op.f("ck_leave_allowance_amounts")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_leave_allowance_user_id")),
        sa.PrimaryKeyConstraint("user_id", "year", name=op.f("pk_leave_allowance")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, LEAVE_GUARDS):
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, LEAVE_GUARDS):
        op.execute(sa.text(statement))
    for table in ("leave_allowance", "leave_service", "leave_post", "leave_step", "leave_request"):
        op.drop_table(table)
