"""slips by count, urns, tallies, comments, signed ballots, tablets

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.evaluation_guards import EVALUATION_GUARDS

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OF_CASE = sa.text("case_id IS NOT NULL")
_GRADES = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of_month(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table with one row for each department and month."""
    op.create_table(
        table,
        sa.Column("department_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f(f"fk_{table}_department_id")),
        sa.PrimaryKeyConstraint("department_id", "month", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    _of_month("evaluation_slips", _count("handed_out"), _count("printed"))
    _of_month(
        "evaluation_urn",
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("used", sa.Text(), nullable=False),
        _count("waiting"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_evaluation_urn_waiting")),
    )
    op.create_index("ix_evaluation_urn_opened", "evaluation_urn", ["opened_on"], unique=False)
    _of_month(
        "evaluation_tally",
        *(_count(grade) for grade in _GRADES),
        sa.Column("reasons", sa.Text(), nullable=False),
    )
    op.create_table(
        "evaluation_comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_evaluation_comment_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evaluation_comment_month", "evaluation_comment", ["month", "department_id"], unique=False)
    op.create_table(
        "evaluation_signed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("opinion_number", sa.String(length=20), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("untrue_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "untrue_at IS NULL OR opinion_number IS NOT NULL", name=op.f("ck_evaluation_signed_untrue_after_opinion")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_evaluation_signed_case_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_evaluation_signed_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_signed")),
        sa.UniqueConstraint("opinion_number", name=op.f("uq_evaluation_signed_opinion_number")),
    )
    op.create_index("ix_evaluation_signed_month", "evaluation_signed", ["month", "department_id"], unique=False)
    op.create_index(
        "ix_evaluation_signed_case",
        "evaluation_signed",
        ["case_id"],
        unique=False,
        sqlite_where=_OF_CASE,
        postgresql_where=_OF_CASE,
    )
    op.create_table(
        "evaluation_kiosk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("paired_by_id", sa.Integer(), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["paired_by_id"], ["user.id"], name=op.f("fk_evaluation_kiosk_paired_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_kiosk")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evaluation_kiosk_token_hash")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, EVALUATION_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, EVALUATION_GUARDS):
        op.execute(statement)
    op.drop_table("evaluation_kiosk")
    op.drop_table("evaluation_signed")
    op.drop_table("evaluation_comment")
    op.drop_table("evaluation_tally")
    op.drop_table("evaluation_urn")
    op.drop_table("evaluation_slips")
