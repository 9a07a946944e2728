"""half-yearly publications

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.half_year_guards import HALF_YEAR_GUARDS

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "half_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.String(length=400), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned", sa.String(length=400), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')",
            name=op.f("ck_half_year_corrects"),
        ),
        sa.CheckConstraint("(state = 'draft') = (content = '')", name=op.f("ck_half_year_content")),
        sa.CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_half_year_submitted")),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_half_year_published")),
        sa.CheckConstraint(
            "(state IN ('approved','published')) = (approved_at IS NOT NULL)", name=op.f("ck_half_year_approved")
        ),
        sa.CheckConstraint("notice_id IS NULL OR state = 'published'", name=op.f("ck_half_year_notice")),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_half_year_approved_by")),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_half_year_published_by")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by_id IS NULL)", name=op.f("ck_half_year_submitted_by")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> submitted_by_id", name=op.f("ck_half_year_by_another")
        ),
        sa.CheckConstraint("half IN (1, 2)", name=op.f("ck_half_year_half")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_half_year_approved_by_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["openness_notice.id"], name=op.f("fk_half_year_notice_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_half_year_published_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["half_year.id"], name=op.f("fk_half_year_replaces_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_half_year_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_year")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_half_year_replaces_id")),
        sa.UniqueConstraint("year", "half", "edition", name=op.f("uq_half_year_year_half_edition")),
    )
    op.create_index(
        "uq_half_year_draft",
        "half_year",
        ["year", "half"],
        unique=True,
        sqlite_where=sa.text("state <> 'published'"),
        postgresql_where=sa.text("state <> 'published'"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, HALF_YEAR_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, HALF_YEAR_GUARDS):
        op.execute(statement)
    op.drop_table("half_year")
