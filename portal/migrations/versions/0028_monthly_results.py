"""monthly results

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.result_guards import RESULT_GUARDS

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "monthly_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("table_name", sa.String(length=200), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_for_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')",
            name=op.f("ck_monthly_result_corrects"),
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')", name=op.f("ck_monthly_result_published_state")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (digest = '')", name=op.f("ck_monthly_result_digest_when_published")
        ),
        sa.CheckConstraint(
            "state NOT IN ('reviewed', 'signed', 'published') OR reviewed_at IS NOT NULL",
            name=op.f("ck_monthly_result_reviewed_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'published') OR signed_at IS NOT NULL", name=op.f("ck_monthly_result_signed_state")
        ),
        sa.CheckConstraint("subject IN ('department', 'person')", name=op.f("ck_monthly_result_subject")),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_monthly_result_published_by")
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)", name=op.f("ck_monthly_result_reviewed_by")
        ),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name=op.f("ck_monthly_result_signed_by")),
        sa.CheckConstraint("reviewed_by_id <> made_by_id", name=op.f("ck_monthly_result_reviewed_by_another")),
        sa.CheckConstraint("signed_by_id <> reviewed_by_id", name=op.f("ck_monthly_result_signed_by_another")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_monthly_result_made_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_monthly_result_published_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["monthly_result.id"], name=op.f("fk_monthly_result_replaces_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_monthly_result_reviewed_by_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["user.id"], name=op.f("fk_monthly_result_signed_by_id")),
        sa.ForeignKeyConstraint(["signed_for_id"], ["user.id"], name=op.f("fk_monthly_result_signed_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_result")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_monthly_result_replaces_id")),
        sa.UniqueConstraint("subject", "month", "edition", name=op.f("uq_monthly_result_subject_month_edition")),
    )
    op.create_index("ix_monthly_result_month", "monthly_result", ["month", "subject"], unique=False)
    op.create_index(
        "ix_monthly_result_state",
        "monthly_result",
        ["state"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index(
        "uq_monthly_result_open",
        "monthly_result",
        ["subject", "month"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "monthly_result_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("corrected", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("excluded", sa.String(length=400), nullable=False),
        sa.Column("flag", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(place IS NULL) = (excluded <> '')", name=op.f("ck_monthly_result_row_excluded_with_reason")
        ),
        sa.CheckConstraint("NOT flag OR place IS NOT NULL", name=op.f("ck_monthly_result_row_flag_in_ranking")),
        sa.ForeignKeyConstraint(["result_id"], ["monthly_result.id"], name=op.f("fk_monthly_result_row_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_result_row")),
        sa.UniqueConstraint("result_id", "subject_id", name=op.f("uq_monthly_result_row_result_id_subject_id")),
    )
    op.create_index("ix_monthly_result_row_subject", "monthly_result_row", ["subject_id"], unique=False)
    op.create_table(
        "monthly_result_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_monthly_result_correction_with_reason")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_monthly_result_correction_made_by_id")),
        sa.ForeignKeyConstraint(
            ["result_id"], ["monthly_result.id"], name=op.f("fk_monthly_result_correction_result_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_result_correction")),
        sa.UniqueConstraint("result_id", "subject_id", name=op.f("uq_monthly_result_correction_result_id_subject_id")),
    )
    op.create_table(
        "result_roll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_for_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')",
            name=op.f("ck_result_roll_corrects"),
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')", name=op.f("ck_result_roll_published_state")
        ),
        sa.CheckConstraint("(published_at IS NULL) = (digest = '')", name=op.f("ck_result_roll_digest_when_published")),
        sa.CheckConstraint(
            "quarter BETWEEN 0 AND 4 AND (kind = 'quarter_persons') = (quarter > 0)",
            name=op.f("ck_result_roll_quarter"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'published') OR signed_at IS NOT NULL", name=op.f("ck_result_roll_signed_state")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_result_roll_published_by")
        ),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name=op.f("ck_result_roll_signed_by")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_result_roll_made_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_result_roll_published_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["result_roll.id"], name=op.f("fk_result_roll_replaces_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["user.id"], name=op.f("fk_result_roll_signed_by_id")),
        sa.ForeignKeyConstraint(["signed_for_id"], ["user.id"], name=op.f("fk_result_roll_signed_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_roll")),
        sa.UniqueConstraint(
            "kind", "year", "quarter", "edition", name=op.f("uq_result_roll_kind_year_quarter_edition")
        ),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_result_roll_replaces_id")),
    )
    op.create_index(
        "ix_result_roll_state",
        "result_roll",
        ["state"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index(
        "uq_result_roll_open",
        "result_roll",
        ["kind", "year", "quarter"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "result_roll_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("average", sa.String(length=40), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("barred", sa.String(length=400), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "barred = '' OR (NOT named AND NOT proposed)", name=op.f("ck_result_roll_entry_barred_not_named")
        ),
        sa.CheckConstraint("named = proposed OR reason <> ''", name=op.f("ck_result_roll_entry_differs_with_reason")),
        sa.ForeignKeyConstraint(["roll_id"], ["result_roll.id"], name=op.f("fk_result_roll_entry_roll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_roll_entry")),
        sa.UniqueConstraint("roll_id", "subject_id", name=op.f("uq_result_roll_entry_roll_id_subject_id")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, RESULT_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, RESULT_GUARDS):
        op.execute(statement)
    op.drop_table("result_roll_entry")
    op.drop_table("result_roll")
    op.drop_table("monthly_result_correction")
    op.drop_table("monthly_result_row")
    op.drop_table("monthly_result")
