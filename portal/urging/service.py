"""The verbs: urge and answer; issue a supervision, reply, accept or ask again, withdraw; what time brings (T-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from portal.ab_post import queries as ab
from portal.ab_post import telling
from portal.calendar import queries as calendar
from portal.cases import queries as cases
from portal.cases.models import Case
from portal.kernel import clock, journal, numbers, search
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.post_task.models import Task
from portal.post_task.rules import Clock
from portal.pure.limits import LimitError
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.urging import rights, rules
from portal.urging import vocabulary as words
from portal.urging.models import Supervision, SupervisionReply, SupervisionState, Urge

BATCH = 200


@dataclass(frozen=True)
class Date:
    """Until when a reply is wanted: a limit, a date, or (neither) the office's usual limit."""

    time_limit: str = ""
    on: date | None = None


def _clock(asked_at: datetime, wanted: Date, usual: str, now: datetime) -> tuple[str, Clock]:
    """The limit as it is kept (empty for a date) and its clock. Raises Invalid at the field that is wrong."""
    if wanted.time_limit and wanted.on is not None:
        raise Invalid("time_limit", _("请填写答复时限或者答复日期，只填一项。"), "T-12")
    limit = "" if wanted.on is not None else wanted.time_limit or str(policy.value(usual))
    try:
        found = rules.reply_clock(asked_at, limit, wanted.on, calendar.work_calendar(), cases.thresholds())
    except LimitError:
        raise Invalid("time_limit", _("请填写时限，如：4 个工作小时、2 个工作日。"), "T-12") from None
    except ValueError:
        past = wanted.on is not None and wanted.on < clock.local(now).date()
        raise Invalid("reply_on", _("答复日期不能早于今天。") if past else _("答复日期太远。"), "T-12") from None
    return limit, found


# --- urging ----------------------------------------------------------------------------------------------------


def urge(actor: Actor, subject: Case | Task, text: str, wanted: Date, now: datetime) -> Urge:
    """Urge a case or a task (T-12): to whoever answers for its post now; ``subject`` is locked.

    Raises NotAllowed, Conflict for what has ended or is urged already by the same person, Invalid.
    """
    post = db.session.get_one(Post, subject.post_id)
    allowed, by_post = rights.by_post(actor, post, words.URGE)
    if not allowed:
        raise NotAllowed(_("由科室负责人、分管领导或者办公室催办；不能催办自己负责的岗位。"), "T-12")
    if subject.closed_at is not None:
        raise Conflict(_("已经办结，不需要催办。"), "T-12")
    if not text:
        raise Invalid("text", _("请写明催办的内容。"))
    own = Urge.case_id if isinstance(subject, Case) else Urge.task_id
    if db.session.scalar(
        select(Urge.id).where(own == subject.id, Urge.ended_at.is_(None), Urge.urged_by_id == actor.id)
    ):
        raise Conflict(_("您对这件事的上一次催办还没有答复。"), "T-12")
    _limit, found = _clock(now, wanted, "urging.reply_within", now)
    handler = ab.who_answers_for(post.id, now).user_id
    made = Urge(
        case_id=subject.id if isinstance(subject, Case) else None,
        task_id=subject.id if isinstance(subject, Task) else None,
        post_id=post.id,
        department_id=post.department_id,
        text=text,
        urged_by_id=actor.id or 0,
        by_post_id=by_post,
        urged_at=now,
        to_user_id=handler,
        reply_by=found.due_at,
        reply="",
    )
    db.session.add(made)
    to = people.user_names().get(handler or 0, "") or post.name
    journal.record(
        words.URGED, made, actor, now, post_id=by_post, subject=subject.number, to=to, text=text,
        reply_by=found.due_at,
    )  # fmt: skip
    users = [handler] if handler is not None else telling.people(post.id, post.department_id, 1, now)
    title = _l("%(who)s催办 %(number)s", who=actor.name, number=subject.number)
    body = _l("请于 %(by)s 前办理并答复。", by=found.due_at)
    _tell(users, Kind.URGE, f"urge:{made.id}", title, body, made, now)
    return made


def _page(what: Urge | Supervision) -> tuple[str, dict[str, Any]]:
    """The page on which a person acts."""
    if isinstance(what, Supervision):
        return "urging.show", {"number": what.number}
    if what.case_id is not None:
        return "cases.show", {"number": db.session.get_one(Case, what.case_id).number}
    return "post_task.show", {"number": db.session.get_one(Task, what.task_id).number}


