"""Scripted entries of the first-ask log: every turn of passing on, urgent matters, reversals (F-3, F-4, F-5, J-3)."""

from __future__ import annotations

from datetime import datetime
from random import Random

from portal.cases.models import Case
from portal.demo import clients, lives
from portal.demo.stage import Stage, Story
from portal.first_ask import service as first_ask
from portal.first_ask.models import Channel, Disposition, FirstAsk
from portal.first_ask.service import Asked
from portal.kernel.db import db


def _passed(stage: Stage, asker: str, to: str, matter: str, r: Random, at: datetime, code: str = "") -> FirstAsk:
    return first_ask.file(
        stage.actor(asker, at),
        Asked(
            matter,
            Disposition.PASSED,
            r.choice((Channel.VISIT, Channel.PHONE, Channel.ONLINE)),
            stage.entry(code) if code else None,
            clients.client(r, whole=True),
            to_department_id=stage.made.departments[to],
        ),
        at,
    )


def waiting(stage: Stage, r: Random) -> Story:
    """Passed on a moment ago, nobody has answered yet."""
    at = yield stage.work.at(1, "16:35")
    _passed(stage, "wangmin", "XH", "询问学会换届需要报备哪些材料", r, at)


def waiting_too_long(stage: Stage, r: Random) -> Story:
    """Passed on and left lying past the day in which to answer (F-4)."""
    at = yield stage.work.at(4, "10:50")
    _passed(stage, "liqiang", "KG", "要求更换破损的互动展品说明牌", r, at)


def taken_over(stage: Stage, r: Random) -> Story:
    """Accepted, the answer still to come."""
    at = yield stage.work.at(2, "15:05")
    made = _passed(stage, "wangmin", "ZZ", "反映人才推荐公示名单有误", r, at)
    at = yield stage.work.after(at, 40)
    first_ask.accept(stage.actor("xujing", at), made, at)


def answered(stage: Stage, r: Random) -> Story:
    """Accepted and answered; the first-asker sees the result (F-1)."""
    at = yield stage.work.at(8, "09:35")
    made = _passed(stage, "wangmin", "KP", "询问社区科普大学开班时间", r, at)
    at = yield stage.work.after(at, 55)
    taker = stage.one_of(["huangbo", "luoxin"], at)
    first_ask.accept(taker, made, at)
    at = yield stage.work.after(at, 70)
    taker = stage.one_of(["huangbo", "luoxin"], at)
    first_ask.answer(taker, made, "已电话告知开班安排和报名方式。", at)


def disputed(stage: Stage, r: Random) -> Story:
    """Disputed, the office has not ruled yet (F-4)."""
    at = yield stage.work.at(1, "10:05")
    made = _passed(stage, "liqiang", "XH", "要求协调校园科技节的评委", r, at)
    at = yield stage.work.after(at, 150)
    first_ask.dispute(stage.actor("sunli", at), made, clients.DISPUTES[1][0], at)


def ruled(stage: Stage, r: Random) -> Story:
    """Disputed and ruled; the department that was ruled responsible answers (F-4)."""
    at = yield stage.work.at(10, "10:40")
    made = _passed(stage, "wangmin", "XH", "申请学会联合举办科普市集", r, at)
    at = yield stage.work.after(at, 120)
    first_ask.dispute(stage.actor("sunli", at), made, clients.DISPUTES[1][0], at)
    at = yield stage.work.after(at, 200)
    office = stage.actor("wuxia", at)
    first_ask.rule(office, made, stage.made.departments["KP"], clients.DISPUTES[1][1], at)
    at = yield stage.work.after(at, 90)
    taker = stage.one_of(["dengke", "huangbo"], at)
    first_ask.answer(taker, made, "已与申请方商定由科学普及部牵头。", at)


def twice(stage: Stage, r: Random) -> Story:
    """Passed on a second time: flagged (F-4)."""
    at = yield stage.work.at(6, "09:25")
    made = _passed(stage, "wangmin", "XH", "询问科技馆学术报告厅租用和会议备案", r, at, "SX-012")
    at = yield stage.work.after(at, 60)
    first_ask.accept(stage.actor("zhouning", at), made, at)
    at = yield stage.work.after(at, 45)
    first_ask.pass_on(stage.actor("zhouning", at), made, stage.made.departments["KG"], at)
    at = yield stage.work.after(at, 180)
    taker = stage.one_of(["shenyang", "weilan", "fanchao"], at)
    first_ask.accept(taker, made, at)
    at = yield stage.work.after(at, 60)
    case = first_ask.open_case(taker, made, stage.made.posts["KG-1"].id, at)
    yield from lives.ordinary(stage, case, r, at)


