"""message cards, training, reports on duty

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.card_guards import CARD_GUARDS

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_submission")),
    )
    op.create_index("ix_card_submission_address", "card_submission", ["address", "at"], unique=False)
    op.create_index("ix_card_submission_department", "card_submission", ["department_id", "at"], unique=False)
    op.create_table(
        "department_outing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("back_at > from_at", name=op.f("ck_department_outing_order")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_department_outing_department_id")),
        sa.ForeignKeyConstraint(["marked_by_id"], ["user.id"], name=op.f("fk_department_outing_marked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_outing")),
    )
    op.create_index("ix_department_outing_back", "department_outing", ["back_at"], unique=False)
    op.create_index("ix_department_outing_department", "department_outing", ["department_id", "back_at"], unique=False)
    op.create_table(
        "duty_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("report_by", sa.Date(), nullable=False),
        sa.Column("assess_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("assess_by >= report_by", name=op.f("ck_duty_round_order")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_duty_round_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_round")),
        sa.UniqueConstraint("year", name=op.f("uq_duty_round_year")),
    )
    op.create_index(
        "ix_duty_round_open",
        "duty_round",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "training_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("trainee_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("trainer", sa.String(length=60), nullable=False),
        sa.Column("planned_by", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_training_plan_confirmed")
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_training_plan_one_end")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> trainee_id", name=op.f("ck_training_plan_not_oneself")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_training_plan_confirmed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_training_plan_made_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_training_plan_post_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["user.id"], name=op.f("fk_training_plan_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan")),
    )
    op.create_index(
        "ix_training_plan_open",
        "training_plan",
        ["post_id", "planned_by"],
        unique=False,
        sqlite_where=sa.text("confirmed_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_index("ix_training_plan_planned", "training_plan", ["planned_by"], unique=False)
    op.create_index("ix_training_plan_trainee", "training_plan", ["trainee_id"], unique=False)
    op.create_table(
        "card_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("outing_id", sa.Integer(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("preferred", sa.String(length=120), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("taken_as", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_card_message_answered")),
        sa.CheckConstraint("(answered_at IS NULL) = (how IS NULL)", name=op.f("ck_card_message_how")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_card_message_answered_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_card_message_department_id")),
        sa.ForeignKeyConstraint(["outing_id"], ["department_outing.id"], name=op.f("fk_card_message_outing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_message")),
        sa.UniqueConstraint("form_key", name=op.f("uq_card_message_form_key")),
        sa.UniqueConstraint("number", name=op.f("uq_card_message_number")),
    )
    op.create_index("ix_card_message_department", "card_message", ["department_id", "left_at"], unique=False)
    op.create_index("ix_card_message_left", "card_message", ["left_at"], unique=False)
    op.create_index(
        "ix_card_message_open",
        "card_message",
        ["due_at", "department_id"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "duty_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_duty_report_post_id")),
        sa.ForeignKeyConstraint(["round_id"], ["duty_round.id"], name=op.f("fk_duty_report_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_duty_report_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_report")),
        sa.UniqueConstraint("round_id", "user_id", name=op.f("uq_duty_report_round_id_user_id")),
    )
    op.create_index("ix_duty_report_user", "duty_report", ["user_id"], unique=False)
    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("trainer", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_training_session_minutes")),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plan.id"], name=op.f("fk_training_session_plan_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_training_session_post_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_training_session_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    op.create_index("ix_training_session_held", "training_session", ["held_on"], unique=False)
    op.create_index("ix_training_session_plan", "training_session", ["plan_id"], unique=False)
    op.create_index("ix_training_session_post", "training_session", ["post_id", "held_on"], unique=False)
    op.create_table(
        "duty_assessment",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["duty_report.id"], name=op.f("fk_duty_assessment_report_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_duty_assessment")),
    )
    op.create_index("ix_duty_assessment_report", "duty_assessment", ["report_id", "grade"], unique=False)
    op.create_table(
        "duty_assessor",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["duty_report.id"], name=op.f("fk_duty_assessor_report_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_duty_assessor_user_id")),
        sa.PrimaryKeyConstraint("report_id", "user_id", name=op.f("pk_duty_assessor")),
    )
    op.create_index("ix_duty_assessor_user", "duty_assessor", ["user_id"], unique=False)
    op.create_table(
        "training_attendee",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_training_attendee_session_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_training_attendee_user_id")),
        sa.PrimaryKeyConstraint("session_id", "user_id", name=op.f("pk_training_attendee")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, CARD_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, CARD_GUARDS):
        op.execute(statement)
    op.drop_table("training_attendee")
    op.drop_index("ix_duty_assessor_user", table_name="duty_assessor")
    op.drop_table("duty_assessor")
    op.drop_index("ix_duty_assessment_report", table_name="duty_assessment")
    op.drop_table("duty_assessment")
    op.drop_index("ix_training_session_post", table_name="training_session")
    op.drop_index("ix_training_session_plan", table_name="training_session")
    op.drop_index("ix_training_session_held", table_name="training_session")
    op.drop_table("training_session")
    op.drop_index("ix_duty_report_user", table_name="duty_report")
    op.drop_table("duty_report")
    op.drop_index(
        "ix_card_message_open",
        table_name="card_message",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index("ix_card_message_left", table_name="card_message")
    op.drop_index("ix_card_message_department", table_name="card_message")
    op.drop_table("card_message")
    op.drop_index("ix_training_plan_trainee", table_name="training_plan")
    op.drop_index("ix_training_plan_planned", table_name="training_plan")
    op.drop_index(
        "ix_training_plan_open",
        table_name="training_plan",
        sqlite_where=sa.text("confirmed_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL AND cancelled_at IS NULL"),
    )
    op.drop_table("training_plan")
    op.drop_index(
        "ix_duty_round_open",
        table_name="duty_round",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_table("duty_round")
    op.drop_index("ix_department_outing_department", table_name="department_outing")
    op.drop_index("ix_department_outing_back", table_name="department_outing")
    op.drop_table("department_outing")
    op.drop_index("ix_card_submission_department", table_name="card_submission")
    op.drop_index("ix_card_submission_address", table_name="card_submission")
    op.drop_table("card_submission")
