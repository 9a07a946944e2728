"""Scripted cases of the sample office that are not handled by one post alone, and what silence decides (T-7, T-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from portal.cases import handling
from portal.cases import service as cases
from portal.cases.models import Case
from portal.demo import clients, lives
from portal.demo.cast import Made
from portal.demo.items import Item
from portal.demo.opening import Opened, When
from portal.demo.stage import Stage, Story
from portal.first_ask import service as first_ask
from portal.first_ask.models import Channel, Disposition
from portal.first_ask.service import Asked
from portal.joint_case import queries, service
from portal.kernel import clock
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.policy.pause_reasons import TABLE, Reason
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import CaseKind, ServiceItem
from portal.timed_completion import service as procedures
from portal.timed_completion.service import Content

JOINT, UPWARD, TACIT = "SX-031", "SX-032", "SX-033"
_PARTS = "XH-1，2wd，学会推荐意见\nKG-1，4wd，场地核验意见\nZZ-1，3wd，会签意见，会签"
_RULES = "《示例市科协办事规定（示例）》"
ITEMS: dict[str, tuple[Item, dict[str, Any]]] = {
    JOINT: (
        Item(
            "科学家精神教育基地联合认定", "KP-1", "10wd", "30wd", "联合认定 科学家精神", "科普", f"{_RULES}第三十条",
            "有馆藏、有讲解、有安全方案。", "牵头科室受理；三个科室同时办理；汇总批复。", "认定批复",
            "联合认定申请书:原件:2;馆藏清单:原件",
        ),
        {"kind": CaseKind.JOINT, "parts": _PARTS},
    ),
    UPWARD: (
        Item(
            "省级科普项目推荐", "KP-3", "7wd", "30wd", "省级项目 推荐", "科普", f"{_RULES}第三十一条",
            "已列入市级项目库。", "受理；审核；上报省科协；转达结果。", "推荐结果通知", "推荐申报书:原件:2",
        ),
        {"kind": CaseKind.FORWARDED},
    ),
    TACIT: (
        Item(
            "基层科协请示批复", "ZZ-1", "3wd", "", "请示 批复 基层", "基层组织", f"{_RULES}第三十二条",
            "基层科协以正式公文提出。", "收文；研究；批复。", "批复", "请示:原件",
        ),
        {"tacit_consent": True},
    ),
}  # fmt: skip


def publish(made: Made, now: datetime) -> dict[str, ServiceItem]:
    """Publish the three items as they stood at the founding."""
    found = {}
    for code, (item, more) in ITEMS.items():
        row = catalogue.add(SYSTEM, code, item.name, made.posts[item.post], now, aliases=item.aliases, topic=item.topic)
        catalogue.publish(SYSTEM, row, replace(item.content(), **more), now)
        found[code] = row
    return found


def _opened(stage: Stage, when: When, code: str, r: Random, matter: str = "") -> Opened:
    at = yield stage.work.at(*when)
    asker = stage.one_of(["wangmin", "liqiang", "sunjie", "zhaogang"], at)
    item, who = ITEMS[code][0], clients.client(r, whole=True)
    asked = Asked(matter or clients.matter(item, r, who), Disposition.CASE, Channel.LETTER, stage.entry(code), who)
    case = db.session.get_one(Case, first_ask.file(asker, asked, at).case_id)
    at = yield stage.work.after(at, 12)
    actor, at = yield from stage.answering(case.post_id, at)
    lives.take_papers(actor, case, at)
    at = yield stage.work.after(at, 9)
    at = yield from lives.accepted(stage, case, at)
    return case, at


def _give(stage: Stage, part: Case, result: str, at: datetime) -> lives.Part:
    actor, at = yield from stage.answering(part.post_id, at)
    handling.complete(actor, part, result, "", "经办人外出调研，答复迟了一天。", at)
    return at


def three_departments(stage: Stage, r: Random) -> Story:
    """Three departments at once: one is late, one waits for experts, one has answered (T-9)."""
    case, at = yield from _opened(stage, (5, "09:20"), JOINT, r)
    _late, paused, done = sorted(queries.open_parts(case.id), key=lambda p: p.id)
    at = yield stage.work.at(4, "10:10")
    actor, at = yield from stage.answering(paused.post_id, at)
    until = clock.local(at).date() + timedelta(days=15)
    procedures.start(
        actor,
        paused,
        Content(str(Reason.EXPERT_REVIEW), str(TABLE[Reason.EXPERT_REVIEW].basis), "示例市科普专家委员会", until),
        at,
    )
    at = yield stage.work.at(3, "15:00")
    at = yield from _give(stage, done, "会签无异议。", at)
    at = yield stage.work.at(3, "16:00")
    lead, at = yield from stage.answering(case.post_id, at)
    service.name_agent(lead, case, lead.id, at)


def all_done(stage: Stage, r: Random) -> Story:
    """A joint matter in which everybody answered in time."""
    case, at = yield from _opened(stage, (16, "10:00"), JOINT, r)
    for n, part in enumerate(sorted(queries.open_parts(case.id), key=lambda p: p.id)):
        at = yield stage.work.at(15, f"{10 + n}:20")
        at = yield from _give(stage, part, ("推荐。", "场地符合要求。", "会签无异议。")[n], at)
    at = yield stage.work.at(13, "09:40")
    actor, at = yield from stage.answering(case.post_id, at)
    handling.complete(actor, case, "三个科室意见一致，予以认定。", stage.document(at), "", at)


def at_the_province(stage: Stage, r: Random) -> Story:
    """Lies with the upper authority, with somebody who keeps track (T-9)."""
    case, at = yield from _opened(stage, (11, "14:20"), UPWARD, r)
    at = yield stage.work.at(9, "09:50")
    actor, at = yield from stage.answering(case.post_id, at)
    service.forward(actor, case, "示例省科协", stage.document(at), actor.id, at)


def back_from_the_province(stage: Stage, r: Random) -> Story:
    """Came back from the upper authority and was completed: our share of the time is shown."""
    case, at = yield from _opened(stage, (26, "09:30"), UPWARD, r)
    at = yield stage.work.at(24, "10:40")
    actor, at = yield from stage.answering(case.post_id, at)
    service.forward(actor, case, "示例省科协", stage.document(at), actor.id, at)
    at = yield stage.work.at(14, "15:30")
    actor, at = yield from stage.answering(case.post_id, at)
    service.bring_back(actor, case, "省科协同意列入推荐名单。", at)
    at = yield stage.work.at(13, "10:20")
    actor, at = yield from stage.answering(case.post_id, at)
    handling.complete(actor, case, "已列入省级推荐名单，结果已转达。", stage.document(at), "", at)


def agreed_by_silence(stage: Stage, r: Random) -> Story:
    """Nobody answered: deemed agreed at the close of the third day; the client still has to be told (T-7)."""
    case, at = yield from _opened(stage, (6, "10:50"), TACIT, r, "关于调整示例镇科协秘书长的请示")
    at = yield stage.work.after(at, 300)
    actor, at = yield from stage.answering(case.post_id, at)
    handling.note_step(actor, case, "已送分管领导阅示，请示单位来电询问过一次。", at)


def silence_was_told(stage: Stage, r: Random) -> Story:
    """Deemed agreed weeks ago, and the client told of it (T-7)."""
    case, at = yield from _opened(stage, (19, "09:40"), TACIT, r, "关于示例社区科普大学设立教学点的请示")
    at = yield stage.work.at(15, "09:30")
    actor, at = yield from stage.answering(case.post_id, at)
    cases.settle(case, at)
    handling.tell(actor, case, "handed", clock.local(at).date(), at)


def silence_to_come(stage: Stage, r: Random) -> Story:
    """Will be deemed agreed at the next close of business unless somebody answers (T-7)."""
    yield from _opened(stage, (3, "10:20"), TACIT, r, "关于示例企业科协换届的请示")


PLOTS = (
    three_departments, all_done, at_the_province, back_from_the_province, agreed_by_silence, silence_was_told,
    silence_to_come,
)  # fmt: skip
