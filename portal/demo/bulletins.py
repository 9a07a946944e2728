"""The office publishes last months' bulletins in the sample office, and corrects one of them (W-0)."""

from __future__ import annotations

from datetime import date, timedelta

from portal.bulletin import service
from portal.demo.history import DAYS
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.pure.months import month_after

_INTRODUCTION = "本月受理量平稳，多数科室按期办结。请各科室对照通报，及时处理超期件和投诉反映的问题。"
_NOTES = {
    "cases": "超期的科室已说明原因，下月继续跟踪。",
    "complaints": "投诉集中在等候时间，已增开窗口。",
}


def begin(stage: Stage) -> None:
    """Plan a bulletin for each month that is over before the end."""
    last = clock.local(stage.end).date()
    month = (last - timedelta(days=DAYS)).replace(day=1)
    while month_after(month, 1) <= last:
        stage.tell(published(stage, month, corrected=month_after(month, 2) <= last))
        month = month_after(month, 1)


def published(stage: Stage, month: date, corrected: bool) -> Story:
    """Written and published on the eighth working day or so; an older one was corrected two days later."""
    day = stage.work.calendar.add_workdays(month_after(month, 1), 7)
    at = yield on(day, "16:00")
    service.publish(stage.actor("wuxia", at), month, _INTRODUCTION, _NOTES, at)
    if corrected:
        at = yield on(stage.work.calendar.add_workdays(day, 2), "09:30")
        service.correct(stage.actor("wuxia", at), month, "一件办件的结束时间补登后，按期办结率有变化。", at)
        service.publish(stage.actor("wuxia", at), month, _INTRODUCTION, _NOTES, at)
