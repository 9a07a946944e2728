"""Evidence of the sample office's scores: manual lines in every state, objections upheld and refused (E-3)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.db import locked
from portal.pure.months import month_after
from portal.pure.scoring import Kind, Subject
from portal.score_evidence import lines, objections, queries, service
from portal.score_evidence.lines import Proposal
from portal.score_evidence.models import LineState, Objection, ScoreLine, ScoreMonth

_OFFICE, _FINDER, _SECOND = "wuxia", "caiyun", "wuxia"
#: The department whose head objects, and the head.
_OBJECTS = {"ZW": "zhaogang", "KP": "dengke"}
_NOTES = (
    "查看监控，上午窗口两名工作人员围坐闲谈，群众等候无人招呼。",
    "当天两名群众到窗口当面致谢，并留下书面意见。",
    "抽查办件材料，档案袋封面填写不全。",
)


def begin(stage: Stage) -> None:
    """Plan the lines of the last month and of the present one, and the objections to the last one's."""
    today = clock.local(stage.end).date()
    last = month_after(today, -1)
    for month in (month_after(last, -1), last):
        stage.tell(computed(stage, month))
    for n, code in enumerate(_OBJECTS):
        stage.tell(line(stage, last, code, n, "approve"))
        stage.tell(objection(stage, last, code, upheld=n == 0))
    for n, outcome in enumerate(("approve", "refuse", "")):
        stage.tell(line(stage, month_after(today, 0), "KP", n, outcome, later=n + 1))


def _month(month: date) -> ScoreMonth | None:
    found = queries.month_of(Subject.DEPARTMENT, month)
    return locked(ScoreMonth, id=found.id) if found else None


def computed(stage: Stage, month: date) -> Story:
    """The office computes the month on the first working day after it, windows and persons."""
    at = yield on(stage.work.calendar.on_or_next_workday(month_after(month, 1)), "10:20")
    for subject in Subject:
        found = queries.month_of(subject, month)
        if found is not None and found.computed_at is None:
            service.compute(stage.actor(_OFFICE, at), locked(ScoreMonth, id=found.id), at)


def line(stage: Stage, month: date, code: str, n: int, outcome: str, later: int = 0) -> Story:
    """A line proposed by hand in its month, and what a second person makes of it."""
    day = stage.work.calendar.add_workdays(month + timedelta(days=8), later)
    at = yield on(day, f"16:{10 + 5 * n}")
    found = _month(month)
    rules = lines.hand_rules(found.version.table) if found is not None else []
    if found is None or not rules:
        return
    rule = rules[n % len(rules)]
    graded = rule.kind is Kind.RANGE
    what = Proposal(
        stage.made.departments[code], rule.code, None if graded else Decimal(1), rule.low if graded else None,
        clock.local(at).date(), _NOTES[n], "效能督查",
    )  # fmt: skip
    key = lines.propose(stage.actor(_FINDER, at), found, what, (), at).id
    if not outcome:
        return
    at = yield on(stage.work.calendar.add_workdays(day, 1), f"17:{5 + n:02}")
    found, made, second = _month(month), locked(ScoreLine, id=key), stage.actor(_SECOND, at)
    if found is None:
        return
    if outcome == "approve":
        lines.approve(second, found, made, "情况属实。", at)
    else:
        lines.refuse(second, found, made, "没有旁证，不予计入。", at)


def objection(stage: Stage, month: date, code: str, *, upheld: bool) -> Story:
    """The head objects to a line on the day after the computation; two days later somebody else rules."""
    day = stage.work.calendar.add_workdays(stage.work.calendar.on_or_next_workday(month_after(month, 1)), 1)
    at = yield on(day, "09:20" if upheld else "09:50")
    found = _month(month)
    head = stage.actor(_OBJECTS[code], at)
    rows = queries.of_subject(found.id, stage.made.departments[code]) if found is not None else []
    counted = [row for row in rows if row.state is LineState.APPROVED and row.proposed_by_id is None and row.scored]
    if found is None or not counted or not objections.may_object(head, found, counted[0], at):
        return
    made = objections.object_to(head, found, counted[0], "当天已经向办公室说明情况，并补交了材料。", at)
    day = stage.work.calendar.add_workdays(day, 2)
    at = yield on(day, "10:10" if upheld else "10:40")
    found = _month(month)
    judge = stage.actor(_SECOND, at)
    if found is not None:
        text = "核对登记，说明属实，这条不计。" if upheld else "材料是事后补交的，扣分不变。"
        objections.rule(judge, found, locked(Objection, id=made.id), upheld, text, at)
