"""posts and tasks

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards, post_guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.add_column("item_version", sa.Column("qualification", sa.String(length=60), nullable=False, server_default=""))
    _facts()
    _tasks()
    for statement in guards.triggers(op.get_bind().dialect.name, post_guards.POST_GUARDS):
        op.execute(statement)


def _facts() -> None:
    """What R-3 needs to be known of people and departments."""
    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_qualification_order")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_qualification_user_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_qualification_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
    )
    op.create_index("ix_qualification_user", "qualification", ["user_id", "kind"])
    op.create_index("ix_qualification_until", "qualification", ["valid_until"])
    op.create_table(
        "representative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_representative_order")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_representative_department_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_representative_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
    )
    op.create_index("ix_representative_department", "representative", ["department_id", "from_on"])
    ending = sa.text("until_on IS NULL")
    op.create_index(
        "ix_representative_open",
        "representative",
        ["department_id"],
        unique=True,
        sqlite_where=ending,
        postgresql_where=ending,
    )


def _tasks() -> None:
    """P-4."""
    people = ("assigned_by_id", "acknowledged_by_id", "reported_by_id", "confirmed_by_id")
    op.create_table(
        "post_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_post_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("time_limit", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("red_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("overdue_statement", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("time_limit <> '' OR due_on IS NOT NULL", name=op.f("ck_post_task_given_date")),
        sa.CheckConstraint(
            "source <> 'upper' OR (authority <> '' AND document_number <> '')", name=op.f("ck_post_task_upper_document")
        ),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('confirmed','withdrawn'))", name=op.f("ck_post_task_closed")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_task_post_id")),
        sa.ForeignKeyConstraint(["assigned_post_id"], ["post.id"], name=op.f("fk_post_task_assigned_post_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_post_task_department_id")),
        *(sa.ForeignKeyConstraint([c], ["user.id"], name=op.f(f"fk_post_task_{c}")) for c in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_task")),
        sa.UniqueConstraint("number", name=op.f("uq_post_task_number")),
    )
    for name, columns in (("open", ["post_id", "due_at"]), ("warn", ["warn_at"])):
        op.create_index(f"ix_post_task_{name}", "post_task", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
    for name, columns in (
        ("department", ["department_id", "assigned_at"]),
        ("assigned_post", ["assigned_post_id"]),
        ("assigned_by", ["assigned_by_id"]),
        ("assigned_at", ["assigned_at"]),
    ):
        op.create_index(f"ix_post_task_{name}", "post_task", columns)
    op.create_table(
        "post_task_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("old_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("asked_at <= old_due_at", name=op.f("ck_post_task_extension_before_expiry")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_post_task_extension_by_another")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["post_task.id"], name=op.f("fk_post_task_extension_task_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_post_task_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_post_task_extension_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_task_extension")),
    )
    op.create_index("ix_post_task_extension_task", "post_task_extension", ["task_id"])
    linked = sa.text("origin_id IS NOT NULL")
    op.create_index("ix_case_origin", "case", ["origin_id"], sqlite_where=linked, postgresql_where=linked)
    waiting = sa.text("decided_at IS NULL")
    op.create_index(
        "ix_post_task_extension_waiting",
        "post_task_extension",
        ["task_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, post_guards.POST_GUARDS):
        op.execute(statement)
    for table in ("post_task_extension", "post_task", "representative", "qualification"):
        op.drop_table(table)
    op.drop_index("ix_case_origin", "case")
    op.drop_column("item_version", "qualification")
