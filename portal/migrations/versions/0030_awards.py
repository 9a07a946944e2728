"""awards

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.award_guards import AWARD_GUARDS

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("span", sa.String(length=32), nullable=False),
        sa.Column("nominee", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("nominate_by", sa.Date(), nullable=False),
        sa.Column("vote_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("object_by", sa.Date(), nullable=True),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled <> '')", name=op.f("ck_award_round_cancelled_with_reason")
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_award_round_decided")),
        sa.CheckConstraint(
            "state NOT IN ('publicised','awarded') OR (decided_at IS NOT NULL AND object_by IS NOT NULL)",
            name=op.f("ck_award_round_decided_before_publication"),
        ),
        sa.CheckConstraint("first_on <= last_on AND nominate_by <= vote_by", name=op.f("ck_award_round_order")),
        sa.CheckConstraint("places > 0", name=op.f("ck_award_round_places")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_award_round_opened_by_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_award_round_reviewed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_award_round_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_round")),
        sa.UniqueConstraint("number", name=op.f("uq_award_round_number")),
    )
    op.create_index("ix_award_round_opened", "award_round", ["opened_at"], unique=False)
    op.create_index(
        "ix_award_round_running",
        "award_round",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('awarded','cancelled')"),
        postgresql_where=sa.text("state NOT IN ('awarded','cancelled')"),
    )
    op.create_index(
        "uq_award_round_period",
        "award_round",
        ["span", "nominee", "first_on"],
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "award_nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("nominated_by_id", sa.Integer(), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summarised_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("against", sa.String(length=800), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("doubted", sa.Boolean(), nullable=False),
        sa.Column("certificate", sa.String(length=20), nullable=True),
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barred", sa.String(length=400), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('awarded','revoked') OR certificate IS NOT NULL", name=op.f("ck_award_nomination_certified")
        ),
        sa.CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name=op.f("ck_award_nomination_revoked")),
        sa.CheckConstraint(
            "state NOT IN ('ineligible','struck','revoked') OR against <> ''",
            name=op.f("ck_award_nomination_with_reason"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_award_nomination_round_id")),
        sa.ForeignKeyConstraint(["nominated_by_id"], ["user.id"], name=op.f("fk_award_nomination_nominated_by_id")),
        sa.ForeignKeyConstraint(["summarised_by_id"], ["user.id"], name=op.f("fk_award_nomination_summarised_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_award_nomination_department_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user.id"], name=op.f("fk_award_nomination_revoked_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_award_nomination_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_nomination")),
        sa.UniqueConstraint("certificate", name=op.f("uq_award_nomination_certificate")),
    )
    op.create_index("ix_award_nomination_department", "award_nomination", ["department_id", "state"], unique=False)
    op.create_index("ix_award_nomination_round", "award_nomination", ["round_id"], unique=False)
    op.create_index("ix_award_nomination_user", "award_nomination", ["user_id", "state"], unique=False)
    op.create_index(
        "uq_award_nomination_department",
        "award_nomination",
        ["round_id", "department_id"],
        unique=True,
        sqlite_where=sa.text("user_id IS NULL AND state <> 'withdrawn'"),
        postgresql_where=sa.text("user_id IS NULL AND state <> 'withdrawn'"),
    )
    op.create_index(
        "uq_award_nomination_user",
        "award_nomination",
        ["round_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "award_voter",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_award_voter_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_award_voter_user_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_award_voter_department_id")),
        sa.PrimaryKeyConstraint("round_id", "user_id", name=op.f("pk_award_voter")),
    )
    op.create_index("ix_award_voter_user", "award_voter", ["user_id", "voted"], unique=False)
    op.create_table(
        "award_ballot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_award_ballot_round_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["award_nomination.id"], name=op.f("fk_award_ballot_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_award_ballot_round", "award_ballot", ["round_id", "nomination_id"], unique=False)
    op.create_table(
        "award_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_award_objection_answered")
        ),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> by_id", name=op.f("ck_award_objection_by_another")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_award_objection_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_award_objection_round_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["award_nomination.id"], name=op.f("fk_award_objection_nomination_id")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_award_objection_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_objection")),
        sa.UniqueConstraint("nomination_id", "by_id", name=op.f("uq_award_objection_nomination_id_by_id")),
    )
    op.create_index("ix_award_objection_round", "award_objection", ["round_id"], unique=False)
    for statement in guards.triggers(op.get_bind().dialect.name, AWARD_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, AWARD_GUARDS):
        op.execute(statement)
    for table in ("award_objection", "award_ballot", "award_voter", "award_nomination", "award_round"):
        op.drop_table(table)
