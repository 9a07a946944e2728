"""Kinds of register: taken over from those shipped, made, changed, put aside (O-4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import exists, select
from werkzeug.exceptions import NotFound

from portal.kernel import clock, epochs, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.register import rules
from portal.register import vocabulary as words
from portal.register.models import FieldType, Keeper, RegisterEntry, RegisterKind, Rhythm, Scope
from portal.register.presets import PRESETS, shown


@dataclass(frozen=True)
class Asked:
    """A field of a kind's own; an empty key is a new one."""

    label: str
    type: FieldType
    needed: bool
    key: str = ""


@dataclass(frozen=True)
class Settings:
    """What the office decides about a kind."""

    name: str
    purpose: str = ""
    scope: Scope = Scope.DEPARTMENT
    keeper: Keeper = Keeper.HEAD
    rhythm: Rhythm = Rhythm.NONE
    due_day: int | None = None
    fields: tuple[Asked, ...] = ()
    attendance: bool = False
    heads_only: bool = False
    agenda: bool = False
    passing_on: bool = False
    hazards: bool = False
    handover: bool = False
    hours: bool = False
    minutes_least: int | None = None
    notes: bool = False
    notes_least: int | None = None


def all_kinds() -> list[RegisterKind]:
    """All kinds in the office's order, those put aside last."""
    query = select(RegisterKind).order_by(RegisterKind.closed_on.is_not(None), RegisterKind.sort, RegisterKind.id)
    return list(db.session.scalars(query))


def open_kinds() -> list[RegisterKind]:
    """The kinds in which entries are written."""
    return [kind for kind in all_kinds() if kind.closed_on is None]


def names() -> dict[int, str]:
    """The names of all kinds by id, as this page shows them."""
    found = epochs.cached("register", "names", lambda: {kind.id: kind.name for kind in all_kinds()})
    return {key: shown(name) for key, name in found.items()}


def by_code(code: str) -> RegisterKind:
    """A kind of an address. Raises NotFound."""
    found = db.session.scalar(select(RegisterKind).where(RegisterKind.code == code)) if len(code) <= 20 else None
    if found is None:
        raise NotFound()
    return found


def _manages(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("台账的种类由办公室设置。"), "O-4")


def kept(kind: RegisterKind) -> dict[str, Any]:
    """The settings of a kind as the journal keeps them."""
    named = ("name", "purpose", "due_day", "attendance", "heads_only", "agenda", "passing_on", "hazards", "handover")
    more = ("hours", "minutes_least", "notes", "notes_least")
    found: dict[str, Any] = {name: getattr(kind, name) for name in (*named, *more)}
    chosen = {name: str(getattr(kind, name)) for name in ("scope", "keeper", "rhythm")}
    return found | chosen | {"fields": kind.own_fields()}


def _checked(wanted: Settings) -> None:
    if not wanted.name:
        raise Invalid("name", _("请填写台账的名称。"))
    if wanted.due_day is not None and wanted.rhythm is not Rhythm.MONTH:
        raise Invalid("due_day", _("只有每月的台账才有“几日以前”。"))
    if wanted.minutes_least is not None and not wanted.hours:
        raise Invalid("minutes_least", _("不记时长的台账没有最短时长。"))
    if wanted.notes_least is not None and not wanted.notes:
        raise Invalid("notes_least", _("不记笔记的台账没有笔记字数。"))
    if (wanted.heads_only or wanted.notes) and not wanted.attendance:
        raise Invalid("attendance", _("要记负责人参加或笔记字数的，须登记出席。"))
    if wanted.passing_on and not wanted.attendance:
        raise Invalid("attendance", _("要求会后传达的，须登记出席。"))
    if len(wanted.fields) > rules.MOST_FIELDS:
        raise Invalid("fields", _("自设的栏目最多 %(n)s 个。", n=rules.MOST_FIELDS))
    labels = [each.label for each in wanted.fields]
    if len(set(labels)) != len(labels):
        raise Invalid("fields", _("栏目的名称不能重复。"))


def _set(kind: RegisterKind, wanted: Settings) -> None:
    values = {k: v for k, v in asdict(wanted).items() if k != "fields"}
    for name, value in values.items():
        setattr(kind, name, value)
    used = {each.key for each in wanted.fields if each.key}
    made, n = [], 0
    for each in wanted.fields:
        key = each.key
        while not key:
            n += 1
            key = "" if f"f{n}" in used else f"f{n}"
        used.add(key)
        made.append({"key": key, "label": each.label, "type": str(each.type), "needed": each.needed})
    kind.fields = json.dumps(made, ensure_ascii=False)


