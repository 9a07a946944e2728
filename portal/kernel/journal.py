"""The one append-only journal (J-1, J-2): who did what, for whom, when, on what, and from where.

Entries form a hash chain. Personal text is kept beside the entry under a salted digest, so that it can be erased
without breaking the chain. The database itself refuses to change, delete or replace an entry (triggers in the
first migration); a session listener refuses to commit a change of a recorded table that has no entry.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import g, has_request_context, request
from sqlalchemy import ForeignKey, Index, String, Table, Text, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel import epochs
from portal.kernel.actor import Actor
from portal.kernel.db import Base, UtcDateTime, connection, db, dialect, writing
from portal.kernel.statements import Ready

ALGORITHM = "sha256"
GENESIS = "0" * 64
_PG_LOCK = 0x6A6F7572  # one writer of the chain at a time on PostgreSQL; SQLite has BEGIN IMMEDIATE

M = TypeVar("M", bound=Base)


class JournalEntry(Base):
    """One fact. Never changed, never deleted."""

    __tablename__ = "journal_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None]
    for_user_id: Mapped[int | None]
    post_id: Mapped[int | None]
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int | None]
    case_id: Mapped[int | None]
    facts: Mapped[str] = mapped_column(Text)
    personal_digest: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(16))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_journal_entry_object", "object_type", "object_id", "seq"),
        Index("ix_journal_entry_case", "case_id", "seq", sqlite_where=text("case_id IS NOT NULL")),
        Index("ix_journal_entry_event", "event", "seq"),
        Index(
            "ix_journal_entry_for_user",
            "for_user_id",
            "seq",
            sqlite_where=text("for_user_id IS NOT NULL"),
            postgresql_where=text("for_user_id IS NOT NULL"),
        ),
    )

    def fact(self) -> dict[str, Any]:
        """The stored facts as a dictionary."""
        found: dict[str, Any] = json.loads(self.facts)
        return found


class JournalPersonal(Base):
    """Personal text of an entry; erasable (by an erasure entry only), bound to it by a salted digest."""

    __tablename__ = "journal_personal"

    seq: Mapped[int] = mapped_column(ForeignKey(JournalEntry.seq), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class EventKind:
    """A kind of fact: its tag ``room.past_tense``, its sentence, and exactly which facts it carries."""

    tag: str
    sentence: Any
    facts: frozenset[str]
    personal: frozenset[str]
    rules: tuple[str, ...]
    clause: str


EVENTS: dict[str, EventKind] = {}


def kind(
    tag: str,
    sentence: Any,
    facts: Iterable[str] = (),
    personal: Iterable[str] = (),
    rules: Iterable[str] = (),
    clause: str = "",
) -> EventKind:
    """Declare a kind of fact. ``sentence`` is a lazy text that may use the facts as ``%(name)s``."""
    if tag in EVENTS:
        raise ValueError(f"event {tag} is declared twice")
    made = EventKind(tag, sentence, frozenset(facts), frozenset(personal), tuple(rules), clause)
    EVENTS[tag] = made
    return made


class Recorded:
    """Mixin of models whose every change needs a journal entry in the same transaction."""

    record_name: str = ""

    def record_key(self) -> tuple[str, int | None]:
        """The (type, id) under which a change of this row must be recorded; a child names its parent."""
        return self.record_name, getattr(self, "id", None)

    def record_case(self) -> int | None:
        """The case on whose timeline entries about this row appear."""
        found: int | None = getattr(self, "case_id", None)
        return found


class Unrecorded(RuntimeError):
    """A recorded table was about to change without a journal entry (a fault of the program)."""


def canonical(value: Mapping[str, Any]) -> str:
    """The one JSON text of some facts: sorted keys, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def stamp(instant: datetime) -> str:
    """The text of an instant as it enters the hash (microseconds, UTC)."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%f")


def digest(algorithm: str, prev: str, values: Iterable[Any]) -> str:
    """The hash of an entry: over the previous hash and all its other columns in order."""
    body = json.dumps([prev, *values], ensure_ascii=False, separators=(",", ":"))
    return hashlib.new(algorithm, body.encode()).hexdigest()


def personal_digest(salt: str, content: str) -> str:
    """The salted digest that binds personal text to its entry."""
    return hashlib.sha256(f"{salt}:{content}".encode()).hexdigest()


def columns_of(row: Any) -> list[Any]:
    """The columns of an entry that enter its hash, in order."""
    return [
        row["seq"],
        stamp(row["at"]),
        row["event"],
        row["actor_id"],
        row["for_user_id"],
        row["post_id"],
        row["object_type"],
        row["object_id"],
        row["case_id"],
        row["facts"],
        row["personal_digest"],
        row["source"],
        row["algorithm"],
    ]


def withhold_source() -> None:
    """Entries of this request do not say from where: an anonymous complainant must not be found by an address (A-5)."""
    g.source_withheld = True


def _source() -> str:
    if not has_request_context() or g.get("source_withheld"):
        return "portal"
    return f"{(request.remote_addr or '')[:40]} {g.get('request_id', '')}".strip()


_ENTRIES, _PERSONAL = cast(Table, JournalEntry.__table__), cast(Table, JournalPersonal.__table__)
#: Built once: every entry of the journal runs them.
_HEAD = select(_ENTRIES.c.seq, _ENTRIES.c.hash).order_by(_ENTRIES.c.seq.desc()).limit(1)
_APPEND, _APPEND_PERSONAL = Ready.into(_ENTRIES), Ready.into(_PERSONAL)


def head() -> tuple[int, str]:
    """Sequence number and hash of the newest entry (0 and zeros when there is none)."""
    row = connection().execute(_HEAD).one_or_none()
    return (row[0], row[1]) if row else (0, GENESIS)


def _head_seen(session: Session) -> tuple[int, str] | None:
    """The newest entry as this writing transaction has read it already: on SQLite nobody else can write meanwhile."""
    seen = (session.info.get("epochs") or {}).get(epochs.JOURNAL)
    if not seen or not writing.get():
        return None
    seq, _colon, found = seen.partition(":")
    return int(seq), found


def record(
    what: EventKind,
    obj: Any,
    actor: Actor,
    now: datetime,
    /,
    *,
    post_id: int | None = None,
    case_id: int | None = None,
    **facts: Any,
) -> int:
    """Append one entry in the caller's transaction and return its sequence number.

    ``obj`` is a Recorded row (flushed here if new) or None. ``facts`` must be exactly those the kind declares;
    raises ValueError otherwise. When the actor answers for ``post_id`` in someone's place, the entry says for whom.
    """
    if set(facts) != what.facts | what.personal:
        raise ValueError(f"{what.tag}: facts {sorted(facts)} are not {sorted(what.facts | what.personal)}")
    session = db.session()
    session.flush()
    object_type, object_id = obj.record_key() if obj is not None else ("", None)
    if case_id is None and obj is not None:
        case_id = obj.record_case()
    place = actor.answers_for(post_id) if post_id is not None else None
    plain = canonical({k: v for k, v in facts.items() if k in what.facts})
    hidden = canonical({k: v for k, v in facts.items() if k in what.personal}) if what.personal else None
    salt = secrets.token_hex(16) if hidden is not None else ""
    chain = session.info.get("journal_head")
    if chain is None:
        if dialect() == "postgresql":
            session.execute(text(f"SELECT pg_advisory_xact_lock({_PG_LOCK})"))
            chain = head()
        else:
            chain = _head_seen(session) or head()
    seq, prev = chain[0] + 1, chain[1]
    row = {
        "seq": seq,
        "at": now,
        "event": what.tag,
        "actor_id": actor.id,
        "for_user_id": place.for_user_id if place else None,
        "post_id": post_id,
        "object_type": object_type,
        "object_id": object_id,
        "case_id": case_id,
        "facts": plain,
        "personal_digest": personal_digest(salt, hidden) if hidden is not None else None,
        "source": _source(),
        "algorithm": ALGORITHM,
        "prev_hash": prev,
    }
    row["hash"] = digest(ALGORITHM, prev, columns_of(row))
    _APPEND.run(row)
    if hidden is not None:
        _APPEND_PERSONAL.run({"seq": seq, "salt": salt, "content": hidden})
    session.info["journal_head"] = (seq, row["hash"])
    session.info.setdefault("recorded", set()).add((object_type, object_id))
    return seq


# --- no change without an entry -------------------------------------------------------------------------------


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: Any) -> None:
    touched = session.info.setdefault("touched", set())
    for obj in session.new:
        if isinstance(obj, Recorded):
            touched.add(obj.record_key())
    for obj in session.deleted:
        if isinstance(obj, Recorded):
            touched.add(obj.record_key())
    for obj in session.dirty:
        if isinstance(obj, Recorded) and session.is_modified(obj):
            touched.add(obj.record_key())


@event.listens_for(Session, "before_commit")
def _refuse_unrecorded(session: Session) -> None:
    session.flush()
    missing = session.info.get("touched", set()) - session.info.get("recorded", set())
    if missing:
        raise Unrecorded(f"changed without a journal entry: {sorted(map(str, missing))}")


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    for name in ("touched", "recorded", "journal_head"):
        session.info.pop(name, None)


# --- reading --------------------------------------------------------------------------------------------------


def personal_of(seqs: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The personal facts of some entries by sequence number (erased ones are absent)."""
    wanted = list(seqs)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(JournalPersonal.seq, JournalPersonal.content).where(JournalPersonal.seq.in_(wanted))
    )
    return {seq: json.loads(content) for seq, content in rows}