def accepted_late(stage: Stage, r: Random) -> Story:
    """Accepted only after the day in which to answer."""
    at = yield stage.work.at(14, "11:05")
    made = _passed(stage, "liqiang", "KP", "借用防灾减灾展板", r, at, "SX-020")
    at = yield stage.work.at(12, "10:30")
    taker = stage.one_of(["luoxin", "linfang"], at)
    first_ask.accept(taker, made, at)
    at = yield stage.work.after(at, 30)
    case = first_ask.open_case(taker, made, None, at)
    yield from lives.ordinary(stage, case, r, at)


def _urgent(stage: Stage, n: int, channel: Channel, r: Random, at: datetime) -> FirstAsk:
    matter, reason = clients.URGENT[n]
    asked = Asked(
        matter, Disposition.ANSWERED, channel, None, clients.client(r, whole=True),
        outcome="已请当事人到接待室，同时报主要负责人。", urgent=True, urgent_reason=reason,
    )  # fmt: skip
    return first_ask.file(stage.actor("wangmin", at), asked, at)


def urgent_acknowledged(stage: Stage, r: Random) -> Story:
    """Reported to the principal and acknowledged within minutes (F-5)."""
    at = yield stage.work.at(23, "10:15")
    made = _urgent(stage, 0, Channel.PHONE, r, at)
    at = yield stage.work.after(at, 9)
    first_ask.acknowledge(stage.actor("heping", at), made, "立即停用展区，请馆长现场处置，半小时内报告。", at)


def urgent_late(stage: Stage, r: Random) -> Story:
    """Acknowledged too late (F-5)."""
    at = yield stage.work.at(11, "14:05")
    made = _urgent(stage, 1, Channel.VISIT, r, at)
    at = yield stage.work.after(at, 130)
    first_ask.acknowledge(stage.actor("heping", at), made, "由组织联络部牵头接待，明日回复进展。", at)


def urgent_open(stage: Stage, r: Random) -> Story:
    """Nobody has acknowledged it yet: it stands on the wall (F-5)."""
    at = yield stage.work.at(1, "17:05")
    _urgent(stage, 3, Channel.PHONE, r, at)


def reversed_later(stage: Stage, r: Random) -> Story:
    """Undone the next day with a reason (J-3)."""
    at = yield stage.work.at(7, "15:25")
    asked = Asked("询问科普作品征集截止时间", Disposition.ANSWERED, Channel.LETTER, None, clients.client(r))
    made = first_ask.file(stage.actor("wangmin", at), asked, at)
    at = yield stage.work.at(6, "09:15")
    first_ask.reverse(stage.actor("wangmin", at), made, "与上一条来信重复登记。", at)


def reversed_with_case(stage: Stage, r: Random) -> Story:
    """A case opened by mistake: the entry is reversed, the case withdrawn with a second person (J-3, N-7)."""
    at = yield stage.work.at(5, "11:35")
    who = clients.client(r, whole=True)
    asked = Asked("证书遗失补发", Disposition.CASE, Channel.VISIT, stage.entry("SX-005"), who)
    made = first_ask.file(stage.actor("wangmin", at), asked, at)
    at = yield stage.work.after(at, 4)
    first_ask.reverse(stage.actor("wangmin", at), made, "", at)
    yield from lives.confirmed(stage, db.session.get_one(Case, made.case_id), r, at)


def outside(stage: Stage, r: Random) -> Story:
    """Shown the way to another authority (F-3)."""
    at = yield stage.work.at(1, "09:45")
    matter, authority, contact = clients.outside(r)
    asked = Asked(
        matter, Disposition.OUTSIDE, Channel.VISIT, None, clients.client(r),
        outside_authority=authority, outside_contact=contact,
    )  # fmt: skip
    first_ask.file(stage.actor("wangmin", at), asked, at)


PLOTS = (
    waiting, waiting_too_long, taken_over, answered, disputed, ruled, twice, accepted_late, urgent_acknowledged,
    urgent_late, urgent_open, reversed_later, reversed_with_case, outside,
)  # fmt: skip
