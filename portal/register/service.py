"""The verbs of entries: draft, take attendance, file, correct, strike (O-4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.calendar.queries import work_calendar
from portal.kernel import clock, files, journal, numbers, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.i18n import local_date, local_dt
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.months import month_text
from portal.register import rights, rules
from portal.register import vocabulary as words
from portal.register.models import (
    EntryState,
    FieldType,
    RegisterCorrection,
    RegisterEntry,
    RegisterKind,
    RegisterPassing,
    Rhythm,
    Scope,
)

PREFIX = "TZ"
FILES = "register_entry"


@dataclass(frozen=True)
class Content:
    """What is written in an entry; ``answers`` by the keys of the kind's own fields."""

    title: str
    held_at: datetime | None
    minutes: int | None = None
    place: str = ""
    chair_id: int | None = None
    agenda: str = ""
    content: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    handed_to_id: int | None = None
    handover: str = ""


def keep_or_refuse(actor: Actor, kind: RegisterKind, department_id: int | None) -> None:
    """Raises NotAllowed for whoever does not write in this register."""
    if not rights.keeps(actor, kind, department_id):
        raise NotAllowed(_("这本台账由%(keeper)s记录。", keeper=words.KEEPER_LABELS[kind.keeper]), "O-4")


def begin(
    actor: Actor,
    kind: RegisterKind,
    department_id: int | None,
    content: Content,
    now: datetime,
    agenda_month: date | None = None,
) -> RegisterEntry:
    """Draft an entry. Raises NotAllowed, Invalid, Conflict for a kind put aside."""
    if kind.closed_on is not None:
        raise Conflict(_("这种台账已经停用。"), "O-4")
    if kind.scope is Scope.UNIT:
        department_id = None
    elif department_id not in rights.keeping_departments():
        raise Invalid("department_id", _("请选择科室。"))
    keep_or_refuse(actor, kind, department_id)
    made = RegisterEntry(
        kind_id=kind.id,
        kind=kind,
        department_id=department_id,
        state=EntryState.DRAFT,
        fields=kind.fields,
        recorded_by_id=actor.id or 0,
        recorded_at=now,
        agenda_month=agenda_month if kind.agenda else None,
        corrected=0,
        version=1,
        taken_note="",
        struck_reason="",
    )
    _put(made, content, now, draft=True)
    made.number = numbers.take(PREFIX, now)
    db.session.add(made)
    month = month_text(made.agenda_month) if made.agenda_month else ""
    journal.record(
        words.BEGUN, made, actor, now,
        kind=kind.name, number=made.number, title=made.title, held_on=made.held_on, agenda_month=month,
    )  # fmt: skip
    _index(made)
    return made


def write(actor: Actor, entry: RegisterEntry, content: Content, version: int, now: datetime) -> None:
    """Change a draft. Raises NotAllowed, Invalid, Conflict when it was filed or changed meanwhile."""
    keep_or_refuse(actor, entry.kind, entry.department_id)
    draft_or_refuse(entry)
    same_or_refuse(entry, version)
    _put(entry, content, now, draft=True)
    entry.version += 1
    journal.record(words.WRITTEN, entry, actor, now, number=entry.number, kept=said(entry))
    _index(entry)


def file(actor: Actor, entry: RegisterEntry, now: datetime) -> None:
    """File a draft: from now on it changes only by a correction.

    Raises NotAllowed, Conflict (no draft, not yet held, attendance not taken), Invalid for what is still lacking.
    """
    kind = entry.kind
    keep_or_refuse(actor, kind, entry.department_id)
    draft_or_refuse(entry)
    if entry.held_at > now:
        raise Conflict(_("还没有到时间，开过或者做过之后才能记入。"), "O-4")
    if kind.attendance and not entry.presences:
        raise Conflict(_("还没有登记出席。"), "O-4")
    lacking(entry)
    entry.state, entry.filed_at, entry.filed_by_id = EntryState.FILED, now, actor.id
    entry.version += 1
    journal.record(
        words.FILED, entry, actor, now,
        kind=kind.name, number=entry.number, title=entry.title, held_on=entry.held_on, kept=said(entry),
    )  # fmt: skip
    if kind.passing_on:
        _to_pass_on(entry, now)


def _to_pass_on(entry: RegisterEntry, now: datetime) -> None:
    """Each department that was expected has to pass on what was said: who was there for it, or its head."""
    days: int = policy.value("register.pass_on_workdays")
    due = work_calendar().add_workdays(clock.local(now).date(), days)
    there: dict[int, int | None] = {}
    for each in entry.presences:
        if each.department_id is not None:
            who = each.user_id if each.presence == "present" else each.delegate_id
            there[each.department_id] = there.get(each.department_id) or who
    entry.passings += [
        RegisterPassing(department_id=department_id, by_id=who, due_on=due, note="")
        for department_id, who in there.items()
    ]