def of_case(case_id: int) -> list[JournalEntry]:
    """All entries of one case, oldest first."""
    return list(
        db.session.scalars(select(JournalEntry).where(JournalEntry.case_id == case_id).order_by(JournalEntry.seq))
    )


def of_object(object_type: str, object_id: int) -> list[JournalEntry]:
    """All entries about one object, oldest first."""
    return list(
        db.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.object_type == object_type, JournalEntry.object_id == object_id)
            .order_by(JournalEntry.seq)
        )
    )


def entries_with(model: type[M], after_seq: int, events: Iterable[str], *options: Any) -> list[tuple[JournalEntry, M]]:
    """The entries of some kinds after a number, each with the row of its object, in order; by the index of kinds."""
    rows = (
        select(JournalEntry, model)
        .join(model, model.id == JournalEntry.object_id)  # type: ignore[attr-defined]
        .where(JournalEntry.event.in_(list(events)), JournalEntry.seq > after_seq)
        .order_by(JournalEntry.seq)
        .options(*options)
    )
    return [(entry, found) for entry, found in db.session.execute(rows)]


def on_behalf_of(user_id: int, from_at: datetime, to_at: datetime, limit: int = 200) -> list[JournalEntry]:
    """What others did in a person's place within a time (AB-4), the newest ``limit`` entries, newest first."""
    return list(
        db.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.for_user_id == user_id, JournalEntry.at >= from_at, JournalEntry.at < to_at)
            .order_by(JournalEntry.seq.desc())
            .limit(limit)
        )
    )


def count_on_behalf_of(user_id: int, from_at: datetime, to_at: datetime) -> int:
    """How many entries others made in a person's place within a time (AB-4)."""
    query = select(func.count()).select_from(JournalEntry)
    query = query.where(JournalEntry.for_user_id == user_id, JournalEntry.at >= from_at, JournalEntry.at < to_at)
    return db.session.scalar(query) or 0
