"""The verbs until a matter is found: register, name people, stand aside, report, hear (A-2).

The proceeding is locked by the caller; every verb asks anew who must keep away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post.picture import picture_at
from portal.accountability import rights, rules
from portal.accountability import vocabulary as words
from portal.accountability.models import (
    Appointed,
    Bar,
    Barred,
    Duty,
    Origin,
    Proceeding,
    ProceedingClue,
    Said,
    State,
    Subject,
    Utterance,
)
from portal.calendar import queries as calendar
from portal.clue import service as clues
from portal.clue.models import Clue, ClueKind
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from portal.people.models import Department, User
from portal.policy import queries as policy
from portal.pure.deadlines import deadline
from portal.reminder import service as reminder
from portal.reminder.models import Kind

SERIES = "ZZ"
FILES = "proceeding"
#: Who reported or dismissed a clue, as its entries say.
_HANDLED = {"clue.reported": Bar.RAISER, "clue.dismissed": Bar.DISMISSER}


@dataclass(frozen=True)
class Matter:
    """What a proceeding is opened with."""

    title: str
    summary: str
    origin: Origin = Origin.CLUE
    source: str = ""
    complainant: bool = False
    #: Colleagues who complained: they keep away as complainants.
    complainants: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()


def register(actor: Actor, what: Matter, clue_rows: Sequence[Clue], now: datetime) -> Proceeding:
    """Open a proceeding on one matter: from clues (locked), or from a complaint, an inspection, an upper body (A-2).

    Whoever registers it keeps its file as secretary. Raises NotAllowed for who may not or is concerned, Conflict for a
    clue that was taken up meanwhile, Invalid.
    """
    if not actor.can(words.REGISTER):
        raise NotAllowed(_("由办公室立案。"), "A-2")
    if not clue_rows and what.origin is Origin.CLUE:
        raise Invalid("origin", _("没有线索的，请写明来源和编号。"), "A-2")
    if what.origin is not Origin.CLUE and not what.source:
        raise Invalid("source", _("请填写来源的编号，如投诉编号、检查编号。"), "A-2")
    if not what.people and not what.departments:
        raise Invalid("people", _("请选择当事人或者当事科室。"), "A-2")
    if actor.id in what.people or _member(actor, what.departments):
        raise NotAllowed(_("事项涉及本人或者本科室，应当由他人立案。"), "A-2")
    made = Proceeding(
        number=numbers.take(SERIES, now),
        title=what.title,
        summary=what.summary,
        origin=what.origin,
        source=what.source,
        complainant=what.complainant or any(c.kind is ClueKind.CONFIRMED_COMPLAINT for c in clue_rows),
        unmet_tasks=sum(c.kind is ClueKind.OVERDUE_TASK for c in clue_rows),
        department_id=_department(what),
        registered_by_id=actor.id or 0,
        registered_at=now,
        state=State.REGISTERED,
        report="",
    )
    db.session.add(made)
    journal.record(
        words.REGISTERED, made, actor, now, number=made.number, origin=str(made.origin), source=made.source,
        clues=[c.number for c in clue_rows], title=made.title, summary=made.summary,
    )  # fmt: skip
    for clue in clue_rows:
        made.clues.append(ProceedingClue(clue_id=clue.id))
        for user_id, bar in _handlers(clue):
            _bar(made, user_id, bar)
        clues.mark_in_proceeding(actor, clue, made.number, now)
    for user_id in what.complainants:
        _bar(made, user_id, Bar.COMPLAINANT)
    for user_id in dict.fromkeys(what.people):
        _add(actor, made, user_id, None, False, now)
    for department_id in dict.fromkeys(what.departments):
        _add(actor, made, None, department_id, False, now)
    assign(actor, made, Duty.SECRETARY, actor.id or 0, now, first=True)
    return made


def _member(actor: Actor, departments: Collection[int]) -> bool:
    return actor.department_id in departments or bool(rights.own_heads(actor) & set(departments))


def _department(what: Matter) -> int | None:
    if what.departments:
        return what.departments[0]
    return db.session.get_one(User, what.people[0]).department_id


def _handlers(clue: Clue) -> list[tuple[int, Bar]]:
    """Who raised a clue by hand or dismissed it, also when it was reopened since."""
    rows = db.session.execute(
        select(JournalEntry.actor_id, JournalEntry.event)
        .where(JournalEntry.object_type == "clue", JournalEntry.object_id == clue.id)
        .where(JournalEntry.event.in_(_HANDLED))
    )
    found = {(user_id, _HANDLED[event]) for user_id, event in rows if user_id is not None}
    if clue.raised_by_id is not None:
        found.add((clue.raised_by_id, Bar.RAISER))
    return sorted(found)


def _bar(proceeding: Proceeding, user_id: int, bar: Bar) -> None:
    if not any(b.user_id == user_id and b.bar is bar for b in proceeding.bars):
        proceeding.bars.append(Barred(user_id=user_id, bar=bar))


def _add(
    actor: Actor, proceeding: Proceeding, user_id: int | None, department_id: int | None, joint: bool, now: datetime
) -> Subject:
    person = db.session.get(User, user_id) if user_id is not None else None
    department = db.session.get(Department, department_id) if department_id is not None else None
    if person is None and department is None:
        raise Invalid("people", _("请选择当事人或者当事科室。"), "A-2")
    for each in proceeding.assignments:  # whoever turns out to be concerned keeps away from now on
        if each.ended_at is None and (
            each.user_id == user_id or (department is not None and _of(each.user_id) == department.id)
        ):
            _end(actor, proceeding, each, now)
    db.session.flush()
    made = Subject(
        user_id=user_id,
        department_id=department_id,
        joint=joint,
        facts="",
        opinion="",
        meeting_record="",
        remedies="",
        grounds="",
        review="",
        repeats=0,
    )
    proceeding.subjects.append(made)
    name = person.name if person is not None else department.name if department is not None else ""
    journal.record(words.SUBJECT_ADDED, proceeding, actor, now, who=name, joint=joint)
    return made


def _of(user_id: int) -> int | None:
    return db.session.get_one(User, user_id).department_id


def add_subject(
    actor: Actor, proceeding: Proceeding, user_id: int | None, department_id: int | None, joint: bool, now: datetime
) -> Subject:
    """A further person or department answers for the matter, a leader jointly; they are heard for themselves (A-3).

    Raises NotAllowed, Conflict (too late, already one), Invalid.
    """
    if Duty.INVESTIGATOR in rights.duties(actor.id, proceeding):
        rights.require(actor, proceeding, Duty.INVESTIGATOR, now)
    else:
        rights.require(actor, proceeding, Duty.SECRETARY, now)
    after = rules.MOVES.after(proceeding.state, "add_subject")
    if (user_id is None) == (department_id is None):
        raise Invalid("user_id", _("请选择一名当事人或者一个当事科室。"), "A-2")
    if any(s.user_id == user_id and s.department_id == department_id for s in proceeding.subjects):
        raise Conflict(_("已经是本案的当事方。"), "A-2")
    if user_id is not None and (
        user_id == actor.id or any(user_id in (s.found_by_id, s.decided_by_id) for s in proceeding.subjects)
    ):
        raise Conflict(_("该人员已在本案中作出认定；请先更换调查人并重新认定。"), "A-2")
    made = _add(actor, proceeding, user_id, department_id, joint, now)
    proceeding.state = after
    return made


# --- duties ---------------------------------------------------------------------------------------------------


def assign(
    actor: Actor, proceeding: Proceeding, duty: Duty, user_id: int, now: datetime, *, first: bool = False
) -> None:
    """Give somebody a duty by name; a decider or reviewer takes the place of the former one.

    Raises NotAllowed for others than the secretary, Conflict when it is closed, Invalid for who must keep away (A-2).
    """
    if not first:
        rights.require(actor, proceeding, Duty.SECRETARY, now)
    rules.MOVES.after(proceeding.state, "assign")
    known = rights.matter(proceeding, now)
    found = rules.bars(known, user_id, duty)
    if found:
        raise Invalid("user_id", _("应当回避：%(why)s。", why=rights.bar_words(found)), "A-2")
    if user_id not in dict(people.people_in_service()):
        raise Invalid("user_id", _("请从列出的人员中选择。"), "A-2")
    if duty is Duty.SECRETARY and user_id not in people.users_with_role(Role.OFFICE):
        raise Invalid("user_id", _("秘书由办公室人员担任。"), "A-2")
    if duty is Duty.DECIDER and rights.tier_of(user_id, proceeding, now) is None:
        raise Invalid("user_id", _("该人员没有决定本案的权限。"), "A-3")
    if duty in rights.duties(user_id, proceeding):
        raise Conflict(_("已经担任此项职责。"), "A-2")
    if duty is not Duty.INVESTIGATOR:
        for each in [a for a in proceeding.assignments if a.duty is duty and a.ended_at is None]:
            _end(actor, proceeding, each, now)
    db.session.flush()
    proceeding.assignments.append(Appointed(user_id=user_id, duty=duty, assigned_by_id=actor.id or 0, assigned_at=now))
    who = people.user_names().get(user_id, "")
    journal.record(words.ASSIGNED, proceeding, actor, now, who=who, duty=str(duty))
    if user_id != actor.id:
        tell(
            [user_id],
            proceeding,
            f"duty:{duty}:{now:%y%m%d%H%M%S}",
            _l("追责案件 %(number)s：请履行职责", number=proceeding.number),
            now,
        )


def _end(actor: Actor, proceeding: Proceeding, row: Appointed, now: datetime) -> None:
    row.ended_at = now
    who = people.user_names().get(row.user_id, "")
    journal.record(words.RELIEVED, proceeding, actor, now, who=who, duty=str(row.duty))


def relieve(actor: Actor, proceeding: Proceeding, assignment_id: int, now: datetime) -> None:
    """The secretary ends a duty of somebody else. Raises NotAllowed, Conflict."""
    rights.require(actor, proceeding, Duty.SECRETARY, now)
    rules.MOVES.after(proceeding.state, "assign")
    row = next((a for a in proceeding.assignments if a.id == assignment_id and a.ended_at is None), None)
    if row is None or row.duty is Duty.SECRETARY:
        raise Conflict(_("该职责已经结束；秘书由新的秘书接替。"), "A-2")
    _end(actor, proceeding, row, now)


def recuse(actor: Actor, proceeding: Proceeding, reason: str, now: datetime) -> None:
    """Somebody who is named stands aside, with the reason; whoever is the secretary names another (A-2).

    A secretary stands aside when another is named: the file is never without one. Raises NotAllowed, Conflict, Invalid.
    """
    rules.MOVES.after(proceeding.state, "assign")
    own = [a for a in proceeding.assignments if a.user_id == actor.id and a.ended_at is None]
    if not own:
        raise NotAllowed(_("您在本案中没有职责。"), "A-2")
    if any(a.duty is Duty.SECRETARY for a in own):
        raise Conflict(_("请先指定新的秘书。"), "A-2")
    if not reason:
        raise Invalid("text", _("请写明回避的理由。"), "A-2")
    for each in own:
        _end(actor, proceeding, each, now)
    _bar(proceeding, actor.id or 0, Bar.RECUSED)
    journal.record(words.RECUSED, proceeding, actor, now, who=actor.name, reason=reason)
    title = _l("追责案件 %(number)s：请另行指定人员", number=proceeding.number)
    tell(holders(proceeding, Duty.SECRETARY), proceeding, f"recused:{actor.id}:{now:%y%m%d%H%M%S}", title, now)


def holders(proceeding: Proceeding, duty: Duty) -> list[int | None]:
    """Who has a duty now."""
    return [a.user_id for a in proceeding.assignments if a.duty is duty and a.ended_at is None]


def tell(users: Collection[int | None], proceeding: Proceeding, key: str, title: object, now: datetime) -> None:
    """Say to people that there is something in a proceeding, and nothing of what it is."""
    reminder.tell(
        now, users, Kind.DECIDE, f"proceeding:{proceeding.id}:{key}", title, "", "accountability.show",
        values={"number": proceeding.number},
    )  # fmt: skip


def heads(subject: Subject, now: datetime) -> list[int | None]:
    """To whom a subject's papers go: the person, or the head of the department."""
    if subject.user_id is not None:
        return [subject.user_id]
    seen = picture_at(now)
    return [*seen.heads_of(subject.department_id or 0, clock.local(now).date())]


