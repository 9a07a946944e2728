"""surveys, client meetings

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.survey_guards import SURVEY_GUARDS

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_count",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "day", "subject", name=op.f("pk_survey_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "client_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("participants > 0", name=op.f("ck_client_meeting_participants")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_client_meeting_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_meeting")),
        sa.UniqueConstraint("number", name=op.f("uq_client_meeting_number")),
    )
    op.create_index("ix_client_meeting_held", "client_meeting", ["held_on"], unique=False)
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=True),
        sa.Column("least_group", sa.Integer(), nullable=True),
        sa.Column("drop_extremes", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("close_reason", sa.String(length=200), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("codes_issued", sa.Integer(), nullable=False),
        sa.Column("codes_void", sa.Integer(), nullable=False),
        sa.Column("results_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_published_by_id", sa.Integer(), nullable=True),
        sa.Column("results_note", sa.Text(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=True),
        sa.Column("seed", sa.String(length=96), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (answered IS NULL)", name=op.f("ck_survey_closed")),
        sa.CheckConstraint("(drawn IS NULL) = (drawn_at IS NULL)", name=op.f("ck_survey_drawn")),
        sa.CheckConstraint("(published_at IS NULL) = (least_group IS NULL)", name=op.f("ck_survey_published")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_survey_order")),
        sa.CheckConstraint("dropped_at IS NULL OR published_at IS NULL", name=op.f("ck_survey_dropped")),
        sa.CheckConstraint("results_published_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_survey_results")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_survey_closed_by_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_survey_drawn_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_survey_made_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_survey_published_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["survey.id"], name=op.f("fk_survey_replaces_id")),
        sa.ForeignKeyConstraint(
            ["results_published_by_id"], ["user.id"], name=op.f("fk_survey_results_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("number", name=op.f("uq_survey_number")),
        sa.UniqueConstraint("token", name=op.f("uq_survey_token")),
    )
    op.create_index("ix_survey_made", "survey", ["made_at"], unique=False)
    op.create_index(
        "ix_survey_running",
        "survey",
        ["closes_at"],
        unique=False,
        sqlite_where=sa.text("published_at IS NOT NULL AND closed_at IS NULL AND replaced_at IS NULL"),
        postgresql_where=sa.text("published_at IS NOT NULL AND closed_at IS NULL AND replaced_at IS NULL"),
    )
    op.create_index(
        "ix_survey_shown",
        "survey",
        ["results_published_at"],
        unique=False,
        sqlite_where=sa.text("results_published_at IS NOT NULL"),
        postgresql_where=sa.text("results_published_at IS NOT NULL"),
    )
    op.create_table(
        "client_meeting_opinion",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_client_meeting_opinion_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["client_meeting.id"], name=op.f("fk_client_meeting_opinion_meeting_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_client_meeting_opinion")),
    )
    op.create_table(
        "survey_client",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(length=200), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_client_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "position", name=op.f("pk_survey_client")),
    )
    op.create_table(
        "survey_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_code_survey_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_survey_code")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_code_survey", "survey_code", ["survey_id"], unique=False)
    op.create_table(
        "survey_department",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_survey_department_department_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_department_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "department_id", name=op.f("pk_survey_department")),
    )
    op.create_table(
        "survey_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_late", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_by", sa.String(length=32), nullable=True),
        sa.Column("told_note", sa.String(length=300), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(state = 'told') = (told_by IS NOT NULL)", name=op.f("ck_survey_measure_told")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_survey_measure_withdrawn")
        ),
        sa.CheckConstraint("(state IN ('done','told')) = (done_at IS NOT NULL)", name=op.f("ck_survey_measure_done")),
        sa.CheckConstraint("(survey_id IS NULL) <> (meeting_id IS NULL)", name=op.f("ck_survey_measure_origin")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_survey_measure_department_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name=op.f("fk_survey_measure_done_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_survey_measure_made_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["client_meeting.id"], name=op.f("fk_survey_measure_meeting_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_survey_measure_post_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_measure_survey_id")),
        sa.ForeignKeyConstraint(["told_by_id"], ["user.id"], name=op.f("fk_survey_measure_told_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_measure")),
        sa.UniqueConstraint("number", name=op.f("uq_survey_measure_number")),
    )
    op.create_index("ix_survey_measure_department", "survey_measure", ["department_id", "due_on"], unique=False)
    op.create_index("ix_survey_measure_made", "survey_measure", ["made_at"], unique=False)
    op.create_index("ix_survey_measure_meeting", "survey_measure", ["meeting_id"], unique=False)
    op.create_index(
        "ix_survey_measure_open",
        "survey_measure",
        ["due_on", "department_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_survey_measure_survey", "survey_measure", ["survey_id"], unique=False)
    op.create_index(
        "ix_survey_measure_untold",
        "survey_measure",
        ["done_at"],
        unique=False,
        sqlite_where=sa.text("state = 'done'"),
        postgresql_where=sa.text("state = 'done'"),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("help", sa.String(length=200), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_survey_question_position")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_question_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
    )
    op.create_index("ix_survey_question_survey", "survey_question", ["survey_id", "position"], unique=False)
    op.create_table(
        "survey_paper",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["survey_question.id"], name=op.f("fk_survey_paper_question_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_paper_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_paper")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_paper_survey", "survey_paper", ["survey_id", "question_id"], unique=False)
    for statement in guards.triggers(op.get_bind().dialect.name, SURVEY_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, SURVEY_GUARDS):
        op.execute(statement)
    op.drop_index("ix_survey_paper_survey", table_name="survey_paper")
    op.drop_table("survey_paper")
    op.drop_index("ix_survey_question_survey", table_name="survey_question")
    op.drop_table("survey_question")
    op.drop_index(
        "ix_survey_measure_untold",
        table_name="survey_measure",
        sqlite_where=sa.text("state = 'done'"),
        postgresql_where=sa.text("state = 'done'"),
    )
    op.drop_index("ix_survey_measure_survey", table_name="survey_measure")
    op.drop_index(
        "ix_survey_measure_open",
        table_name="survey_measure",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_survey_measure_meeting", table_name="survey_measure")
    op.drop_index("ix_survey_measure_made", table_name="survey_measure")
    op.drop_index("ix_survey_measure_department", table_name="survey_measure")
    op.drop_table("survey_measure")
    op.drop_table("survey_department")
    op.drop_index("ix_survey_code_survey", table_name="survey_code")
    op.drop_table("survey_code")
    op.drop_table("survey_client")
    op.drop_table("client_meeting_opinion")
    op.drop_index(
        "ix_survey_shown",
        table_name="survey",
        sqlite_where=sa.text("results_published_at IS NOT NULL"),
        postgresql_where=sa.text("results_published_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_survey_running",
        table_name="survey",
        sqlite_where=sa.text("published_at IS NOT NULL AND closed_at IS NULL AND replaced_at IS NULL"),
        postgresql_where=sa.text("published_at IS NOT NULL AND closed_at IS NULL AND replaced_at IS NULL"),
    )
    op.drop_index("ix_survey_made", table_name="survey")
    op.drop_table("survey")
    op.drop_index("ix_client_meeting_held", table_name="client_meeting")
    op.drop_table("client_meeting")
    op.drop_table("survey_count")
