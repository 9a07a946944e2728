"""score evidence

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.score_evidence_guards import SCORE_EVIDENCE_GUARDS

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("computed_by_id", sa.Integer(), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (computed_at IS NULL)", name=op.f("ck_score_month_computed")),
        sa.CheckConstraint("frozen_at IS NULL OR state = 'settled'", name=op.f("ck_score_month_frozen_when_settled")),
        sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name=op.f("ck_score_month_settled")),
        sa.CheckConstraint(
            "(computed_at IS NULL) = (objections_until IS NULL)", name=op.f("ck_score_month_shown_when_computed")
        ),
        sa.ForeignKeyConstraint(["computed_by_id"], ["user.id"], name=op.f("fk_score_month_computed_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["score_table_version.id"], name=op.f("fk_score_month_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_month")),
        sa.UniqueConstraint("month", "subject", name=op.f("uq_score_month_month_subject")),
    )
    op.create_index(
        "ix_score_month_unsettled",
        "score_month",
        ["month"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "score_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_month_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("quantity", sa.String(length=40), nullable=False),
        sa.Column("points", sa.String(length=40), nullable=True),
        sa.Column("scored", sa.String(length=40), nullable=True),
        sa.Column("scoring", sa.String(length=200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=120), nullable=False),
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("page_values", sa.Text(), nullable=False),
        sa.Column("clue_number", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("finder", sa.String(length=60), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=400), nullable=False),
        sa.Column("ruled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin = 'manual' OR (proposed_by_id IS NULL AND source <> '')", name=op.f("ck_score_line_automatic")
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_score_line_decided")),
        sa.CheckConstraint(
            "origin = 'automatic' OR state = 'proposed' OR decided_by_id IS NOT NULL",
            name=op.f("ck_score_line_manual_decided"),
        ),
        sa.CheckConstraint(
            "origin = 'automatic' OR "
            "(proposed_by_id IS NOT NULL AND proposed_at IS NOT NULL AND note <> '' AND finder <> '')",
            name=op.f("ck_score_line_manual_with_note"),
        ),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name=op.f("ck_score_line_not_by_proposer")),
        sa.CheckConstraint(
            "subject <> 'person' OR decided_by_id <> subject_id", name=op.f("ck_score_line_not_by_scored")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_score_line_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_score_line_proposed_by_id")),
        sa.ForeignKeyConstraint(["score_month_id"], ["score_month.id"], name=op.f("fk_score_line_score_month_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_line")),
    )
    op.create_index("ix_score_line_month", "score_line", ["score_month_id", "subject_id"], unique=False)
    op.create_index(
        "ix_score_line_proposed",
        "score_line",
        ["score_month_id"],
        unique=False,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index(
        "uq_score_line_once",
        "score_line",
        ["year", "subject", "subject_id", "rule", "key"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'approved')"),
        postgresql_where=sa.text("state IN ('proposed', 'approved')"),
    )
    op.create_table(
        "score_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_month_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("disqualified_by", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["score_month_id"], ["score_month.id"], name=op.f("fk_score_result_score_month_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_result")),
        sa.UniqueConstraint("score_month_id", "subject_id", name=op.f("uq_score_result_score_month_id_subject_id")),
    )
    op.create_table(
        "score_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_month_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old", sa.String(length=40), nullable=True),
        sa.Column("new", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["score_line.id"], name=op.f("fk_score_change_line_id")),
        sa.ForeignKeyConstraint(["score_month_id"], ["score_month.id"], name=op.f("fk_score_change_score_month_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_change")),
    )
    op.create_index("ix_score_change_line", "score_change", ["line_id"], unique=False)
    op.create_index("ix_score_change_month", "score_change", ["score_month_id", "revision"], unique=False)
    op.create_table(
        "score_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_month_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("new_quantity", sa.String(length=40), nullable=True),
        sa.Column("new_points", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "state = 'upheld' OR (new_quantity IS NULL AND new_points IS NULL)",
            name=op.f("ck_score_objection_changed_when_upheld"),
        ),
        sa.CheckConstraint("ruled_by_id <> raised_by_id", name=op.f("ck_score_objection_ruled_by_another")),
        sa.CheckConstraint(
            "(state = 'open') = (ruled_at IS NULL) AND (ruled_at IS NULL) = (ruled_by_id IS NULL) "
            "AND (ruled_at IS NULL) = (ruling = '')",
            name=op.f("ck_score_objection_ruled_with_reason"),
        ),
        sa.ForeignKeyConstraint(["line_id"], ["score_line.id"], name=op.f("fk_score_objection_line_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["user.id"], name=op.f("fk_score_objection_raised_by_id")),
        sa.ForeignKeyConstraint(["ruled_by_id"], ["user.id"], name=op.f("fk_score_objection_ruled_by_id")),
        sa.ForeignKeyConstraint(["score_month_id"], ["score_month.id"], name=op.f("fk_score_objection_score_month_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_objection")),
    )
    op.create_index(
        "ix_score_objection_due",
        "score_objection",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_score_objection_line", "score_objection", ["line_id"], unique=False)
    op.create_index("ix_score_objection_month", "score_objection", ["score_month_id"], unique=False)
    op.create_index(
        "uq_score_objection_open",
        "score_objection",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, SCORE_EVIDENCE_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, SCORE_EVIDENCE_GUARDS):
        op.execute(statement)
    for name in ("score_objection", "score_change", "score_result", "score_line", "score_month"):
        op.drop_table(name)
