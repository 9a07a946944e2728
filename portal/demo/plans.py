"""Yearly plans of the sample office in every state: items that go well and less well, amended, reviewed (E-1)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post import superiors
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_duty.models import PostKind
from portal.work_plan import amending, drafting, executing, reviewing, rights
from portal.work_plan.common import Text, text_of
from portal.work_plan.models import Change, PlanItem, PlanState, Term, WorkPlan


@dataclass(frozen=True)
class Item:
    """One item: the date as calendar days from the end of the story, and what becomes of it."""

    key_task: str
    step: str
    measure: str
    who: str
    due: int
    #: What happens, in order: (working days back, what): percent, report, confirm, return, ask, grant, refuse,
    #: change, cancel, excuse.
    then: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Plot:
    """One department's plan and how far it goes: draft, submitted, discussed, approved, filed, opined, concluded."""

    code: str
    goals: str
    items: tuple[Item, ...]
    upto: str = "approved"


PLOTS = (
    Plot("ZW", "窗口按时办结率不低于 98%，服务对象满意率不低于 95%，全年无有效投诉。", (
        Item("优化窗口服务", "修订窗口服务规范并公布", "印发规范，窗口张贴，培训一次。", "zhaogang", -24,
             ((33, "30"), (25, "report"), (24, "confirm"))),
        Item("优化窗口服务", "编印一次性告知手册", "覆盖全部事项，印 300 册，二维码可查。", "wangmin", -15,
             ((30, "40"), (17, "80"), (9, "report"), (8, "confirm"))),
        Item("优化窗口服务", "开展窗口礼仪培训", "全员参加，每人实操一次。", "liqiang", -6, ((20, "20"), (12, "35"))),
        Item("压缩办理时限", "梳理可当场办结的事项", "列出清单，报领导审定。", "sunjie", 4, ((22, "50"), (7, "70"))),
        Item("压缩办理时限", "基地认定内部流转减少一个环节", "流程图更新，系统内走通。", "sunjie", 12,
             ((18, "60"), (3, "report"))),
        Item("压缩办理时限", "与组织联络部共享人才数据", "签订共享清单。", "wangmin", 26, ((14, "cancel"),)),
        Item("方便群众办事", "试行周六预约服务", "每月两个周六。", "liqiang", 20, ((16, "ask"), (15, "grant"))),
    ), "concluded"),
    Plot("KP", "全年科普活动不少于 40 场，覆盖全部街道。", (
        Item("科普进社区", "组织秋季科普大集", "不少于 12 个展位，群众参与 1500 人次。", "huangbo", -12,
             ((32, "50"), (16, "report"), (15, "return"), (13, "report"), (12, "confirm"))),
        Item("科普进社区", "更新社区科普宣传栏", "30 处，内容每季更换。", "luoxin", -9, ((21, "45"),)),
        Item("基地建设", "科普基地年度抽查", "不少于 8 家。", "linfang", 6, ((19, "25"), (4, "65"), (2, "ask"))),
        Item("基地建设", "推荐省级科普基地", "推荐 2 家，材料齐全。", "dengke", 24, ((17, "30"),)),
    ), "opined"),
    Plot("XH", "服务学会能力提升，学术年会质量提高。", (
        Item("学会管理", "完成所属学会年检", "年检率 100%，问题逐一反馈。", "zhouning", 10, ((24, "60"), (5, "90"))),
        Item("学会管理", "换届学会指导", "到期学会全部列出计划。", "zhouning", 28, ((11, "change"),)),
        Item("学术交流", "筹备学术年会", "论文不少于 60 篇，分会场 3 个。", "tangyue", -3, ((26, "55"), (1, "excuse"))),
    ), "filed"),
    Plot("BG", "保障机关高效运转。", (
        Item("制度建设", "修订机关值班制度", "印发并培训。", "caiyun", 15, ((13, "50"),)),
        Item("督查督办", "季度督查全覆盖", "每季度每个科室至少一次。", "zhenghao", 27, ((9, "75"),)),
    )),
    Plot("ZZ", "联系服务科技工作者，全年走访不少于 100 人次。", (
        Item("人才服务", "科技工作者走访", "建立台账，问题 100% 答复。", "xujing", 25),
        Item("人才服务", "优秀科技工作者推荐", "推荐程序公开，公示 5 个工作日。", "panlei", 20),
    ), "discussed"),
    Plot("KG", "开放天数不少于 300 天，参观人数增长一成。", (
        Item("场馆开放", "更新儿童展区", "新展品 12 件，投诉为零。", "weilan", 27),
        Item("安全管理", "完成消防演练", "全员参加，记录完整。", "shenyang", 18),
    ), "draft"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan the plans."""
    for n, plot in enumerate(PLOTS):
        stage.tell(planned(stage, plot, n))


def _decider(stage: Stage, kind: PostKind, department_id: int, at: datetime) -> Actor:
    """Who answers for a post of a kind over a department now."""
    found = superiors.decider(kind, department_id, (), at)
    if found is None:
        raise LookupError(f"nobody answers as {kind}")
    return stage.by_id(found[0], at)


def _within(day: date, year: int) -> date:
    """The day, or the nearest one of the plan's year."""
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


def planned(stage: Stage, plot: Plot, n: int) -> Story:
    """One plan from its draft as far as it goes."""
    at = yield stage.work.at(37 if plot.upto not in ("draft", "discussed") else 12, f"09:{10 + 5 * n}")
    department, end = stage.made.departments[plot.code], clock.local(stage.end).date()
    head, year = _decider(stage, PostKind.HEAD, department, at), end.year
    plan = drafting.draft(head, department, year, plot.goals, at)
    for each in plot.items:
        due = _within(end + timedelta(days=each.due), year)
        drafting.add_item(
            head, plan, Text(each.key_task, each.step, each.measure, stage.made.users[each.who].id, due), at
        )
    number, items = plan.number, [i.number for i in plan.items]
    if plot.upto == "draft":
        return
    at = yield stage.work.at(36 if plot.upto != "discussed" else 10, f"10:{10 + 5 * n}")
    drafting.submit(_decider(stage, PostKind.HEAD, department, at), _plan(number), at)
    at = yield stage.work.at(35 if plot.upto != "discussed" else 7, f"11:{15 + n}")
    leader = _decider(stage, PostKind.LEADER, department, at)
    drafting.discuss(leader, _plan(number), "任务明确，措施可行；衡量标准请在执行中留存佐证。", at)
    if plot.upto == "discussed":
        return
    at = yield stage.work.at(34, f"15:{10 + n}")
    principal = _decider(stage, PostKind.PRINCIPAL, department, at)
    minutes = FileStorage(
        io.BytesIO("班子会纪要（节录）\n同意该计划，按分工执行。\n".encode()), filename="会议纪要节录.txt"
    )
    drafting.approve(
        principal, _plan(number), clock.local(at).date(), "班子会第 9 次会议纪要第二项：同意。", at, [minutes]
    )
    for k, (each, item) in enumerate(zip(plot.items, items, strict=True)):
        stage.tell(followed(stage, each, item, f"14:{10 + 3 * k}"))
    if plot.upto in ("filed", "opined", "concluded"):
        stage.tell(reviewed(stage, number, department, plot.upto))


def _plan(number: str) -> WorkPlan:
    return db.session.scalars(select(WorkPlan).where(WorkPlan.number == number)).one()


def _item(number: str) -> PlanItem:
    return db.session.scalars(select(PlanItem).where(PlanItem.number == number)).one()


def followed(stage: Stage, what: Item, number: str, there: str) -> Story:
    """What becomes of one item."""
    for back, then in what.then:
        at = yield stage.work.at(back, there)
        item = _item(number)
        person, head = stage.actor(what.who, at), _decider(stage, PostKind.HEAD, item.department_id, at)
        confirmer = rights.confirmer(item.department_id, item.person_id, item.reported_by_id, at)
        extender = rights.extender(item.department_id, item.person_id, item.person_id, at)
        if then.isdigit():
            paper = FileStorage(io.BytesIO(f"{what.step}：阶段小结\n".encode()), filename="阶段小结.txt")
            executing.progress(person, item, int(then), "按计划推进，已完成阶段工作。", at, [paper])
        elif then == "report":
            executing.report(person, item, f"{what.step}已完成，{what.measure}", at)
        elif then == "confirm" and confirmer is not None:
            executing.confirm(stage.by_id(confirmer, at), item, "情况属实。", at)
        elif then == "return" and confirmer is not None:
            executing.send_back(stage.by_id(confirmer, at), item, "请补充活动照片和签到表。", at)
        elif then == "ask":
            later = _within(item.due_on + timedelta(days=12), item.plan.year)
            if later > item.due_on:  # on the last days of a year there is none
                executing.ask_extension(person, item, later, "配合单位的材料未到，需要顺延。", at)
        elif then == "grant" and executing.waiting_extension(item) is not None and extender is not None:
            executing.decide_extension(stage.by_id(extender, at), item, True, "同意，不再延期。", at)
        elif then in ("change", "cancel"):
            change = Change(then)
            text = None
            if change is Change.CHANGE:
                old = text_of(item)
                text = Text(old.key_task, "换届学会指导和档案整理", old.measure, old.person_id, old.due_on)
            asked = amending.ask(head, item.plan, change, item, text, "上级工作安排有调整。", at)
            if change is Change.CANCEL:
                at = yield at + timedelta(days=1)
                principal = _decider(stage, PostKind.PRINCIPAL, item.department_id, at)
                amending.decide(principal, asked, True, clock.local(at).date(), "班子会第 11 次会议：同意取消。", at)
        elif then == "excuse" and item.late_at is not None:
            office = stage.one_of(["wuxia", "caiyun"], at)
            executing.excuse(office, item, "年会改由市里统一安排日期，会议通知在案。", at)


def reviewed(stage: Stage, number: str, department: int, upto: str) -> Story:
    """The review that is due now, as far as it goes."""
    at = yield stage.work.at(11, "16:05")
    plan = _plan(number)
    term = reviewing.term_due(plan, at)
    if term is not Term.MID or plan.state is not PlanState.APPROVED:
        return
    head = _decider(stage, PostKind.HEAD, department, at)
    reviewing.file(head, plan, term, "各项任务总体按计划推进；个别事项进度偏慢，已落实到人，下月补齐。", at)
    if upto == "filed":
        return
    at = yield stage.work.at(8, "16:10")
    review = reviewing.review_of(_plan(number), term)
    leader = _decider(stage, PostKind.LEADER, department, at)
    if review is None:
        return
    reviewing.opine(leader, review, "逾期事项要说明原因并限期完成，其余继续保持。", at)
    if upto == "opined":
        return
    at = yield stage.work.at(5, "16:20")
    principal = _decider(stage, PostKind.PRINCIPAL, department, at)
    review = reviewing.review_of(_plan(number), term)
    if review is not None:
        reviewing.conclude(principal, review, "年中检查合格；请按计划完成年底任务。", at)
