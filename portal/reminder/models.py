"""The inbox, the channels that people chose, and what is to go out by them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import User


class Kind(StrEnum):
    """What a message is about: the unit of choice for channels and of the inbox's filter."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    RED = "red"
    NAG = "nag"
    URGE = "urge"
    SUPERVISION = "supervision"
    TASK = "task"
    DECIDE = "decide"
    HANDOVER = "handover"
    ALARM = "alarm"
    OTHER = "other"


class Service(StrEnum):
    """The services that messages may go to."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    MAIL = "mail"
    WEBHOOK = "webhook"


class When(StrEnum):
    """In which hours a channel may be used."""

    OFFICE = "office"
    HOURS = "hours"
    ALWAYS = "always"


class Delivery(StrEnum):
    """Where an outgoing message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Message(Base):
    """One message in a person's inbox. Titles are kept as a sentence and its facts, read in the reader's language."""

    __tablename__ = "inbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(String(100))
    kind: Mapped[Kind] = mapped_column(Words(Kind))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(300), default="")
    case_id: Mapped[int | None]
    #: The instant that the message is about (a threshold), and when it was told.
    about_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_inbox_message_user", "user_id", "id"),
        Index("ix_inbox_message_at", "at"),
        Index(
            "ix_inbox_message_unread",
            "user_id",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )


class Channel(Recorded, Base):
    """An address by which messages go out: a person's own, or (without a person) a robot of the unit's groups."""

    __epoch__ = "channels"
    __tablename__ = "channel"
    record_name = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    service: Mapped[Service] = mapped_column(Words(Service))
    name: Mapped[str] = mapped_column(String(60))
    #: The secret part of the address: a robot's token, a mailbox, or the address on an allowed host.
    address: Mapped[str] = mapped_column(String(400))
    #: The kinds of message, with blanks between.
    kinds: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[When] = mapped_column(Words(When), default=When.OFFICE)
    from_time: Mapped[str] = mapped_column(String(5), default="")
    to_time: Mapped[str] = mapped_column(String(5), default="")
    digest: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        Index("ix_channel_user", "user_id"),
        CheckConstraint("hours <> 'hours' OR (from_time <> '' AND to_time <> '')", name="hours_given"),
    )

    @property
    def chosen(self) -> frozenset[Kind]:
        """The kinds of message that go out by this channel."""
        return frozenset(Kind(k) for k in self.kinds.split())


_WAITING, _SENDING = text("state = 'waiting'"), text("state = 'sending'")
_BAD = text("state IN ('failed','unknown')")


class Outgoing(Base):
    """One message for one channel: claimed before it is sent, marked after."""

    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_message.id"))
    key: Mapped[str] = mapped_column(String(100))
    kind: Mapped[Kind] = mapped_column(Words(Kind))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[Delivery] = mapped_column(Words(Delivery), default=Delivery.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(60), default="")

    channel: Mapped[Channel] = relationship()

    __table_args__ = (
        UniqueConstraint("channel_id", "key"),
        Index("ix_outgoing_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_outgoing_sending", "claimed_at", sqlite_where=_SENDING, postgresql_where=_SENDING),
        Index("ix_outgoing_bad", "channel_id", sqlite_where=_BAD, postgresql_where=_BAD),
        Index("ix_outgoing_message", "message_id"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('waiting','sending'))", name="ended"),
    )