# --- investigation and hearing --------------------------------------------------------------------------------


def note(actor: Actor, proceeding: Proceeding, text: str, now: datetime) -> None:
    """An internal note, for those who work on it. Raises NotAllowed, Conflict, Invalid."""
    if not rights.duties(actor.id, proceeding) or rights.concerned(actor, proceeding):
        raise NotAllowed(_("由本案的工作人员记录。"), "A-2")
    rules.MOVES.after(proceeding.state, "speak")
    if not text:
        raise Invalid("text", _("请填写内容。"))
    db.session.add(Utterance(proceeding_id=proceeding.id, kind=Said.NOTE, text=text, by_id=actor.id or 0, at=now))
    journal.record(words.NOTED, proceeding, actor, now, text=text)


def report(actor: Actor, proceeding: Proceeding, text: str, uploads: Sequence[FileStorage], now: datetime) -> None:
    """An investigator hands in the report with its evidence; the persons concerned are asked to speak (A-2).

    Raises NotAllowed, Conflict, Invalid.
    """
    rights.require(actor, proceeding, Duty.INVESTIGATOR, now)
    after = rules.MOVES.after(proceeding.state, "report")
    if not text:
        raise Invalid("text", _("请填写调查报告。"), "A-2")
    kept = files.store(uploads, FILES, proceeding.id, actor.id, now, policy.value("attachments.max_megabytes"))
    proceeding.report, proceeding.reported_by_id, proceeding.reported_at = text, actor.id, now
    proceeding.state = after
    journal.record(words.REPORTED, proceeding, actor, now, report=text, files=files.facts(kept))
    title = _l("追责案件 %(number)s：请陈述申辩", number=proceeding.number)
    for each in proceeding.subjects:
        if each.heard_at is None:
            tell(heads(each, now), proceeding, f"hear:{each.id}", title, now)


