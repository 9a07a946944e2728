"""The verbs of praise and honours (O-9): record with evidence, confirm or refuse by a second person, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from werkzeug.datastructures import FileStorage

from portal.honour import rights, seams
from portal.honour import vocabulary as words
from portal.honour.models import Channel, Honour, HonourState, Kind, Level
from portal.honour.rules import LEVELLED
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy
from portal.reminder import service as reminder
from portal.reminder.models import Kind as About

#: The owner of an entry's files.
FILES = "honour"
#: What comes by these leaves nothing to attach; what was said is written down.
SPOKEN = (Channel.CALL, Channel.VISIT)


@dataclass(frozen=True)
class Content:
    """What is recorded. ``source_key``: what in the portal it comes from."""

    kind: Kind
    title: str
    given_by: str
    facts: str
    happened_on: date
    department_id: int | None = None
    user_id: int | None = None
    for_department: bool = True
    level: Level | None = None
    channel: Channel | None = None
    source_key: str = ""


def record(actor: Actor, what: Content, now: datetime, uploads: Sequence[FileStorage] = ()) -> Honour:
    """Record an entry with its evidence; it counts once a second person has confirmed it (O-9).

    Raises Invalid for a department or person that the actor may not record for, a missing level, channel, person or
    evidence, a day to come, or a source that counts already.
    """
    department_id, user_id = _whom(actor, what)
    level, channel = _how(what)
    if what.happened_on > clock.local(now).date():
        raise Invalid("happened_on", _("日期不能晚于今天。"), "O-9")
    if what.source_key:
        _check_source(actor, what, user_id)
    elif channel not in SPOKEN and not any(u and u.filename for u in uploads):
        raise Invalid("files", _("请附上证明材料；来电和当面表扬可以不附。"), "O-9")
    made = Honour(
        number=numbers.take("RY", now),
        kind=what.kind,
        level=level,
        channel=channel,
        title=what.title,
        given_by=what.given_by,
        facts=what.facts,
        happened_on=what.happened_on,
        department_id=department_id,
        for_department=what.for_department,
        user_id=user_id,
        source_key=what.source_key,
        state=HonourState.RECORDED,
        recorded_by_id=actor.id,
        recorded_at=now,
    )
    db.session.add(made)
    db.session.flush()
    stored = files.store(uploads, FILES, made.id, actor.id, now, policy.value("attachments.max_megabytes"))
    person = people.user_names().get(user_id or 0, "")
    journal.record(
        words.RECORDED,
        made,
        actor,
        now,
        number=made.number,
        kind=str(made.kind),
        level=str(level or ""),
        title=made.title,
        on=made.happened_on,
        whom=" ".join(filter(None, (people.department_names().get(department_id), person))),
        for_department=made.for_department,
        source=what.source_key,
        files=files.facts(stored),
    )
    return made


def _whom(actor: Actor, what: Content) -> tuple[int, int | None]:
    user = db.session.get(User, what.user_id) if what.user_id else None
    if what.user_id and (user is None or user.disabled_at is not None):
        raise Invalid("user_id", _("请选择在职人员。"), "O-9")
    department_id = what.department_id or (user.department_id if user else None)
    if department_id not in dict(people.open_departments()):
        raise Invalid("department_id", _("请选择科室。"), "O-9")
    if not rights.may_record(actor, what.kind, department_id):
        raise Invalid("department_id", _("请选择本人可以登记的科室；负面报道由科室负责人、办公室或督查登记。"), "O-9")
    if user is not None and user.department_id != department_id and not actor.can(words.RECORD_ANY):
        raise Invalid("user_id", _("这名人员不在所选科室。"), "O-9")
    if user is None and not what.for_department:
        raise Invalid("user_id", _("不计入科室的，请选择人员。"), "O-9")
    return department_id, user.id if user else None


def _how(what: Content) -> tuple[Level | None, Channel | None]:
    if what.kind in LEVELLED and what.level is None:
        raise Invalid("level", _("请选择级别。"), "O-9")
    if what.kind is Kind.PRAISE and what.channel is None:
        raise Invalid("channel", _("请选择表扬的方式。"), "O-9")
    return what.level if what.kind in LEVELLED else None, what.channel if what.kind is Kind.PRAISE else None


def _check_source(actor: Actor, what: Content, user_id: int | None) -> None:
    place, number = seams.place_of(what.source_key)
    if place is None or what.kind is not Kind.PRAISE or place.find(actor, number) is None:
        raise Invalid("source_key", _("没有找到这条来源，或者它不能登记为表扬。"), "O-9")
    same = [Honour.user_id == user_id] if user_id else []
    if what.for_department:
        same.append(Honour.for_department.is_(True))
    counting = Honour.state.in_((HonourState.RECORDED, HonourState.CONFIRMED))
    taken = select(Honour.number).where(Honour.source_key == what.source_key, counting, or_(*same)).limit(1)
    if found := db.session.scalar(taken):
        raise Invalid("source_key", _("这条来源已经登记为 %(number)s，不能重复计入。", number=found), "O-9")


def confirm(actor: Actor, honour: Honour, now: datetime) -> None:
    """Confirm an entry: from now on it counts (O-9). Raises NotAllowed, Conflict."""
    _decides(actor, honour)
    honour.state, honour.decided_by_id, honour.decided_at = HonourState.CONFIRMED, actor.id, now
    journal.record(words.CONFIRMED, honour, actor, now)
    _tell(honour, now, _l("%(number)s 已确认", number=honour.number))


def refuse(actor: Actor, honour: Honour, reason: str, now: datetime) -> None:
    """Refuse an entry with a reason (O-9). Raises NotAllowed, Conflict, Invalid."""
    _decides(actor, honour)
    if not reason:
        raise Invalid("reason", _("请写明不予确认的理由。"), "O-9")
    honour.state, honour.answer = HonourState.REFUSED, reason
    honour.decided_by_id, honour.decided_at = actor.id, now
    journal.record(words.REFUSED, honour, actor, now, reason=reason)
    _tell(honour, now, _l("%(number)s 未予确认", number=honour.number))


def _decides(actor: Actor, honour: Honour) -> None:
    if honour.state is not HonourState.RECORDED:
        raise Conflict(_("现在是“%(now)s”，不能这样操作。", now=words.STATE_LABELS[honour.state]))
    if not rights.may_decide(actor, honour):
        raise NotAllowed(_("由登记人、所涉人员和所涉科室以外的第二人核实。"))


def withdraw(actor: Actor, honour: Honour, reason: str, now: datetime) -> None:
    """Withdraw an entry; it stays to be read with the reason (O-9). Raises NotAllowed, Conflict, Invalid."""
    if honour.state not in (HonourState.RECORDED, HonourState.CONFIRMED):
        raise Conflict(_("现在是“%(now)s”，不能这样操作。", now=words.STATE_LABELS[honour.state]))
    if not rights.may_withdraw(actor, honour):
        raise NotAllowed(_("待核实的由登记人撤销，已确认的由所涉人员和科室以外的人撤销。"))
    if not reason:
        raise Invalid("reason", _("请写明撤销的理由。"), "O-9")
    was = honour.state
    honour.state, honour.withdrawal = HonourState.WITHDRAWN, reason
    honour.withdrawn_by_id, honour.withdrawn_at = actor.id, now
    journal.record(words.WITHDRAWN, honour, actor, now, was=str(was), reason=reason)
    if was is HonourState.CONFIRMED:
        _tell(honour, now, _l("%(number)s 已撤销", number=honour.number))


def _tell(honour: Honour, now: datetime, title: object) -> None:
    key = f"honour:{honour.id}:{honour.state}"
    whom = (honour.recorded_by_id, honour.user_id)
    reminder.tell(now, whom, About.OTHER, key, title, honour.title, "honour.show", values={"number": honour.number})
