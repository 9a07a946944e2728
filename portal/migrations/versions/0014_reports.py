"""figures of completion, monthly statistics

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.report_guards import REPORT_GUARDS, marking, unmarking

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_on IS NOT NULL")
_STANDING = sa.text("withdrawn_at IS NULL")
_UNFILED = sa.text("filed_at IS NULL")
_COVERING = ["closed_on", "department_id", "closed_late", "state", "share_used", "post_id", "item_id"]
_DAY = {"sqlite": "date(received_at, '+8 hours')", "postgresql": "(received_at AT TIME ZONE 'Asia/Shanghai')::date"}


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _key(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column("case", sa.Column("share_used", sa.Integer(), nullable=True))
    op.add_column("case", sa.Column("answered_by_id", sa.Integer(), nullable=True))
    op.drop_index("ix_case_closed_on", table_name="case")
    op.create_index("ix_case_closed_on", "case", _COVERING, sqlite_where=_CLOSED, postgresql_where=_CLOSED)
    op.create_table(
        "tally_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_mark")),
    )
    op.create_index("ix_tally_mark_day", "tally_mark", ["day"], unique=False)
    op.create_table(
        "receipt_tally",
        sa.Column("day", sa.Date(), nullable=False),
        _key("department_id"),
        _key("item_id"),
        _key("post_id"),
        sa.Column("part", sa.Boolean(), nullable=False),
        _count("month"),
        _count("received"),
        sa.PrimaryKeyConstraint("day", "department_id", "item_id", "post_id", "part", name=op.f("pk_receipt_tally")),
    )
    op.create_table(
        "closing_tally",
        sa.Column("day", sa.Date(), nullable=False),
        _key("department_id"),
        _key("item_id"),
        _key("post_id"),
        _key("person_id"),
        sa.Column("part", sa.Boolean(), nullable=False),
        _count("month"),
        *(_count(name) for name in ("done", "early", "late", "shared", "share_sum")),
        *(_count(f"b{n}") for n in range(24)),
        sa.PrimaryKeyConstraint(
            "day", "department_id", "item_id", "post_id", "person_id", "part", name=op.f("pk_closing_tally")
        ),
    )
    op.create_table(
        "result_error",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("found_by", sa.String(length=32), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdrawal = '')",
            name=op.f("ck_result_error_withdrawn_with_reason"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_result_error_case_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_result_error_recorded_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_result_error_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_error")),
    )
    op.create_index(
        "uq_result_error_standing",
        "result_error",
        ["case_id", "kind"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_index("ix_result_error_case", "result_error", ["case_id"], unique=False)
    op.create_index("ix_result_error_closed", "result_error", ["closed_on"], unique=False)
    op.create_index("ix_result_error_recorded", "result_error", ["recorded_at"], unique=False)
    op.create_table(
        "monthly_statistics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("phone_enquiries", sa.Integer(), nullable=True),
        sa.Column("unlogged_visits", sa.Integer(), nullable=True),
        sa.Column("outside_services", sa.Integer(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(filed_at IS NULL) = (filed_by_id IS NULL)", name=op.f("ck_monthly_statistics_filed_by")),
        sa.CheckConstraint(
            "(filed_at IS NULL) = (figures = '')", name=op.f("ck_monthly_statistics_figures_when_filed")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_monthly_statistics_department_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_monthly_statistics_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_statistics")),
        sa.UniqueConstraint("department_id", "month", name=op.f("uq_monthly_statistics_department_id_month")),
    )
    op.create_index("ix_monthly_statistics_month", "monthly_statistics", ["month"], unique=False)
    op.create_index(
        "ix_monthly_statistics_unfiled",
        "monthly_statistics",
        ["due_on", "department_id"],
        unique=False,
        sqlite_where=_UNFILED,
        postgresql_where=_UNFILED,
    )
    # The days of the cases that are there already are tallied by the sweeps. A closed case never changes, so that
    # the share of its limit stays unknown: it counts, but not in averages.
    op.execute(f'INSERT INTO tally_mark (day) SELECT DISTINCT {_DAY[dialect]} FROM "case"')  # noqa: S608 - a constant of ours
    op.execute('INSERT INTO tally_mark (day) SELECT DISTINCT closed_on FROM "case" WHERE closed_on IS NOT NULL')
    for statement in (*guards.triggers(dialect, REPORT_GUARDS), *marking(dialect)):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in (*unmarking(dialect), *guards.untriggers(dialect, REPORT_GUARDS)):
        op.execute(statement)
    op.drop_table("monthly_statistics")
    op.drop_table("result_error")
    op.drop_table("closing_tally")
    op.drop_table("receipt_tally")
    op.drop_table("tally_mark")
    op.drop_index("ix_case_closed_on", table_name="case")
    op.create_index(
        "ix_case_closed_on", "case", ["closed_on", "department_id"], sqlite_where=_CLOSED, postgresql_where=_CLOSED
    )
    op.drop_column("case", "answered_by_id")
    op.drop_column("case", "share_used")
