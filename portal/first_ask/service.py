"""The verbs of first-ask: file, reverse, pass on, accept, dispute, rule, answer, acknowledge (F-1 … F-5, J-3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from portal.calendar import queries as calendar
from portal.cases import second_person
from portal.cases import service as cases
from portal.cases.models import Case, ProposalKind
from portal.cases.service import Client
from portal.first_ask import rules
from portal.first_ask import vocabulary as words
from portal.first_ask.models import Channel, Disposition, FirstAsk, HandOver
from portal.kernel import journal, numbers, search
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.inserting import insert_row
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.deadlines import deadline
from portal.service_commitment import queries as catalogue
from portal.service_commitment.queries import Entry

LONGEST_AGO = timedelta(days=31)


@dataclass(frozen=True)
class Asked:
    """What a first-asker writes down (F-2). Only the matter is needed."""

    matter: str
    disposition: Disposition = Disposition.ANSWERED
    channel: Channel = Channel.VISIT
    item: Entry | None = None
    client: Client = field(default_factory=Client)
    materials_left: str = ""
    outcome: str = ""
    to_department_id: int | None = None
    outside_authority: str = ""
    outside_contact: str = ""
    urgent: bool = False
    urgent_reason: str = ""
    asked_at: datetime | None = None


def file(actor: Actor, asked: Asked, now: datetime) -> FirstAsk:
    """File an entry of the first-ask log.

    Opens a received case for what is accepted, needs a notice or is to be refused (F-3), passes the matter on (F-4),
    reports what is urgent to the principal (F-5). Raises Invalid at the field that is missing.
    """
    if actor.department_id is None:
        raise Invalid("matter", _("您还没有所属科室，请联系管理员。"))
    asked_at = asked.asked_at or now
    if not now - LONGEST_AGO <= asked_at <= now:
        raise Invalid("asked_at", _("来访时间应在最近 31 天内，且不能晚于现在。"))
    to_department = asked.to_department_id or (asked.item.department_id if asked.item else None)
    found = rules.problem(
        asked.disposition,
        to_department=to_department is not None,
        outside=bool(asked.outside_authority),
        materials_left=bool(asked.materials_left),
    )
    if found == "department":
        raise Invalid("to_department", _("请选择转到哪个科室。"), "F-3")
    if found == "outside":
        raise Invalid("outside_authority", _("请填写应去的单位。"), "F-3")
    if found == "submitted":
        raise Invalid("disposition", _("已经收下材料的，不属本单位职责须走否定报备，请选“拟否定”。"), "F-3")
    if asked.disposition is Disposition.PASSED and to_department == actor.department_id:
        raise Invalid("to_department", _("这是您自己的科室，请直接办理。"), "F-3")
    if asked.urgent and not asked.urgent_reason:
        raise Invalid("urgent_reason", _("请写明紧急重大的情况。"), "F-5")
    opened = asked.disposition in rules.OPENS_CASE
    case = _open_case(actor, asked.matter, asked.client, asked.item, None, now) if opened else None
    entry = FirstAsk(
        number=numbers.take("SW", now),
        case_id=case.id if case else None,
        asked_at=asked_at,
        filed_at=now,
        channel=asked.channel,
        matter=asked.matter,
        item_id=asked.item.id if asked.item else None,
        client_unit=asked.client.unit,
        client_name=asked.client.name,
        client_phone=asked.client.phone,
        materials_left=asked.materials_left,
        outcome=asked.outcome,
        disposition=asked.disposition,
        asker_id=actor.id or 0,
        department_id=actor.department_id,
        post_id=actor.posts[0].post_id if actor.posts else None,
        outside_authority=asked.outside_authority,
        outside_contact=asked.outside_contact,
        urgent=asked.urgent,
        urgent_reason=asked.urgent_reason,
        acknowledge_by=_after(now, "first_ask.urgent_acknowledge_within") if asked.urgent else None,
    )
    insert_row(entry)
    set_committed_value(entry, "case", case)
    journal.record(
        words.FILED,
        entry,
        actor,
        now,
        post_id=entry.post_id,
        number=entry.number,
        disposition=str(asked.disposition),
        channel=str(asked.channel),
        item=asked.item.code if asked.item else "",
        to_department=people.department_names().get(to_department or 0, "")
        if asked.disposition is Disposition.PASSED
        else "",
        urgent=asked.urgent,
        outside=asked.outside_authority,
        matter=asked.matter,
        client_unit=asked.client.unit,
        client_name=asked.client.name,
        client_phone=asked.client.phone,
    )
    search.put(
        "first_ask", entry.id, entry.number, asked.matter, asked.client.unit, asked.client.name, asked.client.phone
    )
    if asked.disposition is Disposition.PASSED and to_department is not None:
        _pass(actor, entry, to_department, actor.department_id, now)
    return entry


def _after(now: datetime, key: str) -> datetime | None:
    return deadline(now, policy.value(key), calendar.work_calendar()).at


def _open_case(
    actor: Actor, matter: str, client: Client, item: Entry | None, post_id: int | None, now: datetime
) -> Case:
    own = next((p.post_id for p in actor.posts if p.kind in ("staff", "head")), None)
    return cases.open_case(
        actor,
        now,
        matter=matter,
        client=client,
        item=item,
        post_id=post_id or own,
    )


def _pass(actor: Actor, entry: FirstAsk, to_department_id: int, from_department_id: int, now: datetime) -> HandOver:
    made = HandOver(
        entry_id=entry.id,
        ordinal=len(entry.handovers) + 1,
        from_department_id=from_department_id,
        to_department_id=to_department_id,
        passed_by_id=actor.id or 0,
        passed_at=now,
        respond_by=_after(now, "first_ask.dispute_within"),
    )
    entry.handovers.append(made)
    names = people.department_names()
    journal.record(
        words.PASSED,
        entry,
        actor,
        now,
        to=names[to_department_id],
        origin=names[from_department_id],
        ordinal=made.ordinal,
        respond_by=made.respond_by,
    )
    return made


def reverse(actor: Actor, entry: FirstAsk, reason: str, now: datetime) -> FirstAsk:
    """Undo an entry by a linked reversal (J-3); a case it opened is proposed for withdrawal to a second person.

    Within ``first_ask.undo_minutes`` no reason is needed. Raises NotAllowed (not the asker), Conflict (reversed
    already, taken over by a department, case in hand), Invalid (reason missing).
    """
    if entry.asker_id != actor.id:
        raise NotAllowed(_("只有登记人可以撤销这条登记。"), "J-3")
    if entry.reversed_at is not None or entry.reverses_id is not None:
        raise Conflict(_("这条登记已经撤销。"))
    if now - entry.filed_at > timedelta(minutes=policy.value("first_ask.undo_minutes")) and not reason:
        raise Invalid("reason", _("登记已超过可直接撤销的时间，请写明撤销理由。"), "J-3")
    if any(h.accepted_at or h.ruled_at for h in entry.handovers) or entry.answered_at:
        raise Conflict(_("接收科室已经接手，不能再撤销。"))
    if entry.case_id is not None:
        case = locked(Case, id=entry.case_id)
        if case.closed_at is None and second_person.waiting(case) is None:
            second_person.propose(
                actor, case, ProposalKind.WITHDRAW, reason or _("首问登记有误，已撤销。"), False, "", now, misfiled=True
            )
    reversal = FirstAsk(
        number=numbers.take("SW", now),
        asked_at=now,
        filed_at=now,
        channel=entry.channel,
        matter=entry.matter,
        item_id=entry.item_id,
        disposition=entry.disposition,
        outcome=reason,
        asker_id=entry.asker_id,
        department_id=entry.department_id,
        post_id=entry.post_id,
        reverses_id=entry.id,
    )
    entry.reversed_at = now
    db.session.add(reversal)
    db.session.flush()
    journal.record(words.REVERSED, entry, actor, now, number=entry.number, by=reversal.number, reason=reason)
    journal.record(words.REVERSED, reversal, actor, now, number=entry.number, by=reversal.number, reason=reason)
    return reversal


def _waiting(entry: FirstAsk) -> HandOver:
    last = entry.handovers[-1] if entry.handovers else None
    if last is None or last.accepted_at or last.ruled_at or entry.reversed_at:
        raise Conflict(_("这条转办已经处理过。"))
    return last


def responsible_department(entry: FirstAsk) -> int:
    """The department that answers for an entry now: the first-asker's until another has taken over (F-1)."""
    for hand in reversed(entry.handovers):
        if hand.ruled_department_id:
            return hand.ruled_department_id
        if hand.accepted_at:
            return hand.to_department_id
    return entry.department_id


