"""proceedings, measures

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.proceeding_guards import PROCEEDING_GUARDS

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proceeding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("complainant", sa.Boolean(), nullable=False),
        sa.Column("complainant_told_on", sa.Date(), nullable=True),
        sa.Column("unmet_tasks", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("passed_to", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name=op.f("ck_proceeding_closed")),
        sa.CheckConstraint("passed_to = '' OR state = 'closed'", name=op.f("ck_proceeding_passed")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_proceeding_closed_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_proceeding_department_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["user.id"], name=op.f("fk_proceeding_registered_by_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user.id"], name=op.f("fk_proceeding_reported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
        sa.UniqueConstraint("number", name=op.f("uq_proceeding_number")),
    )
    op.create_index("ix_proceeding_department", "proceeding", ["department_id", "registered_at"], unique=False)
    op.create_index(
        "ix_proceeding_open",
        "proceeding",
        ["registered_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_proceeding_registered", "proceeding", ["registered_at"], unique=False)
    op.create_table(
        "proceeding_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_proceeding_assignment_assigned_by_id")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_assignment_proceeding_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_proceeding_assignment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_assignment")),
    )
    op.create_index(
        "ix_proceeding_assignment_user",
        "proceeding_assignment",
        ["user_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_proceeding_assignment_standing",
        "proceeding_assignment",
        ["proceeding_id", "user_id", "duty"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "proceeding_bar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("bar", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_bar_proceeding_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_proceeding_bar_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_bar")),
        sa.UniqueConstraint(
            "proceeding_id", "user_id", "bar", name=op.f("uq_proceeding_bar_proceeding_id_user_id_bar")
        ),
    )
    op.create_table(
        "proceeding_reading",
        sa.Column("proceeding_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_reading_proceeding_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_proceeding_reading_user_id")),
        sa.PrimaryKeyConstraint("proceeding_id", "user_id", "hour", name=op.f("pk_proceeding_reading")),
    )
    op.create_table(
        "proceeding_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("conduct", sa.String(length=32), nullable=True),
        sa.Column("effect", sa.String(length=32), nullable=True),
        sa.Column("cause", sa.String(length=32), nullable=True),
        sa.Column("attitude", sa.String(length=32), nullable=True),
        sa.Column("severity", sa.String(length=32), nullable=True),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("meeting_record", sa.Text(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("letter_number", sa.String(length=20), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remedies", sa.Text(), nullable=False),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL OR ((found_by_id IS NULL OR found_by_id <> user_id)"
            " AND (decided_by_id IS NULL OR decided_by_id <> user_id)"
            " AND (reviewed_by_id IS NULL OR reviewed_by_id <> user_id)))",
            name=op.f("ck_proceeding_subject_not_by_oneself"),
        ),
        sa.CheckConstraint("(user_id IS NULL) <> (department_id IS NULL)", name=op.f("ck_proceeding_subject_one")),
        sa.CheckConstraint("confirmed IS NULL OR heard_at IS NOT NULL", name=op.f("ck_proceeding_subject_heard_first")),
        sa.CheckConstraint(
            "decided_at IS NULL OR confirmed IS NOT NULL", name=op.f("ck_proceeding_subject_found_first")
        ),
        sa.CheckConstraint(
            "reviewed_at IS NULL OR review_asked_at IS NOT NULL", name=op.f("ck_proceeding_subject_review_asked")
        ),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR (reviewed_by_id <> decided_by_id AND reviewed_by_id <> found_by_id)",
            name=op.f("ck_proceeding_subject_reviewed_by_another"),
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR decided_at IS NOT NULL", name=op.f("ck_proceeding_subject_decided_first")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_proceeding_subject_decided_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_proceeding_subject_department_id")),
        sa.ForeignKeyConstraint(["found_by_id"], ["user.id"], name=op.f("fk_proceeding_subject_found_by_id")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_subject_proceeding_id")),
        sa.ForeignKeyConstraint(
            ["review_asked_by_id"], ["user.id"], name=op.f("fk_proceeding_subject_review_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_proceeding_subject_reviewed_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_proceeding_subject_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_subject")),
        sa.UniqueConstraint("letter_number", name=op.f("uq_proceeding_subject_letter_number")),
        sa.UniqueConstraint(
            "proceeding_id", "department_id", name=op.f("uq_proceeding_subject_proceeding_id_department_id")
        ),
        sa.UniqueConstraint("proceeding_id", "user_id", name=op.f("uq_proceeding_subject_proceeding_id_user_id")),
    )
    op.create_index("ix_proceeding_subject_department", "proceeding_subject", ["department_id"], unique=False)
    op.create_index("ix_proceeding_subject_user", "proceeding_subject", ["user_id"], unique=False)
    op.create_table(
        "proceeding_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("executed_on", sa.Date(), nullable=True),
        sa.Column("execution", sa.Text(), nullable=False),
        sa.Column("executed_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("milder", sa.Boolean(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'rectification') = (due_on IS NOT NULL)", name=op.f("ck_proceeding_measure_due")),
        sa.CheckConstraint("expires_on IS NULL OR expires_on >= decided_on", name=op.f("ck_proceeding_measure_order")),
        sa.ForeignKeyConstraint(["executed_by_id"], ["user.id"], name=op.f("fk_proceeding_measure_executed_by_id")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_measure_proceeding_id")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["proceeding_subject.id"], name=op.f("fk_proceeding_measure_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_measure")),
        sa.UniqueConstraint("subject_id", "kind", name=op.f("uq_proceeding_measure_subject_id_kind")),
    )
    op.create_index("ix_proceeding_measure_decided", "proceeding_measure", ["decided_on"], unique=False)
    op.create_index(
        "ix_proceeding_measure_due",
        "proceeding_measure",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("due_on IS NOT NULL AND executed_on IS NULL AND lifted_at IS NULL"),
        postgresql_where=sa.text("due_on IS NOT NULL AND executed_on IS NULL AND lifted_at IS NULL"),
    )
    op.create_table(
        "proceeding_utterance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(subject_id IS NULL) = (kind = 'note')", name=op.f("ck_proceeding_utterance_of_subject")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_proceeding_utterance_by_id")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_utterance_proceeding_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["proceeding_subject.id"], name=op.f("fk_proceeding_utterance_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_utterance")),
    )
    op.create_index("ix_proceeding_utterance_proceeding", "proceeding_utterance", ["proceeding_id"], unique=False)
    op.create_table(
        "proceeding_clue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("clue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clue_id"], ["clue.id"], name=op.f("fk_proceeding_clue_clue_id")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_proceeding_clue_proceeding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_clue")),
        sa.UniqueConstraint("clue_id", name=op.f("uq_proceeding_clue_clue_id")),
    )
    op.create_index("ix_proceeding_clue_proceeding", "proceeding_clue", ["proceeding_id"], unique=False)
    # ### end Alembic commands ###
    for statement in guards.triggers(op.get_bind().dialect.name, PROCEEDING_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, PROCEEDING_GUARDS):
        op.execute(statement)
    op.drop_table("proceeding_reading")
    op.drop_table("proceeding_measure")
    op.drop_table("proceeding_utterance")
    op.drop_table("proceeding_subject")
    op.drop_table("proceeding_assignment")
    op.drop_table("proceeding_bar")
    op.drop_table("proceeding_clue")
    op.drop_table("proceeding")
