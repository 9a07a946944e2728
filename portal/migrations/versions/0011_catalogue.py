"""drafts and review of service items, fees, consequences

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from portal.kernel.db import UtcDateTime
from portal.migrations import guards
from portal.migrations.catalogue_guards import CATALOGUE_GUARDS

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_VERSION = (
    ("fee_unit", 20),
    ("breach_kinds", 80),
    ("breach", 0),
    ("complaint", 200),
    ("related", 200),
)
_ITEM = (("retired_reason", 200), ("replaced_by", 20))


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    for name, length in _ITEM:
        op.add_column("service_item", _text(name, length))
    op.add_column("item_version", sa.Column("fee_fen", sa.Integer(), nullable=True))
    for name, length in _VERSION:
        op.add_column("item_version", _text(name, length))
    sample = sa.ForeignKey("attachment.id", name=op.f("fk_item_material_sample_id"))
    op.add_column("item_material", sa.Column("sample_id", sa.Integer(), sample, nullable=True), inline_references=True)
    op.create_table(
        "item_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("second_needed", sa.Boolean(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("edition > 0", name=op.f("ck_item_draft_edition")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_item_draft_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_item_draft_item_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_item_draft_submitted_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_version.id"], name=op.f("fk_item_draft_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_draft")),
    )
    op.create_index("ix_item_draft_item", "item_draft", ["item_id", "id"], unique=False)
    running = sa.text("state IN ('writing', 'submitted')")
    op.create_index(
        "uq_item_draft_running", "item_draft", ["item_id"], unique=True, sqlite_where=running, postgresql_where=running
    )
    op.create_table(
        "item_draft_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["item_draft.id"], name=op.f("fk_item_draft_text_draft_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["user.id"], name=op.f("fk_item_draft_text_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_draft_text")),
        sa.UniqueConstraint("draft_id", "edition", name=op.f("uq_item_draft_text_draft_id_edition")),
    )
    _fees()
    bound = sa.text("promise_version_id IS NOT NULL")
    op.create_index(
        "ix_case_promise_version",
        "case",
        ["promise_version_id", "received_at"],
        unique=False,
        sqlite_where=bound,
        postgresql_where=bound,
    )
    for statement in guards.triggers(op.get_bind().dialect.name, CATALOGUE_GUARDS):
        op.execute(statement)


def _fees() -> None:
    op.create_table(
        "case_fee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("published_fen", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expected_fen", sa.Integer(), nullable=False),
        sa.Column("charged_fen", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("receipt", sa.String(length=60), nullable=False),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "charged_fen >= 0 AND published_fen >= 0 AND quantity > 0", name=op.f("ck_case_fee_amounts")
        ),
        sa.CheckConstraint("expected_fen = published_fen * quantity", name=op.f("ck_case_fee_expected")),
        sa.CheckConstraint("charged_fen = expected_fen OR reason <> ''", name=op.f("ck_case_fee_reason")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_fee_case_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["case_fee.id"], name=op.f("fk_case_fee_corrects_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_case_fee_department_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_case_fee_recorded_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_version.id"], name=op.f("fk_case_fee_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_fee")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_case_fee_corrects_id")),
    )
    op.create_index("ix_case_fee_case", "case_fee", ["case_id"], unique=False)
    op.create_index("ix_case_fee_charged", "case_fee", ["charged_on", "id"], unique=False)
    op.create_index("ix_case_fee_department", "case_fee", ["department_id", "charged_on"], unique=False)
    op.create_table(
        "case_consequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("breach", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_how", sa.String(length=300), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'compensation') = (amount_fen IS NOT NULL)", name=op.f("ck_case_consequence_amount")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_case_consequence_positive")),
        sa.CheckConstraint("state <> 'given' OR given_on IS NOT NULL", name=op.f("ck_case_consequence_given")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_consequence_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_case_consequence_decided_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_case_consequence_department_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["user.id"], name=op.f("fk_case_consequence_given_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_case_consequence_proposed_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["item_version.id"], name=op.f("fk_case_consequence_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_consequence")),
        sa.UniqueConstraint("number", name=op.f("uq_case_consequence_number")),
    )
    running = sa.text("state IN ('proposed', 'approved')")
    op.create_index("ix_case_consequence_case", "case_consequence", ["case_id"], unique=False)
    op.create_index("ix_case_consequence_proposed", "case_consequence", ["proposed_at", "id"], unique=False)
    op.create_index(
        "ix_case_consequence_open",
        "case_consequence",
        ["department_id", "state"],
        unique=False,
        sqlite_where=running,
        postgresql_where=running,
    )


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, CATALOGUE_GUARDS):
        op.execute(statement)
    op.drop_index("ix_case_promise_version", table_name="case")
    op.drop_table("case_consequence")
    op.drop_table("case_fee")
    op.drop_table("item_draft_text")
    op.drop_table("item_draft")
    for name, _length in reversed(_ITEM):
        op.drop_column("service_item", name)
    with op.batch_alter_table("item_material") as batch:
        batch.drop_constraint(op.f("fk_item_material_sample_id"), type_="foreignkey")
        batch.drop_column("sample_id")
    for name, _length in reversed(_VERSION):
        op.drop_column("item_version", name)
    op.drop_column("item_version", "fee_fen")
