"""The verbs of tasks (P-4): hand out, acknowledge, progress, done, confirm or send back, more time, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from portal.ab_post import telling
from portal.calendar import queries as calendar
from portal.kernel import clock, files, journal, numbers, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.post_task import queries, rights, rules
from portal.post_task import vocabulary as words
from portal.post_task.models import Extension, Source, Task, TaskState
from portal.pure.limits import LimitError
from portal.reminder import service as reminder
from portal.reminder.models import Kind

#: The owner of a task's files.
FILES = "post_task"


@dataclass(frozen=True)
class Content:
    """What is handed out. Either ``time_limit`` or ``due_on`` is given (P-4: the given date)."""

    title: str
    content: str
    source: Source = Source.LEADER
    authority: str = ""
    document_number: str = ""
    time_limit: str = ""
    due_on: date | None = None


def assign(actor: Actor, post: Post | None, what: Content, now: datetime, uploads: Sequence[FileStorage] = ()) -> Task:
    """Hand a matter to a post (P-4); the clock starts now.

    Raises Invalid for a post that the actor may not give tasks to, an upper authority without its paper, or a date
    that is none, two, past or too far ahead.
    """
    allowed, by_post = rights.by_post(actor, post) if post is not None else (False, None)
    if post is None or post.closed_on is not None or not allowed:
        raise Invalid("post_id", _("请选择您可以交办的岗位；不能交给自己负责的岗位。"), "P-4")
    if what.source is Source.UPPER:
        if not what.authority:
            raise Invalid("authority", _("请填写交办的上级机关。"), "P-4")
        if not what.document_number:
            raise Invalid("document_number", _("请填写上级来文的文号。"), "P-4")
    task = Task(
        number=numbers.take("JB", now),
        title=what.title,
        content=what.content,
        source=what.source,
        authority=what.authority if what.source is Source.UPPER else "",
        document_number=what.document_number if what.source is Source.UPPER else "",
        post_id=post.id,
        department_id=post.department_id,
        assigned_by_id=actor.id,
        assigned_post_id=by_post,
        assigned_at=now,
        state=TaskState.ASSIGNED,
    )
    _set_clock(task, what, now)
    db.session.add(task)
    db.session.flush()
    stored = _store(actor, task, uploads, now)
    journal.record(
        words.ASSIGNED,
        task,
        actor,
        now,
        post_id=by_post,
        number=task.number,
        title=task.title,
        source=str(task.source),
        authority=task.authority,
        document=task.document_number,
        post=post.name,
        time_limit=task.time_limit,
        due=task.due_at,
        files=files.facts(stored),
    )
    title = _l("交办事项 %(number)s：%(title)s", number=task.number, title=task.title)
    body = _l("请于 %(by)s 前完成。", by=task.due_at)
    users = telling.people(task.post_id, task.department_id, 0, now)
    reminder.tell(
        now, users, Kind.TASK, f"task:{task.id}", title, body, "post_task.show", values={"number": task.number}
    )
    search.put("post_task", task.id, task.number, task.title, task.content, task.authority, task.document_number)
    return task


def _set_clock(task: Task, what: Content, now: datetime) -> None:
    if bool(what.time_limit) == (what.due_on is not None):
        raise Invalid("time_limit", _("请填写办理时限或者完成日期，只填一项。"), "P-4")
    task.time_limit, task.due_on = what.time_limit, what.due_on
    try:
        task.time_limit = str(rules.limit_of(now, what.time_limit, None)) if what.due_on is None else ""
    except LimitError:
        raise Invalid("time_limit", _("请填写时限，如：4 个工作小时、5 个工作日、15 天、1 个月。"), "P-4") from None
    _check_date("due_on", what.due_on, now)
    derive(task)


def _check_date(field: str, day: date | None, now: datetime, given_at: datetime | None = None) -> None:
    if day is None:
        return
    if day < clock.local(now).date():
        raise Invalid(field, _("完成日期不能早于今天。"), "P-4")
    try:
        rules.limit_of(given_at or now, "", day)
    except ValueError:
        raise Invalid(field, _("完成日期太远，请按阶段分别交办。"), "P-4") from None


def _store(actor: Actor, task: Task, uploads: Sequence[FileStorage], now: datetime) -> list[files.Attachment]:
    return files.store(uploads, FILES, task.id, actor.id, now, policy.value("attachments.max_megabytes"))


def derive(task: Task) -> None:
    """Derive the clock of a task anew from its given date (T-3, T-6)."""
    found = rules.clock_of(
        task.assigned_at, task.time_limit, task.due_on, calendar.work_calendar(), queries.thresholds()
    )
    task.due_at, task.soon_at, task.red_at, task.provisional = (
        found.due_at,
        found.soon_at,
        found.red_at,
        found.provisional,
    )
    task.warn_at = next_threshold(task)


def next_threshold(task: Task) -> datetime | None:
    """The next threshold that was not recorded yet (T-6)."""
    marks = (task.soon_at, task.due_at, task.red_at)
    return min((m for m in marks if m is not None and (task.warned_at is None or m > task.warned_at)), default=None)


def _handle(actor: Actor, task: Task) -> None:
    if not rights.handles(actor, task):
        raise NotAllowed(_("这件交办事项由其岗位当前的负责人办理。"), "AB-3")


def _supervise(actor: Actor, task: Task) -> None:
    if not rights.supervises(actor, task):
        raise NotAllowed(_("只有交办人可以确认、退回、准许延期或撤回，办理人不能。"), "T-5")


def acknowledge(actor: Actor, task: Task, now: datetime) -> None:
    """Take note of a task; whoever answers for the post takes it up (P-4)."""
    _handle(actor, task)
    task.state = rules.MOVES.after(task.state, "acknowledge")
    task.acknowledged_at, task.acknowledged_by_id = now, actor.id
    journal.record(words.ACKNOWLEDGED, task, actor, now, post_id=task.post_id)


def progress(actor: Actor, task: Task, note: str, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """Report how far it is. Raises Invalid when nothing is said."""
    _handle(actor, task)
    task.state = rules.MOVES.after(task.state, "progress")
    if not note:
        raise Invalid("text", _("请填写进展情况。"))
    stored = _store(actor, task, uploads, now)
    journal.record(words.PROGRESSED, task, actor, now, post_id=task.post_id, note=note, files=files.facts(stored))


def report(
    actor: Actor, task: Task, result: str, statement: str, now: datetime, uploads: Sequence[FileStorage] = ()
) -> None:
    """Report the task done; the assigner confirms. Raises Invalid without a result, or overdue without a written
    explanation (T-8)."""
    _handle(actor, task)
    task.state = rules.MOVES.after(task.state, "report")
    if not result:
        raise Invalid("text", _("请填写办理结果。"))
    late = rules.is_late(now, task.due_at)
    if late and not (statement or task.overdue_statement):
        raise Invalid("statement", _("这件事项已超期，请写明超期原因。"), "T-8")
    stored = _store(actor, task, uploads, now)
    task.result, task.reported_at, task.reported_by_id = result, now, actor.id
    if late:
        task.overdue_statement = statement or task.overdue_statement
    journal.record(
        words.REPORTED,
        task,
        actor,
        now,
        post_id=task.post_id,
        result=result,
        late=late,
        due=task.due_at,
        statement=task.overdue_statement,
        files=files.facts(stored),
    )


def confirm(actor: Actor, task: Task, note: str, now: datetime) -> None:
    """The assigner finds it done: the task ends. Raises NotAllowed for anybody else (P-4)."""
    _supervise(actor, task)
    task.state = rules.MOVES.after(task.state, "confirm")
    task.closed_at, task.confirmed_by_id, task.warn_at = now, actor.id, None
    late = rules.is_late(now, task.due_at, task.reported_at)
    _drop_question(actor, task, now)
    journal.record(words.CONFIRMED, task, actor, now, post_id=task.assigned_post_id, note=note, late=late)


def send_back(actor: Actor, task: Task, reason: str, now: datetime) -> None:
    """The assigner finds it not done, and why; the clock goes on as if nothing had been reported."""
    _supervise(actor, task)
    task.state = rules.MOVES.after(task.state, "send_back")
    if not reason:
        raise Invalid("text", _("请写明退回的原因。"))
    task.reported_at, task.reported_by_id, task.result = None, None, ""
    journal.record(words.SENT_BACK, task, actor, now, post_id=task.assigned_post_id, reason=reason)


def extensions_left(task: Task) -> int:
    """How often more time may still be granted, by the policy in force (T-5)."""
    most: int = policy.value("post_duty.task_extensions")
    return most - sum(e.granted for e in task.extensions)


def ask_extension(actor: Actor, task: Task, wanted_on: date | None, reason: str, now: datetime) -> Extension:
    """Ask for more time before expiry (T-5).

    Raises Conflict after expiry, while another one waits, or when the policy's number was granted; Invalid for a date
    that brings no more time.
    """
    _handle(actor, task)
    rules.MOVES.after(task.state, "ask_extension")
    if rules.is_late(now, task.due_at):
        raise Conflict(_("已经超期，不能再申请延期。"), "T-5")
    if queries.waiting_extension(task) is not None:
        raise Conflict(_("已有一份延期申请等待答复。"), "T-5")
    if extensions_left(task) < 1:
        raise Conflict(_("这件事项的延期次数已经用完，不能再申请。"), "T-5")
    if not reason:
        raise Invalid("text", _("请写明延期的理由。"))
    if wanted_on is None:
        raise Invalid("due_on", _("请填写申请延期到哪一天。"))
    _check_date("due_on", wanted_on, now, task.assigned_at)
    if wanted_on <= clock.local(task.due_at).date():
        raise Invalid("due_on", _("应晚于现在的完成期限。"), "T-5")
    made = Extension(
        task_id=task.id,
        asked_by_id=actor.id,
        asked_at=now,
        reason=reason,
        wanted_on=wanted_on,
        old_due_at=task.due_at,
        granted=False,
        answer="",
    )
    task.extensions.append(made)
    journal.record(
        words.EXTENSION_ASKED,
        task,
        actor,
        now,
        post_id=task.post_id,
        wanted=wanted_on,
        due=task.due_at,
        reason=reason,
    )
    return made


def decide_extension(
    actor: Actor, task: Task, granted: bool, until: date | None, answer: str, now: datetime
) -> Extension:
    """The assigner grants (until the wanted day unless another is given) or refuses more time (T-5).

    Raises NotAllowed for the handler and everybody else, Conflict when nothing is asked, Invalid for a refusal
    without a reason or a date that brings no more time.
    """
    _supervise(actor, task)
    waiting = queries.waiting_extension(task)
    if waiting is None or task.closed_at is not None:
        raise Conflict(_("没有等待答复的延期申请。"))
    if waiting.asked_by_id == actor.id:
        raise NotAllowed(_("延期申请由交办人答复，申请人不能自己准许。"), "T-5")
    if not granted and not answer:
        raise Invalid("text", _("请写明不同意的理由。"))
    day = until or waiting.wanted_on
    if granted:
        _check_date("due_on", day, now, task.assigned_at)
        if day <= clock.local(task.due_at).date():
            raise Invalid("due_on", _("应晚于现在的完成期限。"), "T-5")
    waiting.decided_by_id, waiting.decided_at, waiting.granted, waiting.answer = actor.id, now, granted, answer
    if not granted:
        journal.record(words.EXTENSION_REFUSED, task, actor, now, post_id=task.assigned_post_id, answer=answer)
        return waiting
    old = task.due_at
    task.time_limit, task.due_on, task.warned_at = "", day, None
    derive(task)
    journal.record(
        words.EXTENSION_GRANTED,
        task,
        actor,
        now,
        post_id=task.assigned_post_id,
        old_due=old,
        due=task.due_at,
        answer=answer,
    )
    return waiting


def withdraw(actor: Actor, task: Task, reason: str, now: datetime) -> None:
    """The assigner takes the task back. Raises Invalid without a reason."""
    _supervise(actor, task)
    task.state = rules.MOVES.after(task.state, "withdraw")
    if not reason:
        raise Invalid("text", _("请写明撤回的原因。"))
    task.closed_at, task.warn_at = now, None
    _drop_question(actor, task, now)
    journal.record(words.WITHDRAWN, task, actor, now, post_id=task.assigned_post_id, reason=reason)


def _drop_question(actor: Actor, task: Task, now: datetime) -> None:
    """An extension asked for and not answered falls with the end of the task."""
    waiting = queries.waiting_extension(task)
    if waiting is not None:
        waiting.decided_at = now
