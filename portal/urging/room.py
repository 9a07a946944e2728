"""Door plate of the urging room, and what it puts on the pages of cases and tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.calendar.service import on_change
from portal.cases import panels
from portal.cases import seams as case_seams
from portal.cases.models import Case
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.post_duty.service import before_close
from portal.post_task import seams as task_seams
from portal.post_task.models import Task
from portal.urging import queries, rights, service, warnings
from portal.urging import vocabulary as words
from portal.urging.models import Supervision, Urge
from portal.urging.views import bp


def count(actor: Actor, _now: datetime) -> int:
    """How many urges and supervisions wait for the actor."""
    return queries.count_waiting(actor)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Urges and supervisions to answer, replies to decide; for heads, leaders and the office the overdue ones."""
    if not actor.can(words.READ):
        return []
    found = [_urged(urge, now) for urge in queries.urges_to_answer(actor)]
    found += [_asked(each, now) for each in queries.to_answer(actor)]
    found += [_replied(each) for each in queries.to_decide(actor)]
    late = queries.unanswered_of(actor, now)
    if late:
        found.append(
            ToDo(
                "urging.late",
                _("%(n)s 件督办逾期未答复", n=late),
                _("本科室或分管科室"),
                url_for("urging.index", state="overdue"),
                _("查看"),
                light="overdue",
            )
        )
    return found


def _urged(urge: Urge, now: datetime) -> ToDo:
    subject = urge.case or urge.task
    who = people.user_names().get(urge.urged_by_id, "")
    return ToDo(
        "urging.answer",
        _("催办 %(number)s", number=subject.number if subject is not None else ""),
        _("%(who)s：%(text)s", who=who, text=urge.text[:60]),
        url_for("urging.show_urge", urge_id=urge.id),
        _("答复"),
        urge.reply_by,
        str(queries.urge_light(urge, now)),
    )


def _asked(each: Supervision, now: datetime) -> ToDo:
    return ToDo(
        "urging.reply",
        _("%(title)s %(number)s", title=each.title, number=each.number),
        _("督办，请答复"),
        url_for("urging.show", number=each.number),
        _("答复"),
        each.reply_by,
        str(queries.light(each, now)),
    )


def _replied(each: Supervision) -> ToDo:
    return ToDo(
        "urging.decide",
        _("%(title)s %(number)s", title=each.title, number=each.number),
        _("督办已答复，请审核"),
        url_for("urging.show", number=each.number),
        _("审核"),
    )


def sweep(now: datetime) -> int:
    """What was not answered in time, and reminders that are due again."""
    return service.sweep_unanswered(now) + warnings.sweep(now)


# --- on the pages of cases and tasks ---------------------------------------------------------------------------


def _context(actor: Actor, subject: Case | Task, found: tuple[list[Urge], list[Supervision]]) -> dict[str, Any] | None:
    """What the panel needs; None when there is nothing to show or to do."""
    if not actor.can(words.READ):
        return None
    urges, supervisions = found
    kind = "case" if isinstance(subject, Case) else "task"
    acts = []
    if subject.closed_at is None:
        post = db.session.get_one(Post, subject.post_id)
        if rights.may_urge(actor, post):
            acts.append((_("催办"), url_for("urging.urge", kind=kind, number=subject.number), "message-exclamation"))
        if rights.may_supervise(actor, post):
            acts.append((_("督办"), url_for("urging.issue", kind=kind, number=subject.number), "gavel"))
    if not urges and not supervisions and not acts:
        return None
    return {
        "urges": urges,
        "supervisions": [s for s in supervisions if rights.may_read(actor, s)],
        "urging_acts": acts,
        "urging": queries,
        "urging_words": words,
        "names": people.user_names(),
    }


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The urges and supervisions of a case, and how to add one."""
    context = _context(actor, case, queries.of_case(case.id))
    return [panels.Panel("urging/_on_subject.html", 40, context)] if context is not None else []


def on_task(task: Task, actor: Actor) -> task_seams.Panel | None:
    """The same for a task."""
    context = _context(actor, task, queries.of_task(task))
    return ("urging/_on_subject.html", context) if context is not None else None


def papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    """The supervisions of a case are documents of its archive file (J-4)."""
    _urges, supervisions = queries.of_case(case.id)
    return [
        panels.Paper(_("督办单"), s.number, s.issued_at, url_for("urging.sheet", number=s.number)) for s in supervisions
    ]


def open_on_post(post_id: int) -> list[seams.Thing]:
    """The open supervisions of a post: a part of a handover (AB-2)."""
    return [
        seams.Thing(
            each.title,
            _("%(number)s · %(state)s", number=each.number, state=words.STATE_LABELS[each.state]),
            url_for("urging.show", number=each.number),
        )
        for each in queries.open_on(post_id)
    ]


def still_open(post: Post) -> str | None:
    """Why a post cannot be closed: supervisions are open on it."""
    n = len(queries.open_on(post.id))
    return _("该岗位还有 %(n)s 件未办结的督办。", n=n) if n else None


PLATE = Plate(
    name="urging",
    title=_l("催办督办"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("催办督办"), "urging.index", words.READ, order=45, count=count, urgent=True),),
    todos=todos,
    sweep=sweep,
)

panels.register("urging", panels=on_case, papers=papers)
task_seams.beside(on_task)
case_seams.on_warned(warnings.on_warned)
case_seams.on_end(warnings.end_ladder)
case_seams.on_end(service.settle_case)
on_change(service.recompute)
seams.open_matters_source(open_on_post)
before_close(still_open)
