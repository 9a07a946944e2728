"""attendance and findings

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from portal.kernel.db import UtcDateTime
from portal.migrations import guards
from portal.migrations.attendance_guards import ATTENDANCE_GUARDS

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "punch_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punch_layout")),
        sa.UniqueConstraint("signature", name=op.f("uq_punch_layout_signature")),
    )
    op.create_table(
        "attendance_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_attendance_closing_version")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_attendance_closing_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_closing")),
        sa.UniqueConstraint("month", "version", name=op.f("uq_attendance_closing_month_version")),
    )
    op.create_table(
        "attendance_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_attendance_correction_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_attendance_correction_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_attendance_correction_department_id")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_attendance_correction_filed_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_attendance_correction_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_correction")),
        sa.UniqueConstraint("number", name=op.f("uq_attendance_correction_number")),
    )
    op.create_index("ix_attendance_correction_day", "attendance_correction", ["day", "user_id"], unique=False)
    op.create_index(
        "ix_attendance_correction_to_file",
        "attendance_correction",
        ["decided_at"],
        unique=False,
        sqlite_where=sa.text("state = 'approved' AND filed_at IS NULL"),
        postgresql_where=sa.text("state = 'approved' AND filed_at IS NULL"),
    )
    op.create_index("ix_attendance_correction_user", "attendance_correction", ["user_id", "day"], unique=False)
    op.create_index(
        "ix_attendance_correction_waiting",
        "attendance_correction",
        ["department_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "discipline_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("inspected_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_by_id", sa.Integer(), nullable=True),
        sa.Column("concluded_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("tenths >= 0", name=op.f("ck_discipline_finding_tenths")),
        sa.ForeignKeyConstraint(["concluded_by_id"], ["user.id"], name=op.f("fk_discipline_finding_concluded_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_discipline_finding_department_id")),
        sa.ForeignKeyConstraint(["inspected_by_id"], ["user.id"], name=op.f("fk_discipline_finding_inspected_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_discipline_finding_post_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_discipline_finding_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_finding")),
        sa.UniqueConstraint("number", name=op.f("uq_discipline_finding_number")),
    )
    op.create_index("ix_discipline_finding_found", "discipline_finding", ["found_at"], unique=False)
    op.create_index(
        "ix_discipline_finding_open",
        "discipline_finding",
        ["recorded_at"],
        unique=False,
        sqlite_where=sa.text("concluded_at IS NULL"),
        postgresql_where=sa.text("concluded_at IS NULL"),
    )
    op.create_index("ix_discipline_finding_user", "discipline_finding", ["user_id", "found_at"], unique=False)
    op.create_table(
        "punch_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_punch_code_order")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_punch_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punch_code")),
        sa.UniqueConstraint("code", name=op.f("uq_punch_code_code")),
    )
    op.create_index("ix_punch_code_user", "punch_code", ["user_id"], unique=False)
    op.create_table(
        "punch_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("punches", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("departments", sa.Text(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("last_at >= first_at", name=op.f("ck_punch_import_order")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["user.id"], name=op.f("fk_punch_import_imported_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name=op.f("fk_punch_import_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punch_import")),
        sa.UniqueConstraint("number", name=op.f("uq_punch_import_number")),
    )
    op.create_index("ix_punch_import_days", "punch_import", ["last_at", "first_at"], unique=False)
    op.create_index("ix_punch_import_sha256", "punch_import", ["sha256"], unique=False)
    op.create_table(
        "punch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["punch_import.id"], name=op.f("fk_punch_import_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_punch_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punch")),
        sa.UniqueConstraint("import_id", "user_id", "at", name=op.f("uq_punch_import_id_user_id_at")),
    )
    op.create_index("ix_punch_at", "punch", ["at", "user_id"], unique=False)
    op.create_index("ix_punch_user", "punch", ["user_id", "at"], unique=False)
    for statement in guards.triggers(op.get_bind().dialect.name, ATTENDANCE_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, ATTENDANCE_GUARDS):
        op.execute(statement)
    for table in (
        "discipline_finding",
        "attendance_closing",
        "attendance_correction",
        "punch",
        "punch_import",
        "punch_layout",
        "punch_code",
    ):
        op.drop_table(table)