def _tell(users: Any, kind: Kind, key: str, title: Any, body: Any, what: Urge | Supervision, now: datetime) -> None:
    endpoint, values = _page(what)
    reminder.tell(now, users, kind, key, title, body, endpoint, values=values, case_id=what.case_id)


def answer(actor: Actor, urge: Urge, text: str, now: datetime) -> None:
    """Whoever answers for the post answers an urge. Raises NotAllowed, Conflict when it was answered, Invalid."""
    if not rights.answers(actor, urge) or actor.id == urge.urged_by_id:
        raise NotAllowed(_("由该岗位当前的负责人答复催办。"), "AB-3")
    if urge.ended_at is not None:
        raise Conflict(_("这次催办已经答复，或者事情已经办结。"), "T-12")
    if not text:
        raise Invalid("text", _("请填写答复。"))
    urge.ended_at, urge.replied_by_id, urge.reply = now, actor.id, text
    journal.record(words.ANSWERED, urge, actor, now, post_id=urge.post_id, text=text, late=now > urge.reply_by)
    title = _l("%(who)s已答复催办", who=actor.name)
    _tell([urge.urged_by_id], Kind.URGE, f"urge:{urge.id}:answer", title, "", urge, now)


def settle_case(case: Case, at: datetime, _recorded_at: datetime) -> None:
    """With the end of a case its open urges end; its supervisions stay until they are decided."""
    open_urges = Urge.case_id == case.id, Urge.ended_at.is_(None)
    db.session.execute(update(Urge).where(*open_urges).values(ended_at=at))


# --- supervision -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Demand:
    """What a supervision says."""

    title: str
    demand: str
    date: Date
    case: Case | None = None
    task: Task | None = None


def issue(actor: Actor, post: Post | None, what: Demand, now: datetime) -> Supervision:
    """Issue a numbered supervision to a post (T-12). Raises Invalid, NotAllowed, Conflict for what has ended."""
    subject = what.case or what.task
    if subject is not None:
        post = db.session.get_one(Post, subject.post_id)
        if subject.closed_at is not None:
            raise Conflict(_("已经办结，不需要督办。"), "T-12")
    allowed, by_post = rights.by_post(actor, post, words.SUPERVISE) if post is not None else (False, None)
    if post is None or post.closed_on is not None or not allowed:
        raise Invalid("post_id", _("请选择您可以督办的岗位；不能督办自己负责的岗位。"), "T-12")
    limit, found = _clock(now, what.date, "urging.supervision_reply_within", now)
    made = Supervision(
        number=numbers.take("DB", now),
        title=what.title,
        demand=what.demand,
        case_id=what.case.id if what.case is not None else None,
        task_id=what.task.id if what.task is not None else None,
        post_id=post.id,
        department_id=post.department_id,
        issued_by_id=actor.id or 0,
        issued_post_id=by_post,
        issued_at=now,
        state=SupervisionState.ISSUED,
        round=1,
        asked_at=now,
        time_limit=limit,
        reply_on=what.date.on,
        reply_by=found.due_at,
        soon_at=found.soon_at,
        provisional=found.provisional,
        unanswered=0,
        conclusion="",
        withdrawn=False,
    )
    db.session.add(made)
    handler = ab.who_answers_for(post.id, now).user_id
    journal.record(
        words.ISSUED,
        made,
        actor,
        now,
        post_id=by_post,
        case_id=made.case_id,
        number=made.number,
        title=made.title,
        demand=made.demand,
        subject=subject.number if subject is not None else "",
        post=post.name,
        to=people.user_names().get(handler or 0, ""),
        time_limit=limit,
        reply_by=made.reply_by,
    )
    search.put("supervision", made.id, made.number, made.title, made.demand, subject.number if subject else "")
    _ask(made, now)
    return made


def _ask(supervision: Supervision, now: datetime) -> None:
    """Tell who has to reply, and the head of the department."""
    users = telling.people(supervision.post_id, supervision.department_id, 1, now)
    title = _l("督办 %(number)s", number=supervision.number)  # its subject may have been typed with a name in it
    body = _l("请于 %(by)s 前答复。", by=supervision.reply_by)
    key = f"supervision:{supervision.id}:{supervision.round}"
    _tell(users, Kind.SUPERVISION, key, title, body, supervision, now)


