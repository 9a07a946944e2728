"""Windows open on Saturday, and supervision cards handed out, in the sample office (T-3, O-5)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.calendar import service_days
from portal.calendar.service_days import Wanted
from portal.cases import service as case_service
from portal.cases.models import Case
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.db import db, locked
from portal.people.models import Department
from portal.supervision_card import queries as card_queries
from portal.supervision_card import service as cards
from portal.supervision_card.models import SupervisionCard

#: On how many working days back somebody hands cards out, and how many.
HANDED_OUT = ((12, 2), (7, 3), (3, 3), (1, 2))


def begin(stage: Stage) -> None:
    """Both stories."""
    stage.tell(_window(stage))
    stage.tell(_cards(stage))


def _window(stage: Stage) -> Story:
    """One department opens its window on Saturday mornings, and is shut on one coming day."""
    at = yield stage.work.at(20, "16:10")
    office = stage.actor("wuxia", at)
    first = db.session.scalars(select(Department.id).order_by(Department.sort).limit(1)).one()
    day = clock.local(at).date() + timedelta(days=1)
    service_days.add(office, Wanted(first, True, day, 5, None, "09:00-12:00", "周六便民窗口"), at)
    at = yield stage.work.at(2, "09:20")
    shut = clock.local(at).date() + timedelta(days=12)
    service_days.add(stage.actor("wuxia", at), Wanted(first, False, shut, reason="窗口设备检修"), at)


def _cards(stage: Stage) -> Story:
    """Cards for cases that run, one withdrawn since its phone was wrong, one for a visit."""
    for back, many in HANDED_OUT:
        at = yield stage.work.at(back, "16:45")
        running = select(Case).where(Case.closed_at.is_(None), Case.accepted_at.is_not(None)).order_by(Case.id.desc())
        made = 0
        for case in db.session.scalars(running.limit(30)).all():
            actor = stage.handler(case.post_id, at)
            if made == many or actor is None or card_queries.valid_of(case.id) is not None:
                continue
            if not case_service.may_handle(actor, case):
                continue
            said = cards.usual(case.post)
            cards.issue_for_case(actor, locked(Case, id=case.id), said, at)
            made += 1
    at = yield stage.work.at(1, "16:58")
    newest = db.session.scalar(select(SupervisionCard).order_by(SupervisionCard.id.desc()).limit(1))
    if newest is not None:
        cards.withdraw(stage.actor("wuxia", at), newest, "电话号码印错，另行出具", at)
        actor = stage.handler(newest.post_id, at)
        if actor is not None:
            post = cards.post_of(newest.post_id)
            assert post is not None
            cards.issue_for_visit(actor, post, "咨询科普活动合作", "三个工作日内电话答复", cards.usual(post), at)
