"""yearly grades

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.yearly_guards import YEARLY_GUARDS

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "yearly_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("vote_by", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("computed_by_id", sa.Integer(), nullable=True),
        sa.Column("object_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_for_id", sa.Integer(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("meeting_record", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(state = 'published') = (digest <> '')", name=op.f("ck_yearly_round_digest")),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_yearly_round_published")
        ),
        sa.CheckConstraint("(subject = 'person') = (vote_by IS NOT NULL)", name=op.f("ck_yearly_round_vote_by")),
        sa.CheckConstraint(
            "state NOT IN ('decided','published') OR (decided_by_id IS NOT NULL AND meeting_on IS NOT NULL)",
            name=op.f("ck_yearly_round_decided"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('reviewed','decided','published') OR"
            " (reviewed_by_id IS NOT NULL AND reviewed_by_id <> computed_by_id)",
            name=op.f("ck_yearly_round_reviewed"),
        ),
        sa.CheckConstraint(
            "subject = 'person' OR state NOT IN ('open','counted')", name=op.f("ck_yearly_round_ballots_of_persons")
        ),
        sa.ForeignKeyConstraint(["computed_by_id"], ["user.id"], name=op.f("fk_yearly_round_computed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_yearly_round_decided_by_id")),
        sa.ForeignKeyConstraint(["decided_for_id"], ["user.id"], name=op.f("fk_yearly_round_decided_for_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_yearly_round_made_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_yearly_round_published_by_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_yearly_round_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_round")),
        sa.UniqueConstraint("year", "subject", name=op.f("uq_yearly_round_year_subject")),
    )
    op.create_index(
        "ix_yearly_round_open",
        "yearly_round",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state <> 'published'"),
        postgresql_where=sa.text("state <> 'published'"),
    )
    op.create_table(
        "yearly_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.String(length=40), nullable=True),
        sa.Column("panels", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("held", sa.String(length=32), nullable=True),
        sa.Column("hindrances", sa.Text(), nullable=False),
        sa.Column("bonus_cut", sa.Integer(), nullable=False),
        sa.CheckConstraint("bonus_cut BETWEEN 0 AND 100", name=op.f("ck_yearly_row_bonus_cut")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_yearly_row_department_id")),
        sa.ForeignKeyConstraint(["round_id"], ["yearly_round.id"], name=op.f("fk_yearly_row_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_yearly_row_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_row")),
    )
    op.create_index("ix_yearly_row_department", "yearly_row", ["department_id"], unique=False)
    op.create_index("ix_yearly_row_user", "yearly_row", ["user_id"], unique=False)
    op.create_index("uq_yearly_row_user", "yearly_row", ["round_id", "user_id"], unique=True)
    op.create_table(
        "yearly_voter",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["yearly_round.id"], name=op.f("fk_yearly_voter_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_yearly_voter_user_id")),
        sa.PrimaryKeyConstraint("round_id", "user_id", name=op.f("pk_yearly_voter")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_yearly_voter_user", "yearly_voter", ["user_id"], unique=False)
    op.create_table(
        "yearly_panel",
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("panel", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["yearly_row.id"], name=op.f("fk_yearly_panel_row_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_yearly_panel_user_id")),
        sa.PrimaryKeyConstraint("row_id", "user_id", name=op.f("pk_yearly_panel")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_yearly_panel_user", "yearly_panel", ["user_id"], unique=False)
    op.create_table(
        "yearly_paper",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["yearly_round.id"], name=op.f("fk_yearly_paper_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_paper")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_yearly_paper_round", "yearly_paper", ["round_id"], unique=False)
    op.create_table(
        "yearly_veto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name=op.f("ck_yearly_veto_lifted")),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_yearly_veto_confirmed")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> by_id", name=op.f("ck_yearly_veto_second_person")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_yearly_veto_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_yearly_veto_confirmed_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["user.id"], name=op.f("fk_yearly_veto_lifted_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["yearly_round.id"], name=op.f("fk_yearly_veto_round_id")),
        sa.ForeignKeyConstraint(["row_id"], ["yearly_row.id"], name=op.f("fk_yearly_veto_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_veto")),
    )
    op.create_index("ix_yearly_veto_row", "yearly_veto", ["row_id"], unique=False)
    op.create_table(
        "yearly_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ruled_at IS NULL) = (ruled_by_id IS NULL) AND (ruled_at IS NULL) = (upheld IS NULL)"
            " AND (ruled_at IS NULL) = (ruling = '')",
            name=op.f("ck_yearly_objection_ruled"),
        ),
        sa.CheckConstraint(
            "ruled_by_id IS NULL OR ruled_by_id <> by_id", name=op.f("ck_yearly_objection_ruled_by_another")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_yearly_objection_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["yearly_round.id"], name=op.f("fk_yearly_objection_round_id")),
        sa.ForeignKeyConstraint(["row_id"], ["yearly_row.id"], name=op.f("fk_yearly_objection_row_id")),
        sa.ForeignKeyConstraint(["ruled_by_id"], ["user.id"], name=op.f("fk_yearly_objection_ruled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_objection")),
    )
    op.create_index(
        "ix_yearly_objection_open",
        "yearly_objection",
        ["rule_by"],
        unique=False,
        sqlite_where=sa.text("ruled_at IS NULL"),
        postgresql_where=sa.text("ruled_at IS NULL"),
    )
    op.create_index("ix_yearly_objection_row", "yearly_objection", ["row_id"], unique=False)
    op.create_index(
        "uq_yearly_objection_open",
        "yearly_objection",
        ["row_id"],
        unique=True,
        sqlite_where=sa.text("ruled_at IS NULL"),
        postgresql_where=sa.text("ruled_at IS NULL"),
    )
    op.create_table(
        "yearly_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (accepted IS NULL)",
            name=op.f("ck_yearly_correction_decided"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> by_id", name=op.f("ck_yearly_correction_decided_by_another")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_yearly_correction_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_yearly_correction_decided_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["yearly_round.id"], name=op.f("fk_yearly_correction_round_id")),
        sa.ForeignKeyConstraint(["row_id"], ["yearly_row.id"], name=op.f("fk_yearly_correction_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_correction")),
    )
    op.create_index("ix_yearly_correction_row", "yearly_correction", ["row_id"], unique=False)
    op.create_index(
        "uq_yearly_correction_open",
        "yearly_correction",
        ["row_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, YEARLY_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, YEARLY_GUARDS):
        op.execute(statement)
    op.drop_table("yearly_correction")
    op.drop_table("yearly_objection")
    op.drop_table("yearly_veto")
    op.drop_table("yearly_paper")
    op.drop_table("yearly_panel")
    op.drop_table("yearly_voter")
    op.drop_table("yearly_row")
    op.drop_table("yearly_round")