def _issuers(supervision: Supervision, now: datetime) -> list[int | None]:
    """Who decides for the issuing side now."""
    if supervision.issued_post_id is None:
        return [supervision.issued_by_id]
    return [ab.who_answers_for(supervision.issued_post_id, now).user_id]


def reply(actor: Actor, supervision: Supervision, text: str, now: datetime) -> SupervisionReply:
    """Whoever answers for the post replies. Raises NotAllowed (AB-3), Conflict when no reply is wanted, Invalid."""
    if not rights.answers(actor, supervision):
        raise NotAllowed(_("由被督办岗位当前的负责人答复。"), "AB-3")
    supervision.state = rules.MOVES.after(supervision.state, "reply")
    if not text:
        raise Invalid("text", _("请填写答复。"))
    late = now > supervision.reply_by
    made = SupervisionReply(
        round=supervision.round, text=text, replied_by_id=actor.id or 0, replied_at=now, late=late, opinion=""
    )
    supervision.replies.append(made)
    journal.record(
        words.REPLIED, supervision, actor, now, post_id=supervision.post_id, case_id=supervision.case_id,
        text=text, late=late, round=supervision.round,
    )  # fmt: skip
    title = _l("督办 %(number)s 已答复，请审核", number=supervision.number)
    key = f"supervision:{supervision.id}:{supervision.round}:reply"
    _tell(_issuers(supervision, now), Kind.SUPERVISION, key, title, "", supervision, now)
    return made


def _decide(actor: Actor, supervision: Supervision) -> None:
    if not rights.decides(actor, supervision):
        raise NotAllowed(_("只有发出督办的一方可以审核和办结，被督办的不能认可自己的答复。"), "T-12")


def accept(actor: Actor, supervision: Supervision, opinion: str, now: datetime) -> None:
    """The issuing side accepts the reply: the supervision ends. Raises NotAllowed, Conflict."""
    _decide(actor, supervision)
    after = rules.MOVES.after(supervision.state, "accept")
    _settle_reply(actor, supervision, True, opinion, now)
    supervision.state, supervision.closed_at, supervision.closed_by_id = after, now, actor.id
    supervision.conclusion = opinion
    journal.record(
        words.ACCEPTED, supervision, actor, now, post_id=supervision.issued_post_id, case_id=supervision.case_id,
        opinion=opinion, round=supervision.round,
    )  # fmt: skip
    _tell_replier(supervision, _l("督办 %(number)s 的答复已被认可", number=supervision.number), now)


def _settle_reply(actor: Actor, supervision: Supervision, accepted: bool, opinion: str, now: datetime) -> None:
    last = supervision.last
    if last is not None and last.decided_by_id is None:
        last.accepted, last.decided_by_id, last.decided_at, last.opinion = accepted, actor.id, now, opinion
        db.session.flush()


def _tell_replier(supervision: Supervision, title: Any, now: datetime) -> None:
    users = [ab.who_answers_for(supervision.post_id, now).user_id]
    key = f"supervision:{supervision.id}:{supervision.round}:decided"
    _tell(users, Kind.SUPERVISION, key, title, "", supervision, now)


def ask_again(actor: Actor, supervision: Supervision, opinion: str, wanted: Date, now: datetime) -> None:
    """The issuing side is not satisfied and asks again, with a new date. Raises NotAllowed, Conflict, Invalid."""
    _decide(actor, supervision)
    after = rules.MOVES.after(supervision.state, "ask_again")
    if not opinion:
        raise Invalid("text", _("请写明还要答复什么。"))
    limit, found = _clock(now, wanted, "urging.supervision_reply_within", now)
    _settle_reply(actor, supervision, False, opinion, now)
    supervision.state, supervision.round, supervision.asked_at = after, supervision.round + 1, now
    supervision.time_limit, supervision.reply_on = limit, wanted.on
    supervision.reply_by, supervision.soon_at = found.due_at, found.soon_at
    supervision.provisional, supervision.warned_at = found.provisional, None
    journal.record(
        words.ASKED_AGAIN, supervision, actor, now, post_id=supervision.issued_post_id,
        case_id=supervision.case_id, opinion=opinion, round=supervision.round, reply_by=supervision.reply_by,
    )  # fmt: skip
    _ask(supervision, now)


