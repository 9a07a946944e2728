"""inspections, findings, rectification

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.supervision_guards import SUPERVISION_GUARDS

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("manner", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (state <> 'planned')", name=op.f("ck_inspection_plan_closed")),
        sa.CheckConstraint("state <> 'cancelled' OR reason <> ''", name=op.f("ck_inspection_plan_reason")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_inspection_plan_days")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_inspection_plan_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_plan_number")),
    )
    op.create_index("ix_inspection_plan_from", "inspection_plan", ["from_on", "id"], unique=False)
    op.create_index(
        "ix_inspection_plan_planned",
        "inspection_plan",
        ["from_on"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "inspection_plan_department",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_inspection_plan_department_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["inspection_plan.id"], name=op.f("fk_inspection_plan_department_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "department_id", name=op.f("pk_inspection_plan_department")),
    )
    op.create_index(
        "ix_inspection_plan_department_department", "inspection_plan_department", ["department_id"], unique=False
    )
    op.create_table(
        "inspection_plan_member",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["inspection_plan.id"], name=op.f("fk_inspection_plan_member_plan_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_inspection_plan_member_user_id")),
        sa.PrimaryKeyConstraint("plan_id", "user_id", name=op.f("pk_inspection_plan_member")),
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("manner", sa.String(length=32), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inspected_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("fed_back_by_id", sa.Integer(), nullable=True),
        sa.Column("fed_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(fed_back_at IS NOT NULL) = (state <> 'open')", name=op.f("ck_inspection_fed_back")),
        sa.CheckConstraint("(noted_at IS NOT NULL) = (state = 'closed')", name=op.f("ck_inspection_noted")),
        sa.CheckConstraint(
            "noted_by_id IS NULL OR noted_by_id <> fed_back_by_id", name=op.f("ck_inspection_by_another")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_inspection_department_id")),
        sa.ForeignKeyConstraint(["fed_back_by_id"], ["user.id"], name=op.f("fk_inspection_fed_back_by_id")),
        sa.ForeignKeyConstraint(["inspected_by_id"], ["user.id"], name=op.f("fk_inspection_inspected_by_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user.id"], name=op.f("fk_inspection_noted_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["inspection_plan.id"], name=op.f("fk_inspection_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_number")),
    )
    op.create_index("ix_inspection_at", "inspection", ["inspected_at", "id"], unique=False)
    op.create_index("ix_inspection_department", "inspection", ["department_id", "inspected_at"], unique=False)
    op.create_index("ix_inspection_plan_id", "inspection", ["plan_id"], unique=False)
    op.create_index(
        "ix_inspection_running",
        "inspection",
        ["department_id", "state"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "inspection_member",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_member_inspection_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_inspection_member_user_id")),
        sa.PrimaryKeyConstraint("inspection_id", "user_id", name=op.f("pk_inspection_member")),
    )
    op.create_table(
        "inspection_discipline",
        sa.Column("discipline_id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["discipline_id"], ["discipline_finding.id"], name=op.f("fk_inspection_discipline_discipline_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_discipline_inspection_id")
        ),
        sa.PrimaryKeyConstraint("discipline_id", name=op.f("pk_inspection_discipline")),
    )
    op.create_index("ix_inspection_discipline_inspection", "inspection_discipline", ["inspection_id"], unique=False)
    op.create_table(
        "inspection_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unfiled_denial", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("matter", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("comment_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.Column("withdraw_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("withdraw_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NOT NULL) = (state IN ('passed','noted','withdrawn'))",
            name=op.f("ck_inspection_finding_settled"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NOT NULL) = (state = 'withdrawn')", name=op.f("ck_inspection_finding_withdrawn")
        ),
        sa.CheckConstraint(
            "NOT unfiled_denial OR case_id IS NOT NULL OR matter <> ''",
            name=op.f("ck_inspection_finding_denial_of_what"),
        ),
        sa.CheckConstraint(
            "state <> 'noted' OR conclusion <> ''", name=op.f("ck_inspection_finding_noted_with_reason")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR (withdraw_reason <> '' AND withdraw_asked_by_id IS NOT NULL"
            " AND withdrawn_by_id IS NOT NULL AND withdrawn_by_id <> withdraw_asked_by_id)",
            name=op.f("ck_inspection_finding_withdrawn_by_two"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_inspection_finding_case_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_inspection_finding_department_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_finding_inspection_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_inspection_finding_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_inspection_finding_post_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_inspection_finding_recorded_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name=op.f("fk_inspection_finding_settled_by_id")),
        sa.ForeignKeyConstraint(
            ["withdraw_asked_by_id"], ["user.id"], name=op.f("fk_inspection_finding_withdraw_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_inspection_finding_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_finding")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_finding_number")),
    )
    op.create_index(
        "ix_inspection_finding_asked",
        "inspection_finding",
        ["withdraw_asked_at"],
        unique=False,
        sqlite_where=sa.text("withdraw_asked_at IS NOT NULL AND state <> 'withdrawn'"),
        postgresql_where=sa.text("withdraw_asked_at IS NOT NULL AND state <> 'withdrawn'"),
    )
    op.create_index("ix_inspection_finding_at", "inspection_finding", ["found_at", "id"], unique=False)
    op.create_index(
        "ix_inspection_finding_department", "inspection_finding", ["department_id", "found_at"], unique=False
    )
    op.create_index("ix_inspection_finding_inspection", "inspection_finding", ["inspection_id"], unique=False)
    op.create_index(
        "ix_inspection_finding_open",
        "inspection_finding",
        ["department_id", "state"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_inspection_finding_person", "inspection_finding", ["person_id"], unique=False)
    op.create_index("ix_inspection_finding_post", "inspection_finding", ["post_id"], unique=False)
    op.create_table(
        "inspection_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("for_department", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_inspection_comment_by_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["inspection_finding.id"], name=op.f("fk_inspection_comment_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_comment")),
        sa.UniqueConstraint("finding_id", "by_id", name=op.f("uq_inspection_comment_finding_id_by_id")),
    )
    op.create_table(
        "inspection_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_limit", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("red_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("time_limit <> '' OR due_on IS NOT NULL", name=op.f("ck_inspection_order_given_date")),
        sa.CheckConstraint("(passed IS NULL) = (checked_at IS NULL)", name=op.f("ck_inspection_order_checked")),
        sa.CheckConstraint(
            "(reported_at IS NULL) = (reported_by_id IS NULL)", name=op.f("ck_inspection_order_reported")
        ),
        sa.CheckConstraint(
            "checked_at IS NULL OR (reported_at IS NOT NULL AND ended_at IS NOT NULL)",
            name=op.f("ck_inspection_order_ended"),
        ),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR (checked_by_id <> reported_by_id)",
            name=op.f("ck_inspection_order_checked_by_another"),
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_inspection_order_round")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_inspection_order_checked_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_inspection_order_department_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["inspection_finding.id"], name=op.f("fk_inspection_order_finding_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_inspection_order_issued_by_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user.id"], name=op.f("fk_inspection_order_reported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_order")),
        sa.UniqueConstraint("finding_id", "round", name=op.f("uq_inspection_order_finding_id_round")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_order_number")),
    )
    op.create_index("ix_inspection_order_department", "inspection_order", ["department_id", "due_at"], unique=False)
    op.create_index("ix_inspection_order_due", "inspection_order", ["due_at", "id"], unique=False)
    op.create_index(
        "ix_inspection_order_open",
        "inspection_order",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    for statement in guards.triggers(op.get_bind().dialect.name, SUPERVISION_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, SUPERVISION_GUARDS):
        op.execute(statement)

    op.drop_table("inspection_order")
    op.drop_table("inspection_comment")
    op.drop_table("inspection_finding")
    op.drop_table("inspection_discipline")
    op.drop_table("inspection_member")
    op.drop_table("inspection")
    op.drop_table("inspection_plan_member")
    op.drop_table("inspection_plan_department")
    op.drop_table("inspection_plan")
