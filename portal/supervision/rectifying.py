"""The verbs of rectification: order, report, re-check; what time and a changed calendar bring (O-2, A-3, T-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.calendar import queries as calendar
from portal.calendar.foresight import Change
from portal.cases import queries as cases
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_task.rules import Clock, clock_of
from portal.pure.limits import LimitError
from portal.reminder.models import Kind
from portal.supervision import rights, rules
from portal.supervision import vocabulary as words
from portal.supervision.common import in_charge, of_department, of_group, photos, tell
from portal.supervision.models import InspectionFinding, RectificationOrder

PREFIX = "DCZ"
#: The owners of the photos of a report and of a re-check.
FILES, CHECK_FILES = "inspection_order", "inspection_recheck"
BATCH = 200


@dataclass(frozen=True)
class Until:
    """Until when: a limit, a date, or (neither) the office's usual limit."""

    time_limit: str = ""
    on: date | None = None


def _clock(given_at: datetime, time_limit: str, due_on: date | None) -> Clock:
    return clock_of(given_at, time_limit, due_on, calendar.work_calendar(), cases.thresholds())


def _due(now: datetime, until: Until) -> tuple[str, Clock]:
    """The limit as it is kept (empty for a date) and its clock. Raises Invalid at the field that is wrong."""
    if until.time_limit and until.on is not None:
        raise Invalid("time_limit", _("请填写整改时限或者整改日期，只填一项。"), "O-2")
    limit = "" if until.on is not None else until.time_limit or str(policy.value("supervision.rectify_within"))
    try:
        return limit, _clock(now, limit, until.on)
    except LimitError:
        raise Invalid("time_limit", _("请填写时限，如：4 个工作小时、2 个工作日。"), "O-2") from None
    except ValueError:
        past = until.on is not None and until.on < clock.local(now).date()
        raise Invalid("due_on", _("整改日期不能早于今天。") if past else _("整改日期太远。"), "O-2") from None


def order(actor: Actor, found: InspectionFinding, demand: str, until: Until, now: datetime) -> RectificationOrder:
    """Order the department to rectify by a date, in writing and numbered (O-2).

    Raises NotAllowed (own department), Conflict while the department may still comment, IllegalMove, Invalid.
    """
    of_group(actor, found)
    after = rules.MOVES.after(found.state, "order")
    if not rules.heard(found.commented_at, found.comment_by, now, found.severity):
        raise Conflict(_("科室还可以说明情况，期满前不能作出处理。"), "O-2")
    made = _issue(actor, found, demand, until, now)
    found.state = after
    _record_order(actor, found, made, now)
    return made


def _issue(actor: Actor, found: InspectionFinding, demand: str, until: Until, now: datetime) -> RectificationOrder:
    if not demand:
        raise Invalid("text", _("请写明整改要求。"))
    limit, due = _due(now, until)
    made = RectificationOrder(
        number=numbers.take(PREFIX, now),
        department_id=found.department_id,
        round=len(found.orders) + 1,
        demand=demand,
        issued_by_id=actor.id or 0,
        issued_at=now,
        time_limit=limit,
        due_on=until.on,
        due_at=due.due_at,
        soon_at=due.soon_at,
        red_at=due.red_at,
        provisional=due.provisional,
        report="",
        opinion="",
    )
    found.orders.append(made)
    return made


def _record_order(actor: Actor, found: InspectionFinding, made: RectificationOrder, now: datetime) -> None:
    journal.record(
        words.ORDERED, found, actor, now, case_id=found.case_id, number=made.number, round=made.round,
        due=made.due_at, time_limit=made.time_limit, demand=made.demand,
    )  # fmt: skip
    tell(
        found, of_department(found, now), f"order:{made.id}",
        _l("整改通知 %(number)s", number=made.number), _l("请于 %(by)s 前整改并报告。", by=made.due_at), now,
    )  # fmt: skip


def reports(actor: Actor, found: InspectionFinding) -> bool:
    """Whether the actor reports a rectification: who speaks for the department, or answers for the post concerned."""
    return rights.represents(actor, found.department_id) or (
        found.post_id is not None and found.post_id in actor.post_ids
    )


def report(
    actor: Actor, found: InspectionFinding, text: str, now: datetime, uploads: Sequence[FileStorage] = ()
) -> None:
    """The department reports what it did, with photos. Raises NotAllowed, IllegalMove, Invalid."""
    if not reports(actor, found):
        raise NotAllowed(_("由被检查科室的负责人或者该岗位的负责人报告整改。"), "O-2")
    after, made = rules.MOVES.after(found.state, "report"), _running(found)
    if not text:
        raise Invalid("text", _("请写明整改情况。"))
    if now > made.due_at and made.warned_at is None:
        _overdue(made, now)  # it was late before a sweep came round
    made.report, made.reported_by_id, made.reported_at = text, actor.id, now
    found.state = after
    stored = photos(uploads, FILES, made.id, actor, now)
    journal.record(
        words.REPORTED, found, actor, now, case_id=found.case_id, post_id=_post_of(actor, found),
        number=made.number, report=text, late=made.late, files=files.facts(stored),
    )  # fmt: skip
    tell(
        found, [made.issued_by_id], f"order:{made.id}:report",
        _l("整改通知 %(number)s 已报告整改，请复查", number=made.number), "", now, Kind.DECIDE,
    )  # fmt: skip


