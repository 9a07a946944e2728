"""joint and forwarded cases, tacit consent, papers of a case

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.kind_guards import KIND_GUARDS

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
#: Partial indexes of the table of cases: name, columns, condition.
_INDEXES = (
    ("ix_case_rare_kind", ("kind", "received_at"), "kind IN ('joint','forwarded')"),
    ("ix_case_lead", ("lead_id",), "lead_id IS NOT NULL"),
    ("ix_case_part_closed", ("closed_on", "closed_late", "state"), "lead_id IS NOT NULL"),
    ("ix_case_part_due", ("due_at", "red_at", "closed_at"), "lead_id IS NOT NULL"),
    ("ix_case_consent", ("consent_at",), "consent_at IS NOT NULL AND closed_at IS NULL"),
    ("ix_case_consent_held", ("id",), "consent_from IS NOT NULL AND consent_at IS NULL AND closed_at IS NULL"),
)


def upgrade() -> None:
    op.add_column("item_version", sa.Column("tacit_consent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("item_version", sa.Column("parts", sa.Text(), server_default="", nullable=False))
    for name, target in (("lead_id", "case"), ("agent_id", "user")):
        key = sa.ForeignKey(f"{target}.id", name=f"fk_case_{name}")
        op.add_column("case", sa.Column(name, sa.Integer(), key, nullable=True), inline_references=True)
    for name in ("consent_from", "consent_at", "consent_held_at"):
        op.add_column("case", sa.Column(name, _INSTANT, nullable=True))
    for name, columns, condition in _INDEXES:
        where = sa.text(condition)
        op.create_index(name, "case", list(columns), unique=False, sqlite_where=where, postgresql_where=where)
    _papers()
    _joint()
    for statement in guards.triggers(op.get_bind().dialect.name, KIND_GUARDS):
        op.execute(sa.text(statement))


def _papers() -> None:
    op.create_table(
        "case_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=12), nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("promised_limit", sa.String(length=8), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_how", sa.String(length=20), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_paper_case_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_case_paper_issued_by_id")),
        sa.ForeignKeyConstraint(["told_by_id"], ["user.id"], name=op.f("fk_case_paper_told_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_paper")),
        sa.UniqueConstraint("number", name=op.f("uq_case_paper_number")),
        sa.UniqueConstraint("case_id", "kind", name=op.f("uq_case_paper_case_id_kind")),
    )
    where = sa.text("kind = 'deemed_agreed' AND told_on IS NULL")
    op.create_index("ix_case_paper_untold", "case_paper", ["case_id"], sqlite_where=where, postgresql_where=where)


def _joint() -> None:
    op.create_table(
        "case_part",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("gives", sa.String(length=200), nullable=False),
        sa.Column("opinion", sa.Boolean(), nullable=False),
        sa.Column("silence_agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_part_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_part")),
    )
    op.create_table(
        "case_forwarding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("tracker_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("returned_at", _INSTANT, nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_forwarding_case_id")),
        sa.ForeignKeyConstraint(["tracker_id"], ["user.id"], name=op.f("fk_case_forwarding_tracker_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["user.id"], name=op.f("fk_case_forwarding_sent_by_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["user.id"], name=op.f("fk_case_forwarding_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_forwarding")),
    )
    away = sa.text("returned_at IS NULL")
    op.create_index("ix_case_forwarding_case", "case_forwarding", ["case_id"])
    for name, column, unique in (
        ("uq_case_forwarding_away", "case_id", True),
        ("ix_case_forwarding_tracker", "tracker_id", False),
    ):
        op.create_index(name, "case_forwarding", [column], unique=unique, sqlite_where=away, postgresql_where=away)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, KIND_GUARDS):
        op.execute(sa.text(statement))
    for table in ("case_forwarding", "case_part", "case_paper"):
        op.drop_table(table)
    for name, _columns, _condition in _INDEXES:
        op.drop_index(name, table_name="case")
    for name in ("consent_held_at", "consent_at", "consent_from", "agent_id", "lead_id"):
        op.drop_column("case", name)
    for name in ("parts", "tacit_consent"):
        op.drop_column("item_version", name)