def correct(actor: Actor, entry: RegisterEntry, content: Content, reason: str, now: datetime) -> RegisterCorrection:
    """Change what was filed, keeping what stood before (J-3). Raises NotAllowed, Invalid, Conflict."""
    keep_or_refuse(actor, entry.kind, entry.department_id)
    filed_or_refuse(entry)
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    if entry.taken_at is not None and content.handed_to_id != entry.handed_to_id:
        raise Invalid("handed_to_id", _("已经接班，不能再改接班人。"))
    with db.session.no_autoflush:
        before = _shown(entry)
        kept = {c.key: getattr(entry, c.key) for c in RegisterEntry.__table__.columns}
        _put(entry, content, now, draft=False)
        lacking(entry)
        after = _shown(entry)
        changes = [
            {"label": label, "old": before.get(label, ""), "new": after.get(label, "")}
            for label in after
            if before.get(label, "") != after.get(label, "")
        ]
        new = {name: getattr(entry, name) for name in kept}
        for name, value in kept.items():  # the trace is written first: the database asks for it
            setattr(entry, name, value)
    if not changes:
        raise Invalid("reason", _("没有改动。"))
    made = trace(actor, entry, reason, changes, now)
    for name, value in new.items():
        if name not in ("corrected", "version"):
            setattr(entry, name, value)
    entry.corrected += 1
    entry.version += 1
    db.session.flush()
    _index(entry)
    return made


def trace(
    actor: Actor, entry: RegisterEntry, reason: str, changes: list[dict[str, str]], now: datetime
) -> RegisterCorrection:
    """Keep why a filed entry changes and what stood before; the caller counts it on the entry."""
    made = RegisterCorrection(
        entry_id=entry.id,
        reason=reason,
        changes=json.dumps(changes, ensure_ascii=False),
        by_id=actor.id or 0,
        at=now,
    )
    entry.corrections.append(made)
    journal.record(words.CORRECTED, entry, actor, now, number=entry.number, reason=reason, changes=changes)
    return made


def strike(actor: Actor, entry: RegisterEntry, reason: str, now: datetime) -> None:
    """Strike an entry that should not be there; it stays readable and counts no more.

    Raises NotAllowed, Invalid, Conflict while a hazard of it is open.
    """
    keep_or_refuse(actor, entry.kind, entry.department_id)
    if entry.state is EntryState.STRUCK:
        raise Conflict(_("这条记录已经作废。"), "O-4")
    if any(each.state != "closed" for each in entry.hazard_rows):
        raise Conflict(_("还有没有消除的隐患，不能作废。"), "O-4")
    if not reason:
        raise Invalid("reason", _("请写明作废的原因。"), "J-3")
    entry.state, entry.struck_reason = EntryState.STRUCK, reason
    entry.version += 1
    journal.record(words.STRUCK, entry, actor, now, number=entry.number, reason=reason)


def attach(actor: Actor, entry: RegisterEntry, uploads: Iterable[FileStorage], now: datetime) -> None:
    """Add attachments. Raises NotAllowed, Conflict for a struck entry, Invalid."""
    keep_or_refuse(actor, entry.kind, entry.department_id)
    if entry.state is EntryState.STRUCK:
        raise Conflict(_("这条记录已经作废。"), "O-4")
    made = files.store(uploads, FILES, entry.id, actor.id, now, policy.value("attachments.max_megabytes"))
    if not made:
        raise Invalid("files", _("请选择文件。"))
    entry.version += 1
    journal.record(words.FILES_ADDED, entry, actor, now, number=entry.number, files=files.facts(made))


# --- what all verbs ask --------------------------------------------------------------------------------------


def draft_or_refuse(entry: RegisterEntry) -> None:
    """Raises Conflict for what is no draft any more."""
    if entry.state is not EntryState.DRAFT:
        raise Conflict(_("这条记录已经不是草稿，需要改动的请更正。"), "O-4")


def filed_or_refuse(entry: RegisterEntry) -> None:
    """Raises Conflict for what is not filed."""
    if entry.state is not EntryState.FILED:
        raise Conflict(_("只有已经记入的才能更正。"), "O-4")


def same_or_refuse(entry: RegisterEntry, version: int) -> None:
    """Raises Conflict when somebody else has changed the entry since the page was shown."""
    if entry.version != version:
        raise Conflict(_("这条记录刚被别人改过，请刷新后再改。"), "O-4")