def _post_of(actor: Actor, found: InspectionFinding) -> int | None:
    """The post by which the actor speaks: B for A is said so in the entry (AB-4)."""
    if found.post_id is not None and found.post_id in actor.post_ids:
        return found.post_id
    heads = [a.post_id for a in actor.posts if a.kind == "head" and a.department_id == found.department_id]
    return heads[0] if heads else None


def _running(found: InspectionFinding) -> RectificationOrder:
    made = found.order
    if made is None or made.ended_at is not None:
        raise Conflict(_("没有正在执行的整改通知。"), "O-2")
    return made


def recheck(
    actor: Actor, found: InspectionFinding, passed: bool, opinion: str, until: Until, now: datetime,
    uploads: Sequence[FileStorage] = (),
) -> None:  # fmt: skip
    """The group checks what was reported: it passes, or a further order follows; the so manyth failure goes up (A-3).

    Raises NotAllowed for the department and for who reported it, IllegalMove, Invalid.
    """
    after, made = rules.MOVES.after(found.state, "pass" if passed else "again"), _running(found)
    if not rights.may_recheck(actor, found, made):
        raise NotAllowed(_("由督查组复查；被检查科室的人员和报告整改的人不能复查。"), "O-2")
    if not passed and not opinion:
        raise Invalid("text", _("请写明不合格的原因和继续整改的要求。"))
    up = not passed and rules.escalates(made.round, policy.value("supervision.escalates_after"))
    made.passed, made.opinion, made.checked_by_id, made.checked_at, made.ended_at = passed, opinion, actor.id, now, now
    found.state = after
    stored = photos(uploads, CHECK_FILES, made.id, actor, now)
    if passed:
        found.settled_at, found.settled_by_id = now, actor.id
    journal.record(
        words.RECHECKED, found, actor, now, case_id=found.case_id, number=made.number, round=made.round,
        passed=passed, escalated=up, opinion=opinion, files=files.facts(stored),
    )  # fmt: skip
    if passed:
        title = _l("整改通知 %(number)s 复查合格", number=made.number)
        tell(found, of_department(found, now), f"order:{made.id}:checked", title, "", now)
        return
    following = _issue(actor, found, opinion, until, now)
    _record_order(actor, found, following, now)
    if up:
        principal = posts.principal_post()
        users = [in_charge(found.department_id, now)]
        users += [ab.who_answers_for(principal, now).user_id] if principal is not None else []
        title = _l("整改 %(n)s 次复查不合格：%(number)s", n=made.round, number=found.number)
        tell(found, users, f"order:{made.id}:failed", title, "", now, Kind.ALARM)


# --- the passing of time --------------------------------------------------------------------------------------


def _overdue(made: RectificationOrder, now: datetime) -> None:
    """Record that the date has passed, and say so to the department and the leader in charge."""
    made.warned_at = made.due_at
    journal.record(words.OVERDUE, made, SYSTEM, now, case_id=made.finding.case_id, number=made.number, due=made.due_at)
    users = [*of_department(made.finding, now), in_charge(made.department_id, now), made.issued_by_id]
    tell(
        made.finding, users, f"order:{made.id}:late:{made.due_at:%Y%m%d%H%M%S}",
        _l("整改超期：%(number)s", number=made.number), _l("应于 %(by)s 前完成。", by=made.due_at), now,
        Kind.OVERDUE, made.due_at,
    )  # fmt: skip


def sweep(now: datetime) -> int:
    """Record, once each, the orders whose date passed without a report; returns how many (A-1)."""
    late = (
        RectificationOrder.ended_at.is_(None),
        RectificationOrder.reported_at.is_(None),
        RectificationOrder.warned_at.is_(None),
        RectificationOrder.due_at < now,
    )
    query = (
        select(RectificationOrder)
        .where(*late)
        .order_by(RectificationOrder.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(query).all()
    for made in found:
        _overdue(made, now)
    return len(found)


def _derive(made: RectificationOrder) -> None:
    due = _clock(made.issued_at, made.time_limit, made.due_on)
    made.due_at, made.soon_at, made.red_at, made.provisional = due.due_at, due.soon_at, due.red_at, due.provisional


def _running_orders(lock: bool) -> list[RectificationOrder]:
    query = (
        select(RectificationOrder)
        .where(RectificationOrder.ended_at.is_(None), RectificationOrder.reported_at.is_(None))
        .order_by(RectificationOrder.id)
    )
    return list(db.session.scalars(query.with_for_update() if lock else query))


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the dates of running orders anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    for made in _running_orders(True):
        old, warned = made.due_at, made.warned_at is not None
        _derive(made)
        if made.due_at > now:
            made.warned_at = None
        if db.session.is_modified(made):
            changed += 1
            journal.record(
                words.RECOMPUTED, made, actor, now, number=made.number, old_due=old, due=made.due_at,
                provisional=made.provisional, was_overdue=warned and made.warned_at is None,
            )  # fmt: skip
    return changed


def foresee(lock: bool) -> list[Change]:
    """The running orders whose dates the supposed calendar would move (T-3); nothing is written."""
    found = []
    with db.session.no_autoflush:
        for made in _running_orders(lock):
            due = _clock(made.issued_at, made.time_limit, made.due_on)
            if (due.due_at, due.provisional) != (made.due_at, made.provisional):
                found.append(
                    Change(
                        made.number,
                        made.demand[:60],
                        made.department_id,
                        made.due_at,
                        due.due_at,
                        made.provisional,
                        due.provisional,
                    )
                )
    return found
