"""notices, appointments

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.openness_guards import OPENNESS_GUARDS

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "appointment_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("guess", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_submission")),
    )
    op.create_index(
        "ix_appointment_submission_address", "appointment_submission", ["address", "guess", "at"], unique=False
    )
    op.create_table(
        "appointment_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_appointment_slot_capacity")),
        sa.CheckConstraint("to_at > from_at", name=op.f("ck_appointment_slot_order")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_appointment_slot_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_slot")),
        sa.UniqueConstraint("department_id", "from_at", name=op.f("uq_appointment_slot_department_id_from_at")),
    )
    op.create_table(
        "appointment_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("only_on", sa.Date(), nullable=True),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(weekday IS NULL) = (only_on IS NOT NULL)", name=op.f("ck_appointment_hours_day")),
        sa.CheckConstraint(
            "from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440",
            name=op.f("ck_appointment_hours_order"),
        ),
        sa.CheckConstraint("minutes > 0 AND capacity > 0", name=op.f("ck_appointment_hours_amounts")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_appointment_hours_department_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_appointment_hours_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_hours")),
    )
    op.create_index("ix_appointment_hours_department", "appointment_hours", ["department_id"], unique=False)
    op.create_table(
        "openness_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name=op.f("ck_openness_duty_ended")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_openness_duty_department_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_openness_duty_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openness_duty")),
        sa.UniqueConstraint("year", "department_id", "title", name=op.f("uq_openness_duty_year_department_id_title")),
    )
    op.create_index("ix_openness_duty_year", "openness_duty", ["year", "department_id"], unique=False)
    op.create_table(
        "openness_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("publish_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("open_state", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdraw_reason = '')",
            name=op.f("ck_openness_notice_withdrawn"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR open_state IS NULL", name=op.f("ck_openness_notice_withdrawn_is_final")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_openness_notice_department_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_openness_notice_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openness_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_openness_notice_number")),
    )
    op.create_index("ix_openness_notice_department", "openness_notice", ["department_id", "publish_on"], unique=False)
    op.create_index(
        "ix_openness_notice_open",
        "openness_notice",
        ["open_state"],
        unique=False,
        sqlite_where=sa.text("open_state IS NOT NULL"),
        postgresql_where=sa.text("open_state IS NOT NULL"),
    )
    op.create_index("ix_openness_notice_publish", "openness_notice", ["publish_on"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("wish", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('declined','cancelled','came','missed'))",
            name=op.f("ck_appointment_closed"),
        ),
        sa.CheckConstraint("from_at IS NOT NULL OR wish <> ''", name=op.f("ck_appointment_wished")),
        sa.CheckConstraint("state <> 'declined' OR answer <> ''", name=op.f("ck_appointment_declined_with_reason")),
        sa.CheckConstraint(
            "state NOT IN ('confirmed','came','missed') OR (from_at IS NOT NULL AND post_id IS NOT NULL)",
            name=op.f("ck_appointment_confirmed"),
        ),
        sa.CheckConstraint(
            "(from_at IS NULL) = (to_at IS NULL) AND (from_at IS NULL OR to_at > from_at)",
            name=op.f("ck_appointment_time"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_appointment_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_appointment_asked_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_appointment_department_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_appointment_item_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_appointment_post_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["appointment_slot.id"], name=op.f("fk_appointment_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("form_key", name=op.f("uq_appointment_form_key")),
        sa.UniqueConstraint("number", name=op.f("uq_appointment_number")),
    )
    op.create_index("ix_appointment_asked", "appointment", ["asked_at"], unique=False)
    op.create_index("ix_appointment_department", "appointment", ["department_id", "asked_at"], unique=False)
    op.create_index(
        "ix_appointment_due",
        "appointment",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index("ix_appointment_from", "appointment", ["from_at", "department_id"], unique=False)
    op.create_index(
        "ix_appointment_open",
        "appointment",
        ["department_id", "from_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "openness_fulfilment",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["openness_duty.id"], name=op.f("fk_openness_fulfilment_duty_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["openness_notice.id"], name=op.f("fk_openness_fulfilment_notice_id")),
        sa.PrimaryKeyConstraint("duty_id", "due_on", name=op.f("pk_openness_fulfilment")),
    )
    op.create_index("ix_openness_fulfilment_notice", "openness_fulfilment", ["notice_id"], unique=False)
    op.create_table(
        "openness_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("change", sa.String(length=200), nullable=False),
        sa.Column("publish_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_level", sa.String(length=32), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("duty_due_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(open_level IS NOT NULL) = (state = 'waiting')", name=op.f("ck_openness_version_waiting")),
        sa.CheckConstraint("(duty_id IS NULL) = (duty_due_on IS NULL)", name=op.f("ck_openness_version_duty")),
        sa.CheckConstraint(
            "until_on IS NULL OR publish_on IS NULL OR until_on >= publish_on", name=op.f("ck_openness_version_days")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_openness_version_author_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_openness_version_decided_by_id")),
        sa.ForeignKeyConstraint(["duty_id"], ["openness_duty.id"], name=op.f("fk_openness_version_duty_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["openness_notice.id"], name=op.f("fk_openness_version_notice_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_openness_version_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openness_version")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_openness_version_notice_id_number")),
    )
    op.create_index(
        "ix_openness_version_open",
        "openness_version",
        ["notice_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft','waiting','returned')"),
        postgresql_where=sa.text("state IN ('draft','waiting','returned')"),
    )
    op.create_table(
        "openness_file",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_openness_file_attachment_id")),
        sa.ForeignKeyConstraint(["version_id"], ["openness_version.id"], name=op.f("fk_openness_file_version_id")),
        sa.PrimaryKeyConstraint("version_id", "attachment_id", name=op.f("pk_openness_file")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, OPENNESS_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, OPENNESS_GUARDS):
        op.execute(statement)

    op.drop_table("openness_file")
    op.drop_index(
        "ix_openness_version_open",
        table_name="openness_version",
        sqlite_where=sa.text("state IN ('draft','waiting','returned')"),
        postgresql_where=sa.text("state IN ('draft','waiting','returned')"),
    )
    op.drop_table("openness_version")
    op.drop_index("ix_openness_fulfilment_notice", table_name="openness_fulfilment")
    op.drop_table("openness_fulfilment")
    op.drop_index(
        "ix_appointment_open",
        table_name="appointment",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_appointment_from", table_name="appointment")
    op.drop_index(
        "ix_appointment_due",
        table_name="appointment",
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.drop_index("ix_appointment_department", table_name="appointment")
    op.drop_index("ix_appointment_asked", table_name="appointment")
    op.drop_table("appointment")
    op.drop_index("ix_openness_notice_publish", table_name="openness_notice")
    op.drop_index(
        "ix_openness_notice_open",
        table_name="openness_notice",
        sqlite_where=sa.text("open_state IS NOT NULL"),
        postgresql_where=sa.text("open_state IS NOT NULL"),
    )
    op.drop_index("ix_openness_notice_department", table_name="openness_notice")
    op.drop_table("openness_notice")
    op.drop_index("ix_openness_duty_year", table_name="openness_duty")
    op.drop_table("openness_duty")
    op.drop_index("ix_appointment_hours_department", table_name="appointment_hours")
    op.drop_table("appointment_hours")
    op.drop_table("appointment_slot")
    op.drop_index("ix_appointment_submission_address", table_name="appointment_submission")
    op.drop_table("appointment_submission")
