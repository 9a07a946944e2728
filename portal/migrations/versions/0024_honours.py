"""praise and honours

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.honour_guards import HONOUR_GUARDS

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "honour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("given_by", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("for_department", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("source_key", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal", sa.String(length=400), nullable=False),
        sa.CheckConstraint("(channel IS NULL) = (kind <> 'praise')", name=op.f("ck_honour_channel")),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_honour_decided")),
        sa.CheckConstraint(
            "state NOT IN ('confirmed','refused') OR decided_at IS NOT NULL", name=op.f("ck_honour_decided_state")
        ),
        sa.CheckConstraint("(level IS NULL) = (kind IN ('praise','suggestion'))", name=op.f("ck_honour_level")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR user_id IS NULL OR decided_by_id <> user_id", name=op.f("ck_honour_not_concerned")
        ),
        sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f("ck_honour_refused_with_reason")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> recorded_by_id", name=op.f("ck_honour_second_person")
        ),
        sa.CheckConstraint("user_id IS NOT NULL OR for_department", name=op.f("ck_honour_somebody")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawal = '')"
            " AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_honour_withdrawn_with_reason"),
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_honour_withdrawn_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_honour_decided_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_honour_department_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_honour_recorded_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_honour_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour")),
        sa.UniqueConstraint("number", name=op.f("uq_honour_number")),
    )
    op.create_index("ix_honour_department", "honour", ["department_id", "happened_on"], unique=False)
    op.create_index("ix_honour_happened", "honour", ["happened_on", "id"], unique=False)
    op.create_index("ix_honour_recorded_by", "honour", ["recorded_by_id", "happened_on"], unique=False)
    op.create_index("ix_honour_user", "honour", ["user_id", "happened_on"], unique=False)
    op.create_index(
        "ix_honour_waiting",
        "honour",
        ["recorded_at"],
        unique=False,
        sqlite_where=sa.text("state = 'recorded'"),
        postgresql_where=sa.text("state = 'recorded'"),
    )
    op.create_index(
        "uq_honour_source_department",
        "honour",
        ["source_key"],
        unique=True,
        sqlite_where=sa.text("for_department AND source_key <> '' AND state IN ('recorded','confirmed')"),
        postgresql_where=sa.text("for_department AND source_key <> '' AND state IN ('recorded','confirmed')"),
    )
    op.create_index(
        "uq_honour_source_user",
        "honour",
        ["source_key", "user_id"],
        unique=True,
        sqlite_where=sa.text("source_key <> '' AND state IN ('recorded','confirmed')"),
        postgresql_where=sa.text("source_key <> '' AND state IN ('recorded','confirmed')"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, HONOUR_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, HONOUR_GUARDS):
        op.execute(statement)
    op.drop_table("honour")
