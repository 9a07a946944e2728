"""clues

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.clue_guards import CLUE_GUARDS

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_OWED = sa.text("state = 'agreed' AND delivered_on IS NULL AND letter_late_at IS NULL")
_OF_ABSENCE, _OF_DAY = sa.text("absence_id IS NOT NULL"), sa.text("absence_id IS NULL")
#: When older rooms recorded that something had not come in time.
_RECORDED_LATE = (
    ("denial_filing", "decision_late_at"),
    ("denial_filing", "letter_late_at"),
    ("first_ask", "unacknowledged_at"),
)
_CHECKS = {
    "dismissed_with_reason": "(state = 'dismissed') = (dismissed_at IS NOT NULL)"
    " AND (dismissed_at IS NULL) = (dismissed_by_id IS NULL) AND (dismissed_at IS NULL) = (dismissal = '')",
    "withdrawn": "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
    "proceeding": "state <> 'in_proceeding' OR proceeding_number <> ''",
    "raised_by": "(source = 'journal') = (raised_by_id IS NULL)",
    "evidence": "source <> 'journal' OR entry_seq IS NOT NULL",
    "reported": "source = 'journal' OR text <> ''",
    "not_by_person_concerned": "dismissed_by_id <> person_id",
}
_FOREIGN = {
    "department_id": "department.id",
    "post_id": "post.id",
    "person_id": "user.id",
    "for_person_id": "user.id",
    "case_id": "case.id",
    "raised_by_id": "user.id",
    "dismissed_by_id": "user.id",
}


def upgrade() -> None:
    op.create_table(
        "clue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _FOREIGN if name != "dismissed_by_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.Integer(), nullable=True),
        sa.Column("endpoint", sa.String(length=64), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("points_per_day", sa.Boolean(), nullable=False),
        sa.Column("proceeding_number", sa.String(length=20), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.Column("dismissal", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_seq", sa.Integer(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_clue_{name}")) for name, rule in _CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_clue_{column}"))
            for column, target in _FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clue")),
        sa.UniqueConstraint("number", name=op.f("uq_clue_number")),
        sa.UniqueConstraint("key", name=op.f("uq_clue_key")),
    )
    op.create_index("ix_clue_open", "clue", ["raised_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_clue_at", "clue", ["at"])
    op.create_index("ix_clue_kind", "clue", ["kind", "at"])
    op.create_index("ix_clue_department", "clue", ["department_id", "at"])
    op.create_index("ix_clue_person", "clue", ["person_id", "at"])
    op.create_index("ix_clue_case", "clue", ["case_id"])
    op.create_table(
        "clue_watermark",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_clue_watermark")),
    )
    for table, column in _RECORDED_LATE:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_denial_filing_owed", "denial_filing", ["deliver_by"], sqlite_where=_OWED, postgresql_where=_OWED
    )
    op.create_table(
        "cover_lapse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("absence_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'no_handover') = (absence_id IS NOT NULL)", name=op.f("ck_cover_lapse_absence")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_cover_lapse_post_id")),
        sa.ForeignKeyConstraint(["absence_id"], ["absence.id"], name=op.f("fk_cover_lapse_absence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_lapse")),
    )
    op.create_index(
        "ix_cover_lapse_absence",
        "cover_lapse",
        ["absence_id", "post_id"],
        unique=True,
        sqlite_where=_OF_ABSENCE,
        postgresql_where=_OF_ABSENCE,
    )
    op.create_index(
        "ix_cover_lapse_day",
        "cover_lapse",
        ["day", "post_id"],
        unique=True,
        sqlite_where=_OF_DAY,
        postgresql_where=_OF_DAY,
    )
    for statement in guards.triggers(op.get_bind().dialect.name, CLUE_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, CLUE_GUARDS):
        op.execute(statement)
    op.drop_table("cover_lapse")
    op.drop_index("ix_denial_filing_owed", table_name="denial_filing")
    for table, column in reversed(_RECORDED_LATE):
        op.drop_column(table, column)
    op.drop_table("clue_watermark")
    op.drop_table("clue")
