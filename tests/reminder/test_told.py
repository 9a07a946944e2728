"""What other rooms say through the inbox: each from the verb that brings it about (T-6, D-3, O-3, AB-2, P-4)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.denial_filing import service as filings
from portal.denial_filing.models import Ground, Refusal
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty.models import Post
from portal.post_task import passing
from portal.post_task import service as tasks
from portal.reminder.models import Kind, Message
from tests.office import NOW, later
from tests.urging.conftest import accepted


def who(username, at=NOW):
    return people.actor_by_username(username, at)


def told(office):
    names = {v: k for k, v in office.users.items()}
    db.session.expire_all()
    return [(names[m.user_id], m.kind) for m in db.session.scalars(select(Message).order_by(Message.id))]


def test_a_task_is_told_and_its_thresholds(office):
    with transaction.act():
        what = tasks.Content("写总结", "写", time_limit="5wd")
        task = tasks.assign(who("leader"), db.session.get(Post, office.posts["YW-1"]), what, NOW)
    assert told(office) == [("clerk", Kind.TASK)]
    late = task.red_at + timedelta(days=1)
    for _n in range(2):
        with clock.at(late), transaction.act():
            passing.sweep(late)
    assert sorted(told(office)[1:]) == sorted(
        [
            ("clerk", Kind.DUE_SOON),
            ("clerk", Kind.OVERDUE),
            ("head", Kind.OVERDUE),
            ("clerk", Kind.RED),
            ("head", Kind.RED),
            ("leader", Kind.RED),
        ]
    )


def test_a_filing_is_told_to_who_decides(office):
    with transaction.act():
        case = accepted(office)
        content = filings.Content(
            Refusal.NOT_APPROVED, Ground.CONDITIONS, False, "情况", "理由", "第八条", "补齐后再来", "", "建议不予批准"
        )
        filings.file(who("clerk"), case, content, NOW)
    assert told(office) == [("leader", Kind.DECIDE)]


def test_a_handover_is_told_to_who_takes_over(office):
    with transaction.act():
        ab.record_absence(
            who("clerk"), office.users["clerk"], AbsenceKind.ANNUAL, later(days=1), later(days=2), NOW, note="x"
        )
    assert told(office) == [("clerk2", Kind.HANDOVER)]


def test_what_is_told_is_undone_with_its_act(office):
    try:
        with transaction.act():
            what = tasks.Content("写总结", "写", time_limit="5wd")
            tasks.assign(who("leader"), db.session.get(Post, office.posts["YW-1"]), what, NOW)
            raise RuntimeError
    except RuntimeError:
        pass
    assert told(office) == []