def withdraw(actor: Actor, supervision: Supervision, reason: str, now: datetime) -> None:
    """The issuing side ends it without an accepted reply, and says why. Raises NotAllowed, Conflict, Invalid."""
    _decide(actor, supervision)
    after = rules.MOVES.after(supervision.state, "withdraw")
    if not reason:
        raise Invalid("text", _("请写明撤销的原因。"))
    supervision.state, supervision.closed_at, supervision.closed_by_id = after, now, actor.id
    supervision.conclusion, supervision.withdrawn = reason, True
    journal.record(
        words.WITHDRAWN, supervision, actor, now, post_id=supervision.issued_post_id, case_id=supervision.case_id,
        reason=reason,
    )  # fmt: skip
    _tell_replier(supervision, _l("督办 %(number)s 已撤销", number=supervision.number), now)


# --- the passing of time ---------------------------------------------------------------------------------------


def sweep_unanswered(now: datetime) -> int:
    """Record, once each, what was not answered by its date, and say so; returns how many (T-12)."""
    done = 0
    late = Urge.ended_at.is_(None), Urge.warned_at.is_(None), Urge.reply_by < now
    for each in db.session.scalars(
        select(Urge).where(*late).order_by(Urge.reply_by).limit(BATCH).with_for_update(skip_locked=True)
    ):
        task = db.session.get_one(Task, each.task_id) if each.task_id is not None else None
        if task is not None and task.closed_at is not None:  # its end answered the urge
            db.session.execute(update(Urge).where(Urge.id == each.id).values(ended_at=task.closed_at))
            continue
        each.warned_at = each.reply_by
        journal.record(words.UNANSWERED, each, SYSTEM, now, reply_by=each.reply_by)
        users = [*telling.people(each.post_id, each.department_id, 1, now), each.urged_by_id]
        title = _l("催办逾期未答复：%(number)s", number=_page(each)[1]["number"])
        endpoint, values = _page(each)
        reminder.tell(
            now, users, Kind.URGE, f"urge:{each.id}:late", title, _l("应于 %(by)s 前答复。", by=each.reply_by),
            endpoint, values=values, case_id=each.case_id, about_at=each.reply_by,
        )  # fmt: skip
        done += 1
    return done + _supervisions_late(now)


def _supervisions_late(now: datetime) -> int:
    done = 0
    late = (
        Supervision.closed_at.is_(None),
        Supervision.state == SupervisionState.ISSUED,
        Supervision.warned_at.is_(None),
        Supervision.reply_by < now,
    )
    for each in db.session.scalars(
        select(Supervision).where(*late).order_by(Supervision.reply_by).limit(BATCH).with_for_update(skip_locked=True)
    ):
        each.warned_at, each.unanswered = each.reply_by, each.unanswered + 1
        journal.record(
            words.REPLY_LATE, each, SYSTEM, now, case_id=each.case_id, reply_by=each.reply_by, round=each.round
        )
        users = [*telling.people(each.post_id, each.department_id, telling.TOP, now), *_issuers(each, now)]
        reminder.tell(
            now, users, Kind.SUPERVISION, f"supervision:{each.id}:{each.round}:late",
            _l("督办 %(number)s 逾期未答复", number=each.number), _l("应于 %(by)s 前答复。", by=each.reply_by),
            "urging.show", values={"number": each.number}, case_id=each.case_id, about_at=each.reply_by,
            group=_l("督办 %(number)s 逾期未答复", number=each.number),
        )  # fmt: skip
        done += 1
    return done


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the dates of open supervisions anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    waiting = Supervision.closed_at.is_(None), Supervision.state == SupervisionState.ISSUED
    rows = select(Supervision).where(*waiting).order_by(Supervision.id).options(selectinload(Supervision.replies))
    for each in db.session.scalars(rows.with_for_update()):
        old = each.reply_by
        found = rules.reply_clock(
            each.asked_at, each.time_limit, each.reply_on, calendar.work_calendar(), cases.thresholds()
        )
        each.reply_by, each.soon_at, each.provisional = found.due_at, found.soon_at, found.provisional
        if each.reply_by > now:
            each.warned_at = None
        if db.session.is_modified(each):
            changed += 1
            journal.record(
                words.RECOMPUTED, each, actor, now, case_id=each.case_id, old_due=old, due=each.reply_by,
                provisional=each.provisional,
            )  # fmt: skip
    return changed
