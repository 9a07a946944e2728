"""What becomes of clues in the sample office: by hand, dismissed with reasons, looked at again (A-1)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.clue import service
from portal.clue.models import Clue, ClueKind, ClueState
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.db import db, locked
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind

_DISMISSED = {
    ClueKind.TACIT_ACCEPTANCE: "收件当日系统停电，次日补录时已过登记时限，服务对象的办理没有受影响。",
    ClueKind.FEE_DIFFERENCE: "代收的工本费有单独的收费依据，已在办事指南中补充公布。",
    ClueKind.MESSAGE_UNANSWERED: "留言电话有误，三次联系未果，已在留言登记中写明。",
}


def begin(stage: Stage) -> None:
    """Plan what the office does with clues in the last two weeks."""
    last = clock.local(stage.end).date()
    stage.tell(by_hand(stage, stage.work.calendar.add_workdays(last, -6)))
    stage.tell(decided(stage, stage.work.calendar.add_workdays(last, -3)))


def by_hand(stage: Stage, day: date) -> Story:
    """The group enters what a callback and the city's hotline brought to light."""
    at = yield on(day, "15:20")
    window = next(p for p in posts.open_posts() if p.kind is PostKind.STAFF)
    service.raise_by_hand(
        stage.actor("zhenghao", at),
        ClueKind.OTHER,
        "市长热线转来：来电人反映到窗口咨询时，被要求先去另一科室盖章，而办事指南没有这一环节。",
        at,
        post_id=window.id,
        source="upper_body",
    )


def decided(stage: Stage, day: date) -> Story:
    """The office finds that nothing follows from some of them, and looks at one again."""
    at = yield on(day, "16:10")
    for kind, reason in _DISMISSED.items():
        query = select(Clue.id).where(Clue.kind == kind, Clue.state == ClueState.OPEN).order_by(Clue.id).limit(1)
        clue_id = db.session.scalar(query)
        if clue_id is None:
            continue
        clue = locked(Clue, id=clue_id)
        service.dismiss(stage.actor("wuxia", at), clue, reason, at)
        if kind is ClueKind.FEE_DIFFERENCE:
            at = yield on(clock.local(at).date(), "17:05")
            found = locked(Clue, id=clue_id)
            service.reopen(stage.actor("zhenghao", at), found, "补充公布在收费之后，请核实收费当日的依据。", at)
