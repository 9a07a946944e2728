"""The catalogue in motion: drafts in every state, an item retired, fees, consequences (C-1, C-3, C-8, C-9)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from random import Random

from werkzeug.datastructures import FileStorage

from portal.cases import handling
from portal.cases.models import Case
from portal.demo import lives
from portal.demo.lives import Part
from portal.demo.opening import Opened, When, opened
from portal.demo.stage import Stage, Story
from portal.fee import service as fees
from portal.fee.models import Consequence
from portal.kernel import clock
from portal.service_commitment import drafting
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import BreachKind, ServiceItem
from portal.service_commitment.service import Content, Material

_PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def begin(stage: Stage) -> None:
    """Plan all of it."""
    for story in (third_version, in_review, being_written, refused, retired, not_yet_published):
        stage.tell(story(stage))
    for n, plot in enumerate((as_published, waived, corrected, apology, compensation, asked_for, not_agreed)):
        stage.tell(plot(stage, Random(f"fee {n}")))  # noqa: S311 - sample data, nothing secret


# --- the next version (C-3) -------------------------------------------------------------------------------------


def _write(stage: Stage, who: str, item: ServiceItem, at: datetime, **changes: object) -> None:
    draft = drafting.running(item)
    content = drafting.content_of(draft) if draft else drafting.current_content(item)
    new = replace(content, **changes)  # type: ignore[arg-type]
    drafting.save(stage.actor(who, at), item, new, draft.edition if draft else 0, at)


def third_version(stage: Stage) -> Story:
    """Drafted by the clerk of the office with a sample form, agreed to by its head: the third version of an item."""
    item = stage.items["SX-016"]
    at = yield stage.work.at(12, "10:05")
    standard = "一次告知、现场查看提前预约、限时办结；办理人亮明姓名和岗位。"
    _write(stage, "caiyun", item, at, service_standard=standard)
    at = yield stage.work.after(at, 12)
    sample = FileStorage(BytesIO(_PDF), "认定申请书样表.pdf")
    drafting.add_sample(stage.actor("caiyun", at), item, 1, [sample], 1, at)
    at = yield stage.work.after(at, 4)
    drafting.submit(stage.actor("caiyun", at), item, at, "补充样表，明确现场查看须提前预约。")
    at = yield stage.work.at(11, "09:20")
    drafting.approve(stage.actor("wuxia", at), item, 2, at)


def in_review(stage: Stage) -> Story:
    """A head wants to promise less time: submitted, nobody has looked at it yet."""
    at = yield stage.work.at(2, "15:40")
    _write(stage, "sunli", stage.items["SX-012"], at, promised_limit="2wd")
    at = yield stage.work.after(at, 15)
    drafting.submit(stage.actor("sunli", at), stage.items["SX-012"], at, "备案材料已简化，两个工作日可以办结。")


def being_written(stage: Stage) -> Story:
    """A head is at it: two editions, not submitted."""
    item = stage.items["SX-024"]
    at = yield stage.work.at(3, "10:30")
    _write(stage, "jiangtao", item, at, conditions="符合当期推荐条件，单位同意，近三年无不良记录。")
    at = yield stage.work.at(1, "16:05")
    forms = [replace(m, copies=1) for m in drafting.current_content(item).materials]
    _write(stage, "jiangtao", item, at, materials=(*forms, Material("无不良记录承诺书", "原件")))


def refused(stage: Stage) -> Story:
    """Longer than before: refused with a reason."""
    item = stage.items["SX-008"]
    at = yield stage.work.at(10, "11:10")
    _write(stage, "zhaogang", item, at, promised_limit="10wd")
    at = yield stage.work.after(at, 6)
    drafting.submit(stage.actor("zhaogang", at), item, at, "现场查看需要排期。")
    at = yield stage.work.at(9, "09:45")
    drafting.refuse(stage.actor("wuxia", at), item, "承诺时限只宜缩短；现场查看请提前排期，不必延长。", at)


def _new(stage: Stage, code: str, name: str, post: str, topic: str, at: datetime) -> ServiceItem:
    made = catalogue.add(stage.actor("wuxia", at), code, name, stage.made.posts[post], at, topic=topic)
    stage.items[code] = made
    return made


def retired(stage: Stage) -> Story:
    """An item of its own, offered for a while and then taken up by another one."""
    at = yield stage.work.at(28, "09:30")
    item = _new(stage, "SX-091", "科普挂图领取", "KP-3", "科普", at)
    content = Content(
        item.name, "1wd", basis="《示例市科协办事规定（示例）》第十九条", procedure="登记\n领取",
        materials=(Material("领取登记表", "原件"),),
    )  # fmt: skip
    drafting.save(stage.actor("caiyun", at), item, content, 0, at)
    drafting.submit(stage.actor("caiyun", at), item, at)
    at = yield stage.work.after(at, 30)
    drafting.approve(stage.actor("wuxia", at), item, 1, at)
    at = yield stage.work.at(6, "14:30")
    day = clock.local(at).date()
    actor = stage.actor("wuxia", at)
    catalogue.retire(actor, item, day, at, reason="并入展品借用，一次办理。", replaced_by="SX-020")


def not_yet_published(stage: Stage) -> Story:
    """A new item whose first version waits for its second person."""
    at = yield stage.work.at(4, "10:15")
    item = _new(stage, "SX-092", "科普志愿者登记", "KP-2", "科普", at)
    content = Content(
        item.name, "3wd", basis="《示例市科协办事规定（示例）》第二十条", conditions="年满十六周岁。",
        procedure="登记\n核对\n发放志愿者证", outcome="志愿者证",
        materials=(Material("志愿者登记表", "原件"), Material("身份证明", "复印件")),
    )  # fmt: skip
    drafting.save(stage.actor("wuxia", at), item, content, 0, at)
    drafting.submit(stage.actor("wuxia", at), item, at, "新增事项。")


# --- fees (C-9) -------------------------------------------------------------------------------------------------


def _closed(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """Taken up and completed, well within its hours."""
    at = yield from lives.started(stage, case, at)
    at = yield stage.work.after(at, 25)
    return (yield from lives.finished(stage, case, r, at))


def as_published(stage: Stage, r: Random) -> Story:
    """The fee is charged as published, for two copies."""
    case, at = yield from opened(stage, (15, "10:20"), "SX-005", r)
    actor, at = yield from stage.answering(case.post_id, at)
    fees.charge(actor, case, 2000, clock.local(at).date(), at, quantity=2, receipt="示票 0001871")
    yield from _closed(stage, case, r, at)


def waived(stage: Stage, r: Random) -> Story:
    """For a public-benefit activity the hall is free: less than published, with the reason."""
    case, at = yield from opened(stage, (13, "15:10"), "SX-028", r)
    at = yield stage.work.after(at, 60)
    actor, at = yield from stage.answering(case.post_id, at)
    fees.charge(actor, case, 0, clock.local(at).date(), at, reason="公益科普报告会，按规定免收。")


def corrected(stage: Stage, r: Random) -> Story:
    """Five yuan too much was taken, noticed and put right by a further record."""
    case, at = yield from opened(stage, (8, "09:40"), "SX-005", r)
    actor, at = yield from stage.answering(case.post_id, at)
    first = fees.charge(actor, case, 1500, clock.local(at).date(), at, reason="加急制证工本。", receipt="示票 0001902")
    at = yield from _closed(stage, case, r, at)
    actor, at = yield from stage.answering(case.post_id, at)
    fees.charge(actor, case, 1000, clock.local(at).date(), at, receipt="示票 0001905", corrects=first.id)
    case, at = yield from opened(stage, (5, "14:10"), "SX-005", r)
    actor, at = yield from stage.answering(case.post_id, at)
    fees.charge(actor, case, 1200, clock.local(at).date(), at, reason="申请人要求加印一份复印件。")
    yield from _closed(stage, case, r, at)


# --- consequences (C-8) -----------------------------------------------------------------------------------------


def _late(stage: Stage, when: When, until: When, r: Random) -> Opened:
    """A case of three days that was forgotten; completed late, with its statement."""
    case, at = yield from opened(stage, when, "SX-023", r)
    at = yield from lives.started(stage, case, at)
    at = yield stage.work.at(*until)
    actor, at = yield from stage.answering(case.post_id, at)
    handling.complete(actor, case, "同意设立，批复已送达。", "批复", "经办人外出期间交接不清，材料搁置。", at)
    return case, at


def _proposed(
    stage: Stage, case: Case, at: datetime, kind: BreachKind, what: str, fen: int | None = None
) -> Generator[datetime, datetime, tuple[Consequence, datetime]]:
    actor, at = yield from stage.answering(case.post_id, at)
    text = "承诺三个工作日批复，超过时限才办结。"
    return fees.propose(actor, case, kind, text, what, fen, at), at


def apology(stage: Stage, r: Random) -> Story:
    """Proposed, approved by the head, carried out."""
    case, at = yield from _late(stage, (20, "10:10"), (14, "15:30"), r)
    made, at = yield from _proposed(stage, case, at, BreachKind.APOLOGY, "书面致歉，说明延误原因。")
    at = yield stage.work.at(13, "09:30")
    fees.approve(stage.actor("jiangtao", at), made, "同意。", at)
    at = yield stage.work.at(12, "16:00")
    yield from _given(stage, made, at, "致歉信当面送达，申请单位签收。")


def _given(stage: Stage, made: Consequence, at: datetime, how: str) -> Part:
    actor, at = yield from stage.answering(made.case.post_id, at)
    fees.give(actor, made, clock.local(at).date(), how, at)
    return at


def compensation(stage: Stage, r: Random) -> Story:
    """Approved, still to be paid."""
    case, at = yield from _late(stage, (16, "09:50"), (8, "11:00"), r)
    what = "补偿因多跑一次发生的交通费。"
    made, at = yield from _proposed(stage, case, at, BreachKind.COMPENSATION, what, 5000)
    at = yield stage.work.at(2, "10:20")
    fees.approve(stage.actor("jiangtao", at), made, "同意，请办公室报销后转交。", at)


def asked_for(stage: Stage, r: Random) -> Story:
    """Proposed yesterday, the head has not decided."""
    case, at = yield from _late(stage, (11, "14:30"), (1, "15:10"), r)
    yield from _proposed(stage, case, at, BreachKind.APOLOGY, "电话和书面各致歉一次。")


def not_agreed(stage: Stage, r: Random) -> Story:
    """Refused by the head: the delay was not ours."""
    case, at = yield from _late(stage, (24, "15:20"), (18, "10:40"), r)
    made, at = yield from _proposed(stage, case, at, BreachKind.COMPENSATION, "补偿交通费。", 10000)
    at = yield stage.work.at(17, "09:10")
    fees.refuse(stage.actor("jiangtao", at), made, "申请人没有多跑，致歉即可，不符合补偿条件。", at)
