"""inbox, outgoing messages, urging and supervision by number

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations import guards
from portal.migrations.reminder_guards import REMINDER_GUARDS

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("kinds", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=32), nullable=False),
        sa.Column("from_time", sa.String(length=5), nullable=False),
        sa.Column("to_time", sa.String(length=5), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "hours <> 'hours' OR (from_time <> '' AND to_time <> '')", name=op.f("ck_channel_hours_given")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_channel_made_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_channel_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index("ix_channel_user", "channel", ["user_id"], unique=False)
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("about_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_inbox_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_inbox_message_user_id_key")),
    )
    op.create_index("ix_inbox_message_at", "inbox_message", ["at"], unique=False)
    op.create_index(
        "ix_inbox_message_unread",
        "inbox_message",
        ["user_id", "id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_inbox_message_user", "inbox_message", ["user_id", "id"], unique=False)
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=60), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (state IN ('waiting','sending'))", name=op.f("ck_outgoing_ended")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_outgoing_channel_id")),
        sa.ForeignKeyConstraint(["message_id"], ["inbox_message.id"], name=op.f("fk_outgoing_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("channel_id", "key", name=op.f("uq_outgoing_channel_id_key")),
    )
    op.create_index(
        "ix_outgoing_bad",
        "outgoing",
        ["channel_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('failed','unknown')"),
        postgresql_where=sa.text("state IN ('failed','unknown')"),
    )
    op.create_index("ix_outgoing_message", "outgoing", ["message_id"], unique=False)
    op.create_index(
        "ix_outgoing_sending",
        "outgoing",
        ["claimed_at"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_outgoing_waiting",
        "outgoing",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "nag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("light", sa.String(length=12), nullable=False),
        sa.Column("threshold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since_seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_nag_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nag")),
        sa.UniqueConstraint("case_id", "threshold_at", name=op.f("uq_nag_case_id_threshold_at")),
    )
    op.create_index(
        "ix_nag_open",
        "nag",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_post_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_limit", sa.String(length=8), nullable=False),
        sa.Column("reply_on", sa.Date(), nullable=True),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name=op.f("ck_supervision_closed")),
        sa.CheckConstraint("time_limit <> '' OR reply_on IS NOT NULL", name=op.f("ck_supervision_given_date")),
        sa.CheckConstraint("case_id IS NULL OR task_id IS NULL", name=op.f("ck_supervision_one_subject")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_supervision_case_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_supervision_closed_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_supervision_department_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_supervision_issued_by_id")),
        sa.ForeignKeyConstraint(["issued_post_id"], ["post.id"], name=op.f("fk_supervision_issued_post_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_supervision_post_id")),
        sa.ForeignKeyConstraint(["task_id"], ["post_task.id"], name=op.f("fk_supervision_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_number")),
    )
    op.create_index("ix_supervision_case", "supervision", ["case_id"], unique=False)
    op.create_index("ix_supervision_department", "supervision", ["department_id", "issued_at"], unique=False)
    op.create_index("ix_supervision_issued_at", "supervision", ["issued_at"], unique=False)
    op.create_index("ix_supervision_issued_by", "supervision", ["issued_by_id"], unique=False)
    op.create_index("ix_supervision_issued_post", "supervision", ["issued_post_id"], unique=False)
    op.create_index(
        "ix_supervision_open",
        "supervision",
        ["post_id", "reply_by"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_supervision_open_by",
        "supervision",
        ["reply_by"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_supervision_task", "supervision", ["task_id"], unique=False)
    op.create_table(
        "urge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urged_by_id", sa.Integer(), nullable=False),
        sa.Column("by_post_id", sa.Integer(), nullable=True),
        sa.Column("urged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=True),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "replied_by_id IS NULL OR (ended_at IS NOT NULL AND reply <> '')", name=op.f("ck_urge_reply_said")
        ),
        sa.CheckConstraint("(case_id IS NULL) <> (task_id IS NULL)", name=op.f("ck_urge_one_subject")),
        sa.CheckConstraint("replied_by_id IS NULL OR replied_by_id <> urged_by_id", name=op.f("ck_urge_by_another")),
        sa.ForeignKeyConstraint(["by_post_id"], ["post.id"], name=op.f("fk_urge_by_post_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_urge_case_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_urge_department_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_urge_post_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user.id"], name=op.f("fk_urge_replied_by_id")),
        sa.ForeignKeyConstraint(["task_id"], ["post_task.id"], name=op.f("fk_urge_task_id")),
        sa.ForeignKeyConstraint(["to_user_id"], ["user.id"], name=op.f("fk_urge_to_user_id")),
        sa.ForeignKeyConstraint(["urged_by_id"], ["user.id"], name=op.f("fk_urge_urged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge")),
    )
    op.create_index("ix_urge_case", "urge", ["case_id"], unique=False)
    op.create_index("ix_urge_department", "urge", ["department_id", "urged_at"], unique=False)
    op.create_index(
        "ix_urge_open",
        "urge",
        ["post_id", "reply_by"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_urge_task", "urge", ["task_id"], unique=False)
    op.create_index("ix_urge_urged_at", "urge", ["urged_at"], unique=False)
    op.create_index("ix_urge_urged_by", "urge", ["urged_by_id"], unique=False)
    op.create_table(
        "supervision_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supervision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.CheckConstraint("(accepted IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_supervision_reply_decided")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> replied_by_id", name=op.f("ck_supervision_reply_by_another")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_supervision_reply_decided_by_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user.id"], name=op.f("fk_supervision_reply_replied_by_id")),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervision.id"], name=op.f("fk_supervision_reply_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_reply")),
        sa.UniqueConstraint("supervision_id", "round", name=op.f("uq_supervision_reply_supervision_id_round")),
    )
    for statement in guards.triggers(op.get_bind().dialect.name, REMINDER_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, REMINDER_GUARDS):
        op.execute(statement)
    op.drop_table("supervision_reply")
    op.drop_index("ix_urge_case", table_name="urge")
    op.drop_index("ix_urge_department", table_name="urge")
    op.drop_index("ix_urge_open", table_name="urge")
    op.drop_index("ix_urge_task", table_name="urge")
    op.drop_index("ix_urge_urged_at", table_name="urge")
    op.drop_index("ix_urge_urged_by", table_name="urge")
    op.drop_table("urge")
    op.drop_index("ix_supervision_case", table_name="supervision")
    op.drop_index("ix_supervision_department", table_name="supervision")
    op.drop_index("ix_supervision_issued_at", table_name="supervision")
    op.drop_index("ix_supervision_issued_by", table_name="supervision")
    op.drop_index("ix_supervision_issued_post", table_name="supervision")
    op.drop_index("ix_supervision_open", table_name="supervision")
    op.drop_index("ix_supervision_open_by", table_name="supervision")
    op.drop_index("ix_supervision_task", table_name="supervision")
    op.drop_table("supervision")
    op.drop_index("ix_nag_open", table_name="nag")
    op.drop_table("nag")
    op.drop_index("ix_outgoing_bad", table_name="outgoing")
    op.drop_index("ix_outgoing_message", table_name="outgoing")
    op.drop_index("ix_outgoing_sending", table_name="outgoing")
    op.drop_index("ix_outgoing_waiting", table_name="outgoing")
    op.drop_table("outgoing")
    op.drop_index("ix_inbox_message_at", table_name="inbox_message")
    op.drop_index("ix_inbox_message_unread", table_name="inbox_message")
    op.drop_index("ix_inbox_message_user", table_name="inbox_message")
    op.drop_table("inbox_message")
    op.drop_index("ix_channel_user", table_name="channel")
    op.drop_table("channel")
