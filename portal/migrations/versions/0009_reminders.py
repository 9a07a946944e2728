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
    for statement in guards.triggers(op.get_bind().dialect.name, REMINDER_GUARDS):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.untriggers(op.get_bind().dialect.name, REMINDER_GUARDS):
        op.execute(statement)
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