def may_respond(actor: Actor, hand: HandOver) -> bool:
    """Whether the actor may answer for the department that a matter was passed to."""
    return actor.can(words.FILE) and hand.to_department_id in {actor.department_id, *actor.departments_headed()}


def accept(actor: Actor, entry: FirstAsk, now: datetime) -> HandOver:
    """The receiving department takes the matter over; liability passes (F-1, F-4)."""
    hand = _waiting(entry)
    if not may_respond(actor, hand):
        raise NotAllowed(_("这件事项没有转给您的科室。"), "F-4")
    if hand.disputed_at is not None:
        raise Conflict(_("已提出异议，等待办公室裁定。"))
    hand.accepted_at, hand.accepted_by_id = now, actor.id
    journal.record(words.ACCEPTED, entry, actor, now, department=hand.to_department.name, late=now > hand.respond_by)
    return hand


def dispute(actor: Actor, entry: FirstAsk, reason: str, now: datetime) -> None:
    """The receiving department disputes within one working day (policy); the office rules (F-4)."""
    hand = _waiting(entry)
    if not may_respond(actor, hand):
        raise NotAllowed(_("这件事项没有转给您的科室。"), "F-4")
    if hand.disputed_at is not None:
        raise Conflict(_("已提出异议，等待办公室裁定。"))
    if now > hand.respond_by:
        raise Invalid("reason", _("已过提出异议的期限，请接收办理。"), "F-4")
    if not reason:
        raise Invalid("reason", _("请写明异议理由。"), "F-4")
    hand.disputed_at, hand.disputed_by_id, hand.dispute_reason = now, actor.id, reason
    journal.record(words.DISPUTED, entry, actor, now, department=hand.to_department.name, late=False, reason=reason)


