"""What the verbs of plans share: an item as it is written, its checks and its dates, files, whom to tell (E-1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.calendar import queries as calendar
from portal.kernel import clock, files
from portal.kernel.actor import Actor
from portal.kernel.errors import Invalid
from portal.people import queries as people
from portal.policy import queries as policy
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.work_plan.models import PlanItem, WorkPlan

#: The owners of files: of the meeting that approved a plan, of a report of progress, of a review.
FILES, PROGRESS_FILES, REVIEW_FILES = "work_plan", "work_plan_progress", "work_plan_review"
SERIES, ITEM_SERIES = "JH", "JHX"
#: A plan holds so many items at most.
MOST_ITEMS = 300


@dataclass(frozen=True)
class Text:
    """What an item says."""

    key_task: str
    step: str
    measure: str
    person_id: int | None
    due_on: date | None


def text_of(item: PlanItem) -> Text:
    """What an item says now."""
    return Text(item.key_task, item.step, item.measure, item.person_id, item.due_on)


def to_json(text: Text) -> str:
    """A text as an amendment keeps it."""
    return json.dumps({**asdict(text), "due_on": str(text.due_on)}, ensure_ascii=False, sort_keys=True)


def from_json(kept: str) -> Text | None:
    """The text that an amendment keeps; None for none."""
    if not kept:
        return None
    found: dict[str, Any] = json.loads(kept)
    return Text(**{**found, "due_on": date.fromisoformat(found["due_on"])})


def check(plan: WorkPlan, text: Text) -> tuple[int, date]:
    """The person and the date of an item, if all of it is good. Raises Invalid at the field that is wrong."""
    if not text.key_task:
        raise Invalid("key_task", _("请填写重点任务。"), "E-1")
    if not text.step:
        raise Invalid("step", _("请填写分解事项。"), "E-1")
    if not text.measure:
        raise Invalid("measure", _("请填写工作措施和衡量标准。"), "E-1")
    if text.person_id not in {user_id for user_id, _name in people.people_in_service(plan.department_id)}:
        raise Invalid("person_id", _("请选择本科室的责任人。"), "E-1")
    if text.due_on is None or text.due_on.year != plan.year:
        raise Invalid("due_on", _("完成日期应在 %(year)s 年之内。", year=plan.year), "E-1")
    return text.person_id, text.due_on


def due_at(day: date) -> datetime:
    """When an item is over: at the end of its day, or of the next working day (T-3)."""
    return clock.day_start(calendar.work_calendar().on_or_next_workday(day) + timedelta(days=1))


def facts_of(item: PlanItem) -> dict[str, Any]:
    """An item as the journal keeps it."""
    return {
        "number": item.number,
        "key_task": item.key_task,
        "step": item.step,
        "measure": item.measure,
        "person": people.user_names().get(item.person_id, ""),
        "due_on": item.due_on,
    }


def store(actor: Actor, owner: str, owner_id: int, uploads: Sequence[FileStorage], now: datetime) -> list[Any]:
    """Keep files; returns what the journal says of them. Raises Invalid for what is not accepted."""
    kept = files.store(uploads, owner, owner_id, actor.id, now, policy.value("attachments.max_megabytes"))
    return files.facts(kept)


def tell_of_item(
    item: PlanItem, users: Iterable[int | None], key: str, title: object, body: object, now: datetime,
    kind: Kind = Kind.TASK, about_at: datetime | None = None,
) -> None:  # fmt: skip
    """Tell people of something about an item; the message leads to its page."""
    reminder.tell(
        now, users, kind, f"plan_item:{item.id}:{key}", title, body, "work_plan.show_item",
        values={"number": item.number}, about_at=about_at,
    )  # fmt: skip


def tell_of_plan(
    plan: WorkPlan, users: Iterable[int | None], key: str, title: object, body: object, now: datetime
) -> None:
    """Tell people of something about a plan."""
    reminder.tell(
        now, users, Kind.DECIDE, f"plan:{plan.id}:{key}", title, body, "work_plan.show", values={"number": plan.number}
    )
