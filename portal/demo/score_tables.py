"""The sample office's score tables: two in force, a new version from next month, drafts in every state (E-2, POL-2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from portal.demo.history import DAYS
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.db import db
from portal.pure.months import month_after
from portal.score_table import drafting, editing, queries, service
from portal.score_table.models import Version

#: Who writes and who approves.
_WRITER, _APPROVER = "wuxia", "zhenghao"
_WINDOWS = "hexian-windows"


def begin(stage: Stage) -> None:
    """Plan the tables."""
    today = clock.local(stage.end).date()
    first, coming = (today - timedelta(days=DAYS)).replace(day=1), month_after(today, 1)
    stage.tell(held(stage, _WINDOWS, first, "09:20"))
    stage.tell(held(stage, "yihuang-persons", first, "09:40"))
    stage.tell(renewed(stage, coming))
    stage.tell(waiting(stage, month_after(coming, 1)))
    stage.tell(unset(stage))
    stage.tell(discarded(stage))


def _approve(stage: Stage, key: int, at: datetime) -> None:
    version = _version(key)
    service.approve(stage.actor(_APPROVER, at), key, service.digest(version.content), at)


def _version(key: int) -> Version:
    return db.session.get_one(Version, key)


def held(stage: Stage, code: str, month: date, there: str) -> Story:
    """Taken over at the beginning, approved the day after, in force since the first month."""
    at = yield stage.work.at(39, there)
    office = stage.actor(_WRITER, at)
    key = service.adopt(office, code, "", at).id
    service.submit(office, key, month, "按年度考核安排采用，试行一年。", at)
    at = yield stage.work.at(38, there)
    _approve(stage, key, at)


def renewed(stage: Stage, month: date) -> Story:
    """The windows' table is changed, given back once, and approved from next month on."""
    at = yield stage.work.at(9, "10:10")
    before = queries.in_force("department", clock.local(at).date())
    if before is None:
        return
    office = stage.actor(_WRITER, at)
    key = service.begin(office, before.table_id, at).id
    category, rule = next(iter(_version(key).table.places.values()))
    wanted = replace(rule, cap=Decimal(10))
    drafting.save_rule(office, key, rule.code, category.code, wanted, editing.stamp(rule), at)
    service.submit(office, key, month, "为事假未安排顶岗的扣分设上限。", at)
    at = yield stage.work.at(8, "15:30")
    service.give_back(stage.actor(_APPROVER, at), key, "上限偏高，请与考勤制度对齐。", at)
    at = yield stage.work.at(7, "09:50")
    now = _version(key).table.rule(rule.code)
    drafting.save_rule(
        stage.actor(_WRITER, at), key, rule.code, category.code, replace(now, cap=Decimal(6)), editing.stamp(now), at
    )
    service.submit(stage.actor(_WRITER, at), key, month, "上限已改为 6 分。", at)
    at = yield stage.work.at(6, "11:10")
    _approve(stage, key, at)


def waiting(stage: Stage, month: date) -> Story:
    """Another table for the windows waits for its approval."""
    at = yield stage.work.at(2, "14:20")
    office = stage.actor("caiyun", at)
    key = service.adopt(office, "yihuang-windows-2", "", at).id
    service.submit(office, key, month, "拟改用奖扣分办法，请审。", at)


def unset(stage: Stage) -> Story:
    """A table with a figure that the source does not give: a draft until the office sets it."""
    at = yield stage.work.at(5, "16:10")
    service.adopt(stage.actor(_WRITER, at), "county-windows", "", at)


def discarded(stage: Stage) -> Story:
    """One that was tried and given up."""
    at = yield stage.work.at(12, "10:30")
    key = service.adopt(stage.actor(_WRITER, at), "hongqi-windows", "", at).id
    at = yield stage.work.at(11, "10:30")
    service.discard(stage.actor(_WRITER, at), key, "日常部分只有 65 分，与本单位的做法不合。", at)
