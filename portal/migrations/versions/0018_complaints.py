"""complaints

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.complaint_guards import COMPLAINT_GUARDS

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint_submission",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", "hour", name=op.f("pk_complaint_submission")),
    )
    op.create_index("ix_complaint_submission_hour", "complaint_submission", ["hour"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about_whom", sa.String(length=120), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("refused_unfiled", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("upper_body", sa.String(length=120), nullable=False),
        sa.Column("upper_number", sa.String(length=60), nullable=False),
        sa.Column("upper_on", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("time_limit", sa.String(length=8), nullable=False),
        sa.Column("extra_days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_by_id", sa.Integer(), nullable=True),
        sa.Column("extended_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.String(length=400), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("passed_to", sa.String(length=120), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("extract", sa.Text(), nullable=False),
        sa.Column("extract_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("rectification", sa.Text(), nullable=False),
        sa.Column("unfiled_denial", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_back", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_how", sa.String(length=32), nullable=True),
        sa.Column("satisfaction", sa.String(length=32), nullable=True),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by_id", sa.Integer(), nullable=True),
        sa.Column("reversal", sa.String(length=400), nullable=False),
        sa.Column("identity_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('passed_on','not_taken_up','closed'))",
            name=op.f("ck_complaint_closed"),
        ),
        sa.CheckConstraint(
            "(extended_at IS NULL) = (extension_reason = '')", name=op.f("ck_complaint_extended_with_reason")
        ),
        sa.CheckConstraint(
            "channel <> 'upper' OR (upper_body <> '' AND upper_number <> '')", name=op.f("ck_complaint_upper_document")
        ),
        sa.CheckConstraint("state <> 'not_taken_up' OR decision <> ''", name=op.f("ck_complaint_refused_with_reasons")),
        sa.CheckConstraint("state <> 'passed_on' OR passed_to <> ''", name=op.f("ck_complaint_passed_to_somebody")),
        sa.CheckConstraint("(satisfaction IS NULL) = (rated_at IS NULL)", name=op.f("ck_complaint_rated")),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> officer_id", name=op.f("ck_complaint_approved_by_another")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> person_id", name=op.f("ck_complaint_not_approved_by_oneself")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name=op.f("ck_complaint_proposed_by_another")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> person_id", name=op.f("ck_complaint_not_decided_by_oneself")
        ),
        sa.CheckConstraint(
            "extended_at IS NULL OR extended_at <= extended_from", name=op.f("ck_complaint_extended_before_expiry")
        ),
        sa.CheckConstraint("officer_id IS NULL OR officer_id <> person_id", name=op.f("ck_complaint_not_oneself")),
        sa.CheckConstraint("told_at IS NULL OR decided_at IS NOT NULL", name=op.f("ck_complaint_told_after_decision")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_complaint_approved_by_id")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_complaint_assigned_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_complaint_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_complaint_decided_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_complaint_department_id")),
        sa.ForeignKeyConstraint(["extended_by_id"], ["user.id"], name=op.f("fk_complaint_extended_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_complaint_item_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["user.id"], name=op.f("fk_complaint_officer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_complaint_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_complaint_post_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_complaint_proposed_by_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["user.id"], name=op.f("fk_complaint_registered_by_id")),
        sa.ForeignKeyConstraint(["reversed_by_id"], ["user.id"], name=op.f("fk_complaint_reversed_by_id")),
        sa.ForeignKeyConstraint(["statement_by_id"], ["user.id"], name=op.f("fk_complaint_statement_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("form_key", name=op.f("uq_complaint_form_key")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
    )
    op.create_index("ix_complaint_department", "complaint", ["department_id", "received_at"], unique=False)
    op.create_index("ix_complaint_officer", "complaint", ["officer_id", "due_at"], unique=False)
    op.create_index("ix_complaint_received", "complaint", ["received_at"], unique=False)
    op.create_index(
        "ix_complaint_running",
        "complaint",
        ["due_at", "state"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_index(
        "ix_complaint_told",
        "complaint",
        ["told_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND told_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND told_at IS NOT NULL"),
    )
    op.create_index(
        "ix_complaint_unerased",
        "complaint",
        ["closed_at"],
        unique=False,
        sqlite_where=sa.text("identity_erased_at IS NULL AND closed_at IS NOT NULL"),
        postgresql_where=sa.text("identity_erased_at IS NULL AND closed_at IS NOT NULL"),
    )
    op.create_table(
        "complaint_addition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_addition_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_addition")),
    )
    op.create_index("ix_complaint_addition_complaint", "complaint_addition", ["complaint_id"], unique=False)
    op.create_table(
        "complaint_identity",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_identity_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_identity")),
    )
    op.create_table(
        "complaint_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_complaint_note_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_note_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_note")),
    )
    op.create_index("ix_complaint_note_complaint", "complaint_note", ["complaint_id"], unique=False)
    op.create_table(
        "complaint_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_paper_complaint_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_complaint_paper_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_paper")),
        sa.UniqueConstraint("complaint_id", "kind", name=op.f("uq_complaint_paper_complaint_id_kind")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_paper_number")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, COMPLAINT_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, COMPLAINT_GUARDS):
        op.execute(statement)
    op.drop_table("complaint_paper")
    op.drop_table("complaint_note")
    op.drop_table("complaint_addition")
    op.drop_table("complaint_identity")
    op.drop_table("complaint")
    op.drop_table("complaint_submission")
