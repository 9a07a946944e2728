"""changes of the calendar with their preview, service days of departments, supervision cards

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.calendar_guards import CALENDAR_GUARDS

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_VALID = sa.text("case_id IS NOT NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "calendar_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_draft")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_draft_token")),
    )
    op.create_index("ix_calendar_draft_made", "calendar_draft", ["made_at"], unique=False)
    op.create_table(
        "service_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name=op.f("ck_service_day_weekday")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_service_day_order")),
        sa.CheckConstraint("weekday IS NOT NULL OR until_on = from_on", name=op.f("ck_service_day_one_date")),
        sa.CheckConstraint("open OR hours = ''", name=op.f("ck_service_day_closed_all_day")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_service_day_department_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user.id"], name=op.f("fk_service_day_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_day")),
    )
    op.create_index("ix_service_day_department", "service_day", ["department_id", "from_on"], unique=False)
    op.create_table(
        "supervision_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=8), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=200), nullable=False),
        sa.Column("time_limit", sa.String(length=120), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("mind", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("complaint", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_supervision_card_withdrawn")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_supervision_card_case_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_supervision_card_department_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_supervision_card_issued_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_supervision_card_post_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_supervision_card_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_card")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_card_number")),
    )
    op.create_index("ix_supervision_card_case", "supervision_card", ["case_id"], unique=False)
    op.create_index("ix_supervision_card_department", "supervision_card", ["department_id", "issued_at"], unique=False)
    op.create_index("ix_supervision_card_issued", "supervision_card", ["issued_at"], unique=False)
    op.create_index(
        "uq_supervision_card_case",
        "supervision_card",
        ["case_id"],
        unique=True,
        sqlite_where=_VALID,
        postgresql_where=_VALID,
    )
    for statement in guards.triggers(op.get_bind().dialect.name, CALENDAR_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, CALENDAR_GUARDS):
        op.execute(statement)
    op.drop_index(
        "uq_supervision_card_case", table_name="supervision_card", sqlite_where=_VALID, postgresql_where=_VALID
    )
    op.drop_index("ix_supervision_card_issued", table_name="supervision_card")
    op.drop_index("ix_supervision_card_department", table_name="supervision_card")
    op.drop_index("ix_supervision_card_case", table_name="supervision_card")
    op.drop_table("supervision_card")
    op.drop_index("ix_service_day_department", table_name="service_day")
    op.drop_table("service_day")
    op.drop_index("ix_calendar_draft_made", table_name="calendar_draft")
    op.drop_table("calendar_draft")
