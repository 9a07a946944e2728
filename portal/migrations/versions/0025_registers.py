"""registers

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.register_guards import REGISTER_GUARDS

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=400), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("keeper", sa.String(length=32), nullable=False),
        sa.Column("rhythm", sa.String(length=32), nullable=False),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Boolean(), nullable=False),
        sa.Column("heads_only", sa.Boolean(), nullable=False),
        sa.Column("agenda", sa.Boolean(), nullable=False),
        sa.Column("passing_on", sa.Boolean(), nullable=False),
        sa.Column("hazards", sa.Boolean(), nullable=False),
        sa.Column("handover", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.Boolean(), nullable=False),
        sa.Column("minutes_least", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Boolean(), nullable=False),
        sa.Column("notes_least", sa.Integer(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "due_day IS NULL OR (rhythm = 'month' AND due_day BETWEEN 1 AND 31)", name=op.f("ck_register_kind_due_day")
        ),
        sa.CheckConstraint("attendance OR NOT (heads_only OR notes)", name=op.f("ck_register_kind_attendance")),
        sa.CheckConstraint(
            "minutes_least IS NULL OR (hours AND minutes_least > 0)", name=op.f("ck_register_kind_minutes")
        ),
        sa.CheckConstraint("notes_least IS NULL OR (notes AND notes_least > 0)", name=op.f("ck_register_kind_notes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_register_kind_code")),
    )
    op.create_table(
        "register_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_register_check_edition")),
        sa.CheckConstraint("half IN (1, 2)", name=op.f("ck_register_check_half")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_register_check_checked_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_register_check_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_check")),
        sa.UniqueConstraint(
            "year", "half", "department_id", "edition", name=op.f("uq_register_check_year_half_department_id_edition")
        ),
    )
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("agenda_month", sa.Date(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("handed_to_id", sa.Integer(), nullable=True),
        sa.Column("handover", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_note", sa.String(length=400), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(length=400), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'struck') = (struck_reason <> '')", name=op.f("ck_register_entry_struck")),
        sa.CheckConstraint("state <> 'draft' OR filed_at IS NULL", name=op.f("ck_register_entry_draft")),
        sa.CheckConstraint("state <> 'filed' OR filed_at IS NOT NULL", name=op.f("ck_register_entry_filed")),
        sa.CheckConstraint("(filed_at IS NULL) = (filed_by_id IS NULL)", name=op.f("ck_register_entry_filed_by")),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_register_entry_minutes")),
        sa.CheckConstraint("taken_at IS NULL OR handed_to_id IS NOT NULL", name=op.f("ck_register_entry_taken")),
        sa.ForeignKeyConstraint(["chair_id"], ["user.id"], name=op.f("fk_register_entry_chair_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_register_entry_department_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_register_entry_filed_by_id")),
        sa.ForeignKeyConstraint(["handed_to_id"], ["user.id"], name=op.f("fk_register_entry_handed_to_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["register_kind.id"], name=op.f("fk_register_entry_kind_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_register_entry_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_register_entry_number")),
    )
    op.create_index("ix_register_entry_department", "register_entry", ["department_id", "held_on"], unique=False)
    op.create_index(
        "ix_register_entry_draft",
        "register_entry",
        ["recorded_by_id"],
        unique=False,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index("ix_register_entry_held", "register_entry", ["held_on", "id"], unique=False)
    op.create_index("ix_register_entry_kind", "register_entry", ["kind_id", "period_on"], unique=False)
    op.create_index(
        "ix_register_entry_untaken",
        "register_entry",
        ["handed_to_id"],
        unique=False,
        sqlite_where=sa.text("handed_to_id IS NOT NULL AND taken_at IS NULL AND state = 'filed'"),
        postgresql_where=sa.text("handed_to_id IS NOT NULL AND taken_at IS NULL AND state = 'filed'"),
    )
    op.create_table(
        "register_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_register_correction_by_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_register_correction_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_correction")),
    )
    op.create_index("ix_register_correction_entry", "register_correction", ["entry_id"], unique=False)
    op.create_table(
        "register_hazard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rectified_by_id", sa.Integer(), nullable=True),
        sa.Column("rectified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rectified", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked", sa.String(length=400), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (rectified_at IS NULL)", name=op.f("ck_register_hazard_rectified")),
        sa.CheckConstraint("state <> 'closed' OR checked_at IS NOT NULL", name=op.f("ck_register_hazard_closed")),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_register_hazard_checked_by")
        ),
        sa.CheckConstraint(
            "(rectified_at IS NULL) = (rectified_by_id IS NULL)", name=op.f("ck_register_hazard_rectified_by")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_register_hazard_checked_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_register_hazard_department_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_register_hazard_entry_id")),
        sa.ForeignKeyConstraint(["found_by_id"], ["user.id"], name=op.f("fk_register_hazard_found_by_id")),
        sa.ForeignKeyConstraint(["rectified_by_id"], ["user.id"], name=op.f("fk_register_hazard_rectified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_hazard")),
        sa.UniqueConstraint("number", name=op.f("uq_register_hazard_number")),
    )
    op.create_index("ix_register_hazard_entry", "register_hazard", ["entry_id"], unique=False)
    op.create_index("ix_register_hazard_found", "register_hazard", ["found_at", "id"], unique=False)
    op.create_index(
        "ix_register_hazard_open",
        "register_hazard",
        ["department_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "register_passing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_by_id", sa.Integer(), nullable=True),
        sa.Column("passed_on", sa.Date(), nullable=True),
        sa.Column("heard", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.CheckConstraint("(passed_at IS NULL) = (passed_by_id IS NULL)", name=op.f("ck_register_passing_passed_by")),
        sa.CheckConstraint("(passed_at IS NULL) = (passed_on IS NULL)", name=op.f("ck_register_passing_passed_on")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_register_passing_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_register_passing_department_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_register_passing_entry_id")),
        sa.ForeignKeyConstraint(["passed_by_id"], ["user.id"], name=op.f("fk_register_passing_passed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_passing")),
        sa.UniqueConstraint("entry_id", "department_id", name=op.f("uq_register_passing_entry_id_department_id")),
    )
    op.create_index(
        "ix_register_passing_open",
        "register_passing",
        ["department_id"],
        unique=False,
        sqlite_where=sa.text("passed_at IS NULL"),
        postgresql_where=sa.text("passed_at IS NULL"),
    )
    op.create_table(
        "register_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("presence", sa.String(length=32), nullable=False),
        sa.Column("absence_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(presence = 'delegated') = (delegate_id IS NOT NULL)", name=op.f("ck_register_presence_delegate")
        ),
        sa.CheckConstraint("presence <> 'absent' OR absence_id IS NULL", name=op.f("ck_register_presence_absent")),
        sa.CheckConstraint(
            "presence <> 'excused' OR absence_id IS NOT NULL OR reason <> ''", name=op.f("ck_register_presence_excused")
        ),
        sa.CheckConstraint("delegate_id IS NULL OR delegate_id <> user_id", name=op.f("ck_register_presence_another")),
        sa.CheckConstraint("notes IS NULL OR notes >= 0", name=op.f("ck_register_presence_notes")),
        sa.ForeignKeyConstraint(["absence_id"], ["absence.id"], name=op.f("fk_register_presence_absence_id")),
        sa.ForeignKeyConstraint(["delegate_id"], ["user.id"], name=op.f("fk_register_presence_delegate_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_register_presence_department_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_register_presence_entry_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_register_presence_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_presence")),
        sa.UniqueConstraint("entry_id", "user_id", name=op.f("uq_register_presence_entry_id_user_id")),
    )
    op.create_index("ix_register_presence_user", "register_presence", ["user_id"], unique=False)
    for statement in guards.triggers(op.get_bind().dialect.name, REGISTER_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, REGISTER_GUARDS):
        op.execute(statement)
    op.drop_table("register_presence")
    op.drop_table("register_passing")
    op.drop_table("register_hazard")
    op.drop_table("register_correction")
    op.drop_table("register_entry")
    op.drop_table("register_check")
    op.drop_table("register_kind")