def hear_by(proceeding: Proceeding) -> datetime | None:
    """Until when the person concerned may speak before it goes on without."""
    if proceeding.reported_at is None:
        return None
    limit = policy.value("accountability.hear_within")
    return deadline(proceeding.reported_at, limit, calendar.work_calendar()).at


def hear(actor: Actor, proceeding: Proceeding, subject: Subject, kind: Said, text: str, now: datetime) -> None:
    """Somebody is heard: by their own statement, by signed minutes, or not at all for a written reason (A-2).

    A statement is the person's own; minutes and the reason are an investigator's, the reason only after the date by
    which the person could speak. When all were heard, the finding can be made. Raises NotAllowed, Conflict, Invalid.
    """
    if kind is Said.STATEMENT:
        if not rights.represents(actor, subject):
            raise NotAllowed(_("由当事人本人陈述申辩。"), "A-2")
    elif kind in (Said.MINUTES, Said.WAIVER):
        rights.require(actor, proceeding, Duty.INVESTIGATOR, now)
    else:
        raise Invalid("kind", _("请选择听取的方式。"), "A-2")
    after = rules.MOVES.after(proceeding.state, "hear")
    if subject.heard_at is not None and kind is Said.WAIVER:
        raise Conflict(_("已经听取陈述申辩。"), "A-2")
    until = hear_by(proceeding)
    if kind is Said.WAIVER and until is not None and now <= until:
        raise Conflict(_("陈述申辩的期限还没有届满，不能不经听取继续办理。"), "A-2")
    if not text:
        raise Invalid("text", _("请填写内容。"), "A-2")
    _say(actor, proceeding, subject, kind, text, now)
    subject.heard_at = subject.heard_at or now
    db.session.flush()
    if all(s.heard_at is not None for s in proceeding.subjects):
        proceeding.state = after
        title = _l("追责案件 %(number)s：请作出认定", number=proceeding.number)
        tell(holders(proceeding, Duty.INVESTIGATOR), proceeding, f"find:{now:%y%m%d%H%M%S}", title, now)


def _say(actor: Actor, proceeding: Proceeding, subject: Subject, kind: Said, text: str, now: datetime) -> None:
    subject.said.append(Utterance(proceeding_id=proceeding.id, kind=kind, text=text, by_id=actor.id or 0, at=now))
    journal.record(words.SPOKEN, proceeding, actor, now, kind=str(kind), text=text)


def object_to(actor: Actor, proceeding: Proceeding, subject: Subject, text: str, now: datetime) -> None:
    """The person concerned says something to the file at any time until it is closed. Raises NotAllowed, Conflict."""
    if not rights.represents(actor, subject):
        raise NotAllowed(_("由当事人本人提出。"), "A-2")
    rules.MOVES.after(proceeding.state, "speak")
    if not text:
        raise Invalid("text", _("请填写内容。"))
    _say(actor, proceeding, subject, Said.OBJECTION, text, now)
    title = _l("追责案件 %(number)s：当事人提出了意见", number=proceeding.number)
    people_told = [*holders(proceeding, Duty.SECRETARY), *holders(proceeding, Duty.INVESTIGATOR)]
    tell(people_told, proceeding, f"objection:{subject.id}:{now:%y%m%d%H%M%S}", title, now)
