"""monthly bulletins

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.bulletin_guards import BULLETIN_GUARDS

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.String(length=400), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_bulletin_published_by")),
        sa.CheckConstraint("(published_at IS NULL) = (content = '')", name=op.f("ck_bulletin_content_when_published")),
        sa.CheckConstraint(
            "(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')",
            name=op.f("ck_bulletin_corrects"),
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_bulletin_published_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["bulletin.id"], name=op.f("fk_bulletin_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("month", "edition", name=op.f("uq_bulletin_month_edition")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_bulletin_replaces_id")),
    )
    op.create_index(
        "uq_bulletin_draft",
        "bulletin",
        ["month"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, BULLETIN_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, BULLETIN_GUARDS):
        op.execute(statement)
    op.drop_table("bulletin")
