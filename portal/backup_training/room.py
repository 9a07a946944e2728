"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from portal.ab_post import rights
from portal.backup_training import queries
from portal.backup_training import vocabulary as words
from portal.backup_training.models import TrainingPlan
from portal.backup_training.rules import State
from portal.backup_training.views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.post_duty.models import Post


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Overdue plans for the trained person and the head; sessions that wait for the head's confirmation (AB-7)."""
    if not actor.can(words.READ):
        return []
    led = rights.departments_led(actor)
    today, found = clock.local(now).date(), []
    concerned = or_(TrainingPlan.trainee_id == actor.id, Post.department_id.in_(led))
    for plan in queries.open_plans(concerned):
        state = queries.state_of(plan, today)
        confirm = state is State.HELD and queries.may_confirm(actor, plan)
        if state is not State.OVERDUE and not confirm:
            continue
        found.append(
            ToDo(
                "backup_training.confirm" if confirm else "backup_training.overdue",
                _("备岗培训：%(post)s，%(topic)s", post=plan.post.name, topic=plan.topic),
                _("已登记培训，待确认完成")
                if confirm
                else _("应在 %(day)s 前完成，还没有登记培训", day=local_date(plan.planned_by)),
                url_for("backup_training.show", plan_id=plan.id),
                _("确认") if confirm else _("登记"),
                None,
                "normal" if confirm else "overdue",
            )
        )
    return found


PLATE = Plate(
    name="backup_training",
    title=_l("备岗培训"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("备岗培训"), "backup_training.index", words.READ, order=54),),
    todos=todos,
)
