"""opinions of clients, callbacks

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.opinion_guards import OPINION_GUARDS

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("contact_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_by_id", sa.Integer(), nullable=True),
        sa.Column("contact_how", sa.String(length=32), nullable=True),
        sa.Column("contact_said", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leader_opinion", sa.Text(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer_how", sa.String(length=32), nullable=True),
        sa.Column("answer_said", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("untrue_reason", sa.Text(), nullable=False),
        sa.Column("untrue_proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("untrue_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_number", sa.String(length=20), nullable=True),
        sa.Column("notice_text", sa.Text(), nullable=False),
        sa.Column("noticed_by_id", sa.Integer(), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_back_attempts", sa.Integer(), nullable=False),
        sa.Column("called_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_back_by_id", sa.Integer(), nullable=True),
        sa.Column("call_back_how", sa.String(length=32), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("call_back_said", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name=op.f("ck_client_opinion_closed")),
        sa.CheckConstraint(
            "(contact_due_at IS NOT NULL) = (kind = 'bad_review')",
            name=op.f("ck_client_opinion_bad_review_is_contacted"),
        ),
        sa.CheckConstraint(
            "kind <> 'bad_review' OR closed_at IS NULL OR called_back_at IS NOT NULL",
            name=op.f("ck_client_opinion_called_back"),
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR (found_by_id IS NOT NULL AND finding <> '')",
            name=op.f("ck_client_opinion_found_with_reasons"),
        ),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_client_opinion_approved")),
        sa.CheckConstraint("(contacted_at IS NULL) = (contact_how IS NULL)", name=op.f("ck_client_opinion_contacted")),
        sa.CheckConstraint(
            "answered_at IS NULL OR approved_at IS NOT NULL", name=op.f("ck_client_opinion_approved_before_answer")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> drafted_by_id",
            name=op.f("ck_client_opinion_approved_by_another"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_client_opinion_answered_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_client_opinion_approved_by_id")),
        sa.ForeignKeyConstraint(["called_back_by_id"], ["user.id"], name=op.f("fk_client_opinion_called_back_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_client_opinion_case_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_client_opinion_closed_by_id")),
        sa.ForeignKeyConstraint(["contacted_by_id"], ["user.id"], name=op.f("fk_client_opinion_contacted_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_client_opinion_department_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_client_opinion_drafted_by_id")),
        sa.ForeignKeyConstraint(["found_by_id"], ["user.id"], name=op.f("fk_client_opinion_found_by_id")),
        sa.ForeignKeyConstraint(["noticed_by_id"], ["user.id"], name=op.f("fk_client_opinion_noticed_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_client_opinion_opened_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_client_opinion_post_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["user.id"], name=op.f("fk_client_opinion_received_by_id")),
        sa.ForeignKeyConstraint(
            ["untrue_proposed_by_id"], ["user.id"], name=op.f("fk_client_opinion_untrue_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_opinion")),
        sa.UniqueConstraint("notice_number", name=op.f("uq_client_opinion_notice_number")),
        sa.UniqueConstraint("number", name=op.f("uq_client_opinion_number")),
    )
    op.create_index(
        "ix_client_opinion_answer",
        "client_opinion",
        ["answer_due_at"],
        unique=False,
        sqlite_where=sa.text("answer_due_at IS NOT NULL AND answered_at IS NULL AND answer_warned_at IS NULL"),
        postgresql_where=sa.text("answer_due_at IS NOT NULL AND answered_at IS NULL AND answer_warned_at IS NULL"),
    )
    op.create_index(
        "ix_client_opinion_case",
        "client_opinion",
        ["case_id"],
        unique=False,
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.create_index(
        "ix_client_opinion_contact",
        "client_opinion",
        ["contact_due_at"],
        unique=False,
        sqlite_where=sa.text("contact_due_at IS NOT NULL AND contacted_at IS NULL AND contact_warned_at IS NULL"),
        postgresql_where=sa.text("contact_due_at IS NOT NULL AND contacted_at IS NULL AND contact_warned_at IS NULL"),
    )
    op.create_index("ix_client_opinion_department", "client_opinion", ["department_id", "opened_at"], unique=False)
    op.create_index(
        "ix_client_opinion_open",
        "client_opinion",
        ["state", "department_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_client_opinion_opened", "client_opinion", ["opened_at"], unique=False)
    op.create_index(
        "ix_client_opinion_proposed",
        "client_opinion",
        ["id"],
        unique=False,
        sqlite_where=sa.text("untrue_proposed_by_id IS NOT NULL"),
        postgresql_where=sa.text("untrue_proposed_by_id IS NOT NULL"),
    )
    op.create_table(
        "client_opinion_rectification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opinion_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rectified_by_id", sa.Integer(), nullable=True),
        sa.Column("rectified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("rechecked_by_id", sa.Integer(), nullable=True),
        sa.Column("rechecked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(passed IS NULL) = (rechecked_by_id IS NULL)", name=op.f("ck_client_opinion_rectification_rechecked")
        ),
        sa.CheckConstraint(
            "(rectified_at IS NULL) = (rectified_by_id IS NULL)", name=op.f("ck_client_opinion_rectification_rectified")
        ),
        sa.CheckConstraint(
            "rechecked_by_id IS NULL OR rechecked_by_id <> rectified_by_id",
            name=op.f("ck_client_opinion_rectification_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["client_opinion.id"], name=op.f("fk_client_opinion_rectification_opinion_id")
        ),
        sa.ForeignKeyConstraint(
            ["rechecked_by_id"], ["user.id"], name=op.f("fk_client_opinion_rectification_rechecked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["rectified_by_id"], ["user.id"], name=op.f("fk_client_opinion_rectification_rectified_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_opinion_rectification")),
        sa.UniqueConstraint("opinion_id", "round", name=op.f("uq_client_opinion_rectification_opinion_id_round")),
    )
    op.create_index(
        "ix_client_opinion_rectification_due",
        "client_opinion_rectification",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("rectified_at IS NULL AND warned_at IS NULL"),
        postgresql_where=sa.text("rectified_at IS NULL AND warned_at IS NULL"),
    )
    op.create_table(
        "callback_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("frame_size", sa.Integer(), nullable=False),
        sa.Column("frame_digest", sa.String(length=64), nullable=False),
        sa.Column("without_phone", sa.Integer(), nullable=False),
        sa.Column("same_client", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_callback_draw_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_draw")),
        sa.UniqueConstraint("week_on", name=op.f("uq_callback_draw_week_on")),
    )
    op.create_table(
        "callback_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("attitude", sa.Integer(), nullable=True),
        sa.Column("efficiency", sa.Integer(), nullable=True),
        sa.Column("rules_kept", sa.Integer(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("unfiled_denial", sa.Boolean(), nullable=False),
        sa.Column("denial_facts", sa.Text(), nullable=False),
        sa.Column("opinion_number", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(called_at IS NULL) = (state = 'waiting')", name=op.f("ck_callback_call_called")),
        sa.CheckConstraint(
            "(state = 'reached') = (attitude IS NOT NULL)"
            " AND (attitude IS NULL) = (efficiency IS NULL) AND (attitude IS NULL) = (rules_kept IS NULL)",
            name=op.f("ck_callback_call_graded"),
        ),
        sa.CheckConstraint("(called_by_id IS NULL) = (called_at IS NULL)", name=op.f("ck_callback_call_called_by")),
        sa.CheckConstraint(
            "attitude IS NULL OR (attitude BETWEEN 1 AND 5 AND efficiency BETWEEN 1 AND 5"
            " AND rules_kept BETWEEN 1 AND 5)",
            name=op.f("ck_callback_call_scales"),
        ),
        sa.ForeignKeyConstraint(["called_by_id"], ["user.id"], name=op.f("fk_callback_call_called_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_callback_call_case_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_callback_call_department_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["callback_draw.id"], name=op.f("fk_callback_call_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_call")),
        sa.UniqueConstraint("case_id", name=op.f("uq_callback_call_case_id")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_callback_call_draw_id_place")),
    )
    op.create_index("ix_callback_call_month", "callback_call", ["called_on", "department_id"], unique=False)
    op.create_index(
        "ix_callback_call_waiting",
        "callback_call",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, OPINION_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, OPINION_GUARDS):
        op.execute(statement)
    op.drop_table("callback_call")
    op.drop_table("callback_draw")
    op.drop_table("client_opinion_rectification")
    op.drop_table("client_opinion")