def lacking(entry: RegisterEntry) -> None:
    """Raises Invalid for the first thing that a filed entry must have and this one lacks."""
    kind = entry.kind
    if kind.hours and not entry.minutes:
        raise Invalid("minutes", _("请填写时长。"))
    if not entry.content and not entry.asked():
        raise Invalid("content", _("请填写内容。"))
    if kind.handover and entry.handed_to_id is None:
        raise Invalid("handed_to_id", _("请选择接班人。"))
    for each in entry.asked():
        if each["needed"] and not entry.answer(each["key"]):
            raise Invalid(f"own_{each['key']}", _("请填写%(label)s。", label=each["label"]))


def _put(entry: RegisterEntry, content: Content, now: datetime, draft: bool) -> None:
    kind = entry.kind
    if not content.title:
        raise Invalid("title", _("请填写标题。"))
    if content.held_at is None:
        raise Invalid("held_at", _("请填写时间。"))
    if not draft and content.held_at > now:
        raise Invalid("held_at", _("时间不能在将来。"))
    able = dict(people.people_in_service())
    if content.chair_id is not None and content.chair_id not in able and content.chair_id != entry.chair_id:
        raise Invalid("chair_id", _("请选择主持人。"))
    if content.handed_to_id is not None and content.handed_to_id != entry.handed_to_id:
        if content.handed_to_id not in able:
            raise Invalid("handed_to_id", _("请选择接班人。"))
        if content.handed_to_id in (entry.recorded_by_id, entry.filed_by_id):
            raise Invalid("handed_to_id", _("接班人不能是交班人自己。"))
    day = clock.local(content.held_at).date()
    entry.title, entry.held_at, entry.held_on = content.title, content.held_at, day
    entry.period_on = rules.period_of(kind.rhythm, day)
    entry.minutes = content.minutes if kind.hours else entry.minutes
    entry.place, entry.chair_id, entry.content = content.place, content.chair_id, content.content
    entry.agenda = content.agenda if kind.agenda else entry.agenda or ""
    entry.handed_to_id = content.handed_to_id if kind.handover else entry.handed_to_id
    entry.handover = content.handover if kind.handover else entry.handover or ""
    answers = {each["key"]: content.answers.get(each["key"], "") for each in json.loads(entry.fields)}
    entry.answers = json.dumps({k: v for k, v in answers.items() if v}, ensure_ascii=False, sort_keys=True)


def _shown(entry: RegisterEntry) -> dict[str, str]:
    """What stands in an entry by label, for the trace of a correction."""
    names = people.user_names()
    found = {
        _("标题"): entry.title,
        _("时间"): local_dt(entry.held_at),
        _("时长（分钟）"): str(entry.minutes or ""),
        _("地点"): entry.place,
        _("主持人"): names.get(entry.chair_id or 0, ""),
        _("议题"): entry.agenda,
        _("内容"): entry.content,
        _("接班人"): names.get(entry.handed_to_id or 0, ""),
        _("交班事项"): entry.handover,
    }
    return found | {each["label"]: shown_answer(entry, each) for each in entry.asked()}


def shown_answer(entry: RegisterEntry, asked: Mapping[str, Any]) -> str:
    """An answer of a kind's own field, as people read it."""
    found = entry.answer(asked["key"])
    if asked["type"] == FieldType.DATE and found:
        return local_date(date.fromisoformat(found))
    return found


def said(entry: RegisterEntry) -> dict[str, Any]:
    """What stands in an entry, as the journal keeps it."""
    return {
        "title": entry.title, "held_at": entry.held_at, "minutes": entry.minutes, "place": entry.place,
        "chair": entry.chair_id, "agenda": entry.agenda, "content": entry.content,
        "answers": json.loads(entry.answers), "handed_to": entry.handed_to_id, "handover": entry.handover,
    }  # fmt: skip


def is_late(entry: RegisterEntry) -> bool:
    """Whether an entry was filed longer after the day than the policy allows, or after its period was over."""
    if entry.filed_at is None:
        return False
    filed: date = clock.local(entry.filed_at).date()
    if (filed - entry.held_on).days > policy.value("register.late_by_days"):
        return True
    kind = entry.kind
    return kind.rhythm is not Rhythm.NONE and entry.held_on > rules.due_on(kind.rhythm, entry.period_on, kind.due_day)


def _index(entry: RegisterEntry) -> None:
    search.put("register", entry.id, entry.number, entry.title, entry.place, entry.agenda, entry.content)
