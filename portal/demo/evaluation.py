"""Two months of ballots in the sample office: most anonymous, a few signed, a tablet at the counter (S-1, S-3)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from portal.cases.models import Case, CaseState
from portal.demo.history import DAYS
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.evaluation import rules, service
from portal.evaluation.models import Grade
from portal.evaluation.service import Ballot, Signature
from portal.kernel import clock
from portal.kernel.db import db
from portal.people import pairing
from portal.policy import queries as policy

#: Ballots of a day at most.
MOST = 4
_GRADES = tuple(Grade)
_WEIGHTS = (46, 30, 14, 7, 3)
_SAID = {
    Grade.VERY_SATISFIED: ("半天就办好了，比想的快。", "窗口同志很耐心，材料讲得清楚。"),
    Grade.SATISFIED: ("办得顺利。", "有人指引，不用来回问。"),
    Grade.BASICALLY_SATISFIED: ("等的时间有点长，希望中午也能办。", "网上的材料清单字太小。"),
    Grade.DISSATISFIED: ("同样的材料让我跑了两次。",),
    Grade.VERY_DISSATISFIED: ("说好的日子没有办好，也没有人告诉我。",),
}


def begin(stage: Stage) -> None:
    """Plan the tablet, the sheets, the ballots of every working day, and who signs."""
    first = stage.work.calendar.on_or_next_workday(clock.local(stage.end).date() - timedelta(days=DAYS))
    stage.tell(counter(stage, first))
    stage.tell(votes(stage, first))
    stage.tell(signs(stage))


def counter(stage: Stage, first: date) -> Story:
    """The office connects a tablet and prints sheets of slips."""
    at = yield on(first, "09:12")
    office = stage.actor("wuxia", at)
    _secret, asked = pairing.ask(at)
    service.pair(office, asked.code, "一楼大厅一号窗口", at)
    at = yield on(first, "09:20")
    department = stage.actor("wangmin", at).department_id or 0
    service.print_sheets(office, (department, first.replace(day=1)), 1, at)


def votes(stage: Stage, first: date) -> Story:
    """Some of the clients whose cases ended say how they were served."""
    random, day = Random(20), first  # noqa: S311 - the sample office, the same every time
    while True:
        at = yield on(day, "17:20")
        ended = select(Case.department_id).where(
            Case.closed_on == day, Case.state != CaseState.LAPSED, Case.lead_id.is_(None)
        )
        found = sorted(db.session.scalars(ended))
        for department_id in random.sample(found, min(MOST, len(found))):
            grade = random.choices(_GRADES, _WEIGHTS)[0]
            listed = rules.reasons(policy.value(f"evaluation.reasons_{grade}"))
            said = random.choice(_SAID[grade]) if random.random() < 0.3 else ""
            code = service.hand_out((department_id, day.replace(day=1)))
            service.cast_ballot(code, Ballot(grade, tuple(random.sample(listed, random.randrange(3))), said), at)
        day = stage.work.calendar.add_workdays(day, 1)


def signs(stage: Stage) -> Story:
    """One client signs with praise, one with a bad review that is to be contacted today."""
    department = stage.actor("wangmin", stage.end).department_id or 0
    for back, grade, said, who in (
        (9, Grade.VERY_SATISFIED, "王敏同志帮我把表都核对了一遍，谢谢。", ("陈女士", "13900000021")),
        (1, Grade.DISSATISFIED, "电话里说材料齐了，到窗口又说缺一份。", ("郭先生", "13900000022")),
    ):
        at = yield stage.work.at(back, "16:05")
        code = service.hand_out((department, clock.local(at).date().replace(day=1)))
        reasons = ("没有一次告知",) if grade is Grade.DISSATISFIED else ("态度热情",)
        service.cast_ballot(code, Ballot(grade, reasons, said), at, Signature(*who))
