"""A/B pairs and cover

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from portal.kernel import clock
from portal.kernel.db import UtcDateTime
from portal.migrations import guards

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("absence", sa.Column("read_at", UtcDateTime(), nullable=True))
    op.add_column("handover", sa.Column("matters", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("handover", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    # Absences that were over before there was a report ask nobody to read one.
    absence = sa.table("absence", sa.column("to_at", UtcDateTime()), sa.column("read_at", UtcDateTime()))
    op.execute(absence.update().where(absence.c.to_at <= clock.now()).values(read_at=absence.c.to_at))
    op.create_table(
        "pair_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_pair_publication_edition")),
        sa.CheckConstraint("half IN (1, 2)", name=op.f("ck_pair_publication_half")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_pair_publication_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_publication")),
        sa.UniqueConstraint("year", "half", "edition", name=op.f("uq_pair_publication_year_half_edition")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_calendar_feed_department_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_calendar_feed_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index("ix_calendar_feed_department", "calendar_feed", ["department_id"], unique=False)
    for statement in guards.triggers(op.get_bind().dialect.name, guards.COVER_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, guards.COVER_GUARDS):
        op.execute(statement)
    op.drop_table("calendar_feed")
    op.drop_table("pair_publication")
    op.drop_column("handover", "note")
    op.drop_column("handover", "matters")
    op.drop_column("absence", "read_at")