def add(actor: Actor, wanted: Settings, now: datetime, code: str = "") -> RegisterKind:
    """A new kind; entries are owed from today on. Raises NotAllowed, Invalid."""
    _manages(actor)
    _checked(wanted)
    _unused(wanted.name, None)
    known = {kind.code for kind in all_kinds()}
    n = len(known) + 1
    while not code:
        code, n = ("" if f"k{n}" in known else f"k{n}"), n + 1
    made = RegisterKind(code=code, sort=len(known), since_on=clock.local(now).date(), fields="[]")
    _set(made, wanted)
    db.session.add(made)
    journal.record(words.KIND_ADDED, made, actor, now, code=code, name=made.name, kept=kept(made))
    return made


def has_entries(kind: RegisterKind) -> bool:
    """Whether anything was written in it."""
    return db.session.scalar(select(exists().where(RegisterEntry.kind_id == kind.id))) or False


def _unused(name: str, own: int | None) -> None:
    query = select(RegisterKind.id).where(RegisterKind.name == name)
    if any(found != own for found in db.session.scalars(query)):
        raise Invalid("name", _("已有同名的台账。"))


def adopt(actor: Actor, now: datetime) -> list[RegisterKind]:
    """Take over the shipped kinds that are not there yet. Raises NotAllowed."""
    _manages(actor)
    known = {kind.code for kind in all_kinds()}
    made = []
    for preset in PRESETS:
        if preset.code not in known:
            with force_locale("zh"):  # what is stored is Chinese, whoever takes it over; pages show it in theirs
                fields = tuple(Asked(str(label), type_, needed) for label, type_, needed in preset.fields)
                wanted = Settings(str(preset.name), str(preset.purpose), fields=fields, **preset.settings)
            made.append(add(actor, wanted, now, preset.code))
    return made


def change(actor: Actor, kind: RegisterKind, wanted: Settings, now: datetime) -> None:
    """Other settings from now on; what was written stays as it was asked. Raises NotAllowed, Invalid, Conflict."""
    _manages(actor)
    if kind.closed_on is not None:
        raise Conflict(_("这种台账已经停用。"), "O-4")
    _checked(wanted)
    _unused(wanted.name, kind.id)
    if wanted.scope is not kind.scope and has_entries(kind):
        raise Invalid("scope", _("已经有记录，不能再改为%(scope)s。", scope=words.SCOPE_LABELS[wanted.scope]))
    if wanted.rhythm is not kind.rhythm:
        kind.since_on = clock.local(now).date()  # what was owed before in another rhythm is not owed anew
    before = kept(kind)
    _set(kind, wanted)
    now_kept = kept(kind)
    if before != now_kept:
        journal.record(
            words.KIND_CHANGED, kind, actor, now, code=kind.code, name=kind.name, before=before, after=now_kept
        )


def close(actor: Actor, kind: RegisterKind, now: datetime) -> None:
    """Put a kind aside: nothing is owed any more, what was written stays readable. Raises NotAllowed, Conflict."""
    _manages(actor)
    if kind.closed_on is not None:
        raise Conflict(_("这种台账已经停用。"), "O-4")
    kind.closed_on = clock.local(now).date()
    journal.record(words.KIND_CLOSED, kind, actor, now, code=kind.code, name=kind.name, on=kind.closed_on)


def reopen(actor: Actor, kind: RegisterKind, now: datetime) -> None:
    """Take a kind up again; entries are owed from today on. Raises NotAllowed, Conflict."""
    _manages(actor)
    if kind.closed_on is None:
        raise Conflict(_("这种台账正在使用。"), "O-4")
    kind.closed_on, kind.since_on = None, clock.local(now).date()
    journal.record(words.KIND_OPENED, kind, actor, now, code=kind.code, name=kind.name, on=kind.since_on)


def shipped_missing(found: Iterable[RegisterKind]) -> int:
    """How many shipped kinds were not taken over."""
    return len({preset.code for preset in PRESETS} - {kind.code for kind in found})


def features(kind: RegisterKind) -> list[str]:
    """What a kind asks besides its fields, in words."""
    labels: Mapping[str, Any] = words.FEATURE_LABELS
    return [str(label) for name, label in labels.items() if getattr(kind, name)]


def field_labels(kind: RegisterKind) -> list[str]:
    """The fields of a kind's own, as this page shows them."""
    return [shown(each["label"]) for each in kind.own_fields()]


def since(kind: RegisterKind, day: date) -> date:
    """The later of a day and the day from which entries of a kind are owed."""
    return max(kind.since_on, day)
