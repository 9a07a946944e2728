"""score tables

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.score_table_guards import SCORE_TABLE_GUARDS

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("preset", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_score_table_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_table")),
        sa.UniqueConstraint("number", name=op.f("uq_score_table_number")),
    )
    op.create_table(
        "score_table_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("writers", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("returned", sa.String(length=400), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'discarded')", name=op.f("ck_score_table_version_state")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'discarded')) = (decided_at IS NOT NULL)",
            name=op.f("ck_score_table_version_decided"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'approved') OR month IS NOT NULL AND submitted_at IS NOT NULL",
            name=op.f("ck_score_table_version_submitted"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by_id <> submitted_by_id",
            name=op.f("ck_score_table_version_second_person"),
        ),
        sa.ForeignKeyConstraint(["table_id"], ["score_table.id"], name=op.f("fk_score_table_version_table_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["score_table_version.id"], name=op.f("fk_score_table_version_replaces_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_score_table_version_made_by_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_score_table_version_submitted_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_score_table_version_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_table_version")),
        sa.UniqueConstraint("table_id", "version", name=op.f("uq_score_table_version_table_id_version")),
    )
    op.create_index(
        "uq_score_table_version_open",
        "score_table_version",
        ["table_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted')"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, SCORE_TABLE_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, SCORE_TABLE_GUARDS):
        op.execute(statement)
    op.drop_table("score_table_version")
    op.drop_table("score_table")