def rule(actor: Actor, entry: FirstAsk, department_id: int, ruling: str, now: datetime) -> None:
    """The office rules on a dispute; its ruling stands (F-4). Raises Conflict when nothing is disputed."""
    hand = _waiting(entry)
    if hand.disputed_at is None:
        raise Conflict(_("这条转办没有异议，无须裁定。"))
    if department_id not in people.department_names():
        raise Invalid("department", _("请选择负责科室。"))
    if not ruling:
        raise Invalid("ruling", _("请写明裁定意见。"))
    hand.ruled_at, hand.ruled_by_id, hand.ruled_department_id, hand.ruling = now, actor.id, department_id, ruling
    journal.record(words.RULED, entry, actor, now, department=people.department_names()[department_id], ruling=ruling)


def _require_responsible(actor: Actor, entry: FirstAsk) -> None:
    if entry.reversed_at or entry.case_id or entry.answered_at:
        raise Conflict(_("这件事项已经有结果。"))
    departments = {actor.department_id, *actor.departments_headed()}
    if not actor.can(words.FILE) or responsible_department(entry) not in departments or not entry.handovers:
        raise NotAllowed(_("这件事项目前不由您的科室负责。"), "F-1")
    last = entry.handovers[-1]
    if not (last.accepted_at or last.ruled_at):
        raise Conflict(_("请先接收这件转办。"))


def open_case(actor: Actor, entry: FirstAsk, post_id: int | None, now: datetime) -> Case:
    """The department that took over opens a case for the matter (F-3)."""
    _require_responsible(actor, entry)
    item = catalogue.by_id(entry.item_id)
    client = Client(entry.client_unit, entry.client_name, entry.client_phone)
    case = _open_case(actor, entry.matter, client, item, post_id, now)
    entry.case_id = case.id
    journal.record(words.CASE_OPENED, entry, actor, now, case_id=case.id, number=case.number)
    return case


def answer(actor: Actor, entry: FirstAsk, text: str, now: datetime) -> None:
    """The department that took over has answered the client; the first-asker is told (F-1)."""
    _require_responsible(actor, entry)
    if not text:
        raise Invalid("answer", _("请填写答复内容。"))
    entry.answer, entry.answered_at, entry.answered_by_id = text, now, actor.id
    journal.record(words.ANSWERED, entry, actor, now, answer=text)


def pass_on(actor: Actor, entry: FirstAsk, to_department_id: int, now: datetime) -> HandOver:
    """Pass a matter that was taken over on once more; the journal shows the second passing-on (F-4)."""
    _require_responsible(actor, entry)
    if to_department_id not in people.department_names():
        raise Invalid("to_department", _("请选择转到哪个科室。"), "F-3")
    held = responsible_department(entry)
    if to_department_id == held:
        raise Invalid("to_department", _("这是您自己的科室，请直接办理。"))
    return _pass(actor, entry, to_department_id, held, now)


def acknowledge(actor: Actor, entry: FirstAsk, note: str, now: datetime) -> None:
    """The principal acknowledges an urgent and grave matter (F-5)."""
    if not entry.urgent or entry.reversed_at is not None:
        raise Conflict(_("这条登记不是紧急重大事项。"))
    if entry.acknowledged_at is not None:
        raise Conflict(_("已经阅知。"))
    entry.acknowledged_at, entry.acknowledged_by_id, entry.acknowledgement = now, actor.id, note
    late = entry.acknowledge_by is not None and now > entry.acknowledge_by
    journal.record(words.ACKNOWLEDGED, entry, actor, now, late=late, note=note)
