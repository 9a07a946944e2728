"""work plans

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.plan_guards import PLAN_GUARDS

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("discussed_by_id", sa.Integer(), nullable=True),
        sa.Column("discussed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("meeting_record", sa.Text(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NOT NULL) = (state IN ('approved','ended'))", name=op.f("ck_work_plan_approved")
        ),
        sa.CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name=op.f("ck_work_plan_ended")),
        sa.CheckConstraint("(submitted_at IS NULL) = (state = 'draft')", name=op.f("ck_work_plan_submitted")),
        sa.CheckConstraint(
            "approved_at IS NULL OR (meeting_on IS NOT NULL AND meeting_record <> '' AND discussed_at IS NOT NULL)",
            name=op.f("ck_work_plan_by_meeting"),
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by_id IS NULL)", name=op.f("ck_work_plan_submitted_by")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> drafted_by_id AND approved_by_id <> submitted_by_id)",
            name=op.f("ck_work_plan_by_another"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_work_plan_approved_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_work_plan_department_id")),
        sa.ForeignKeyConstraint(["discussed_by_id"], ["user.id"], name=op.f("fk_work_plan_discussed_by_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_work_plan_drafted_by_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_work_plan_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan")),
        sa.UniqueConstraint("department_id", "year", name=op.f("uq_work_plan_department_id_year")),
        sa.UniqueConstraint("number", name=op.f("uq_work_plan_number")),
    )
    op.create_index("ix_work_plan_year", "work_plan", ["year", "state"], unique=False)
    op.create_table(
        "work_plan_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("key_task", sa.String(length=120), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('done','cancelled'))", name=op.f("ck_work_plan_item_closed")
        ),
        sa.CheckConstraint(
            "(reported_at IS NOT NULL) = (state IN ('reported','done'))", name=op.f("ck_work_plan_item_reported")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> reported_by_id"
            " AND confirmed_by_id <> person_id)",
            name=op.f("ck_work_plan_item_confirmed_by_another"),
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_work_plan_item_percent")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_work_plan_item_confirmed_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_work_plan_item_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_work_plan_item_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_work_plan_item_plan_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user.id"], name=op.f("fk_work_plan_item_reported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan_item")),
        sa.UniqueConstraint("number", name=op.f("uq_work_plan_item_number")),
    )
    op.create_index("ix_work_plan_item_department", "work_plan_item", ["department_id", "due_at"], unique=False)
    op.create_index(
        "ix_work_plan_item_late",
        "work_plan_item",
        ["late_at"],
        unique=False,
        sqlite_where=sa.text("late_at IS NOT NULL"),
        postgresql_where=sa.text("late_at IS NOT NULL"),
    )
    op.create_index(
        "ix_work_plan_item_open",
        "work_plan_item",
        ["due_at", "department_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('running','reported')"),
        postgresql_where=sa.text("state IN ('running','reported')"),
    )
    op.create_index("ix_work_plan_item_person", "work_plan_item", ["person_id", "due_at"], unique=False)
    op.create_index("ix_work_plan_item_plan", "work_plan_item", ["plan_id", "sort"], unique=False)
    op.create_table(
        "work_plan_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=32), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("opinion_by_id", sa.Integer(), nullable=True),
        sa.Column("opinion_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_by_id", sa.Integer(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.CheckConstraint("(concluded_at IS NULL) = (figures = '')", name=op.f("ck_work_plan_review_frozen")),
        sa.CheckConstraint(
            "concluded_at IS NULL OR (opinion_at IS NOT NULL AND conclusion <> '')",
            name=op.f("ck_work_plan_review_after_opinion"),
        ),
        sa.CheckConstraint(
            "(concluded_at IS NULL) = (concluded_by_id IS NULL)", name=op.f("ck_work_plan_review_concluded_by")
        ),
        sa.CheckConstraint(
            "(opinion_at IS NULL) = (opinion_by_id IS NULL)", name=op.f("ck_work_plan_review_opinion_by")
        ),
        sa.CheckConstraint(
            "(opinion_by_id IS NULL OR opinion_by_id <> filed_by_id)"
            " AND (concluded_by_id IS NULL OR concluded_by_id <> filed_by_id)",
            name=op.f("ck_work_plan_review_by_another"),
        ),
        sa.ForeignKeyConstraint(["concluded_by_id"], ["user.id"], name=op.f("fk_work_plan_review_concluded_by_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_work_plan_review_filed_by_id")),
        sa.ForeignKeyConstraint(["opinion_by_id"], ["user.id"], name=op.f("fk_work_plan_review_opinion_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_work_plan_review_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan_review")),
        sa.UniqueConstraint("plan_id", "term", name=op.f("uq_work_plan_review_plan_id_term")),
    )
    op.create_table(
        "work_plan_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(length=32), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT approved OR (meeting_on IS NOT NULL AND answer <> '')", name=op.f("ck_work_plan_amendment_by_meeting")
        ),
        sa.CheckConstraint("change = 'add' OR item_id IS NOT NULL", name=op.f("ck_work_plan_amendment_of_what")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_work_plan_amendment_reason")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_work_plan_amendment_decided")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_work_plan_amendment_by_another")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_work_plan_amendment_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_work_plan_amendment_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_plan_item.id"], name=op.f("fk_work_plan_amendment_item_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_work_plan_amendment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan_amendment")),
    )
    op.create_index(
        "ix_work_plan_amendment_open",
        "work_plan_amendment",
        ["plan_id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index("ix_work_plan_amendment_plan", "work_plan_amendment", ["plan_id"], unique=False)
    op.create_index(
        "uq_work_plan_amendment_waiting",
        "work_plan_amendment",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "work_plan_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_work_plan_extension_decided")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_work_plan_extension_by_another")
        ),
        sa.CheckConstraint("wanted_on > old_due_on", name=op.f("ck_work_plan_extension_later")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_work_plan_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_work_plan_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_plan_item.id"], name=op.f("fk_work_plan_extension_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan_extension")),
    )
    op.create_index("ix_work_plan_extension_item", "work_plan_extension", ["item_id"], unique=False)
    op.create_index(
        "uq_work_plan_extension_waiting",
        "work_plan_extension",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "work_plan_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_work_plan_progress_percent")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_work_plan_progress_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["work_plan_item.id"], name=op.f("fk_work_plan_progress_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan_progress")),
    )
    op.create_index("ix_work_plan_progress_item", "work_plan_progress", ["item_id"], unique=False)
    for statement in guards.triggers(op.get_bind().dialect.name, PLAN_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, PLAN_GUARDS):
        op.execute(statement)
    op.drop_table("work_plan_progress")
    op.drop_table("work_plan_extension")
    op.drop_table("work_plan_amendment")
    op.drop_table("work_plan_review")
    op.drop_table("work_plan_item")
    op.drop_table("work_plan")
